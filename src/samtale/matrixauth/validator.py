"""The rules of issuing, on oauthlib's and django-oauth-toolkit's public hooks."""

import logging
import re
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from samtale.homeserver.sender import HomeserverError
from samtale.identity import access
from samtale.matrixauth import actions, tokens
from samtale.matrixauth.issuer import WEB_CLIENT_ID
from samtale.matrixauth.models import AccessToken, Application, Grant, RefreshToken, Session, checksum
from samtale.matrixauth.scopes import ScopeRefused, parse
from samtale.matrixauth.tokens import Pair, Verdict

log = logging.getLogger(__name__)

#: What oauthlib makes codes of; anything else, a NUL among it, need not reach the database.
_CODE = re.compile(r"[A-Za-z0-9]{1,255}")
_CLIENT_ID = re.compile(r"[A-Za-z0-9._~-]{1,255}")

#: A code presented again this long after its exchange is no retry of an impatient client.
REPLAY_AFTER = timedelta(seconds=20)


class MatrixValidator(OAuth2Validator):  # type: ignore[misc]
    """What the Matrix specification asks of an authorization server beyond OAuth 2.0."""

    def validate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        return bool(_CLIENT_ID.fullmatch(client_id)) and bool(
            super().validate_client_id(client_id, request, *args, **kwargs)
        )

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """All clients are public: a secret, if one sends any, means nothing."""
        return False

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """A page comes back to exactly the address it registered; an app listens on any loopback port."""
        client: Application = request.client
        if client.application_type == Application.Type.NATIVE:
            return bool(client.redirect_uri_allowed(redirect_uri))
        return redirect_uri in client.redirect_uris.split()

    def authenticate_client_id(
        self, client_id: str | None, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return self.validate_client_id(client_id or "", request)

    def validate_scopes(
        self,
        client_id: str,
        scopes: list[str],
        client: Application,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        try:
            asked = parse(scopes)
        except ScopeRefused as refused:
            log.info("client %s: %s", client_id, refused)
            return False
        return not asked.portal_api or client.client_id == WEB_CLIENT_ID

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Only what a code needs: django-oauth-toolkit would also keep what OpenID Connect clients send."""
        Grant.objects.create(
            code=code["code"],
            application=request.client,
            user=request.user,
            expires=timezone.now() + timedelta(seconds=oauth2_settings.AUTHORIZATION_CODE_EXPIRE_SECONDS),
            redirect_uri=request.redirect_uri,
            scope=" ".join(request.scopes),
            code_challenge=request.code_challenge,
            code_challenge_method=request.code_challenge_method,
            portal_session_key=request.portal_session_key,
            browser=request.browser,
        )

    def validate_code(
        self, client_id: str, code: str, client: Application, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        if not _CODE.fullmatch(code):
            return False
        grant = (
            Grant.objects.filter(code=code, application=client)
            .select_related("user__organisation", "session__person", "session__application")
            .first()
        )
        if grant is None or grant.is_expired():
            return False
        if grant.claimed_at is not None:
            # RFC 6749, section 4.1.2: "deny the request and revoke all tokens previously issued".
            if grant.session is not None and timezone.now() - grant.claimed_at > REPLAY_AFTER:
                actions.end_session(grant.session, reason="code_replayed")
            return False
        request.user, request.scopes = grant.user, grant.scope.split()
        return access.refusal(grant.user) is None

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Nothing: the code was claimed before its tokens were stored, and stays until it expires."""

    def validate_refresh_token(
        self, refresh_token: str, client: Application, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        token = tokens.find(refresh_token, client)
        if token is None or token.session.ended_at is not None:
            return False
        session = token.session
        if access.refusal(session.person) is not None:
            return False
        if session.last_day < timezone.now():
            actions.end_session(session, reason="not_confirmed")
            return False
        verdict = tokens.judge(token)
        if verdict is Verdict.REPLAYED:
            actions.end_session(session, reason="token_replayed")
        if verdict not in (Verdict.GOOD, Verdict.FORGIVEN):
            return False
        request.user, request.refresh_token_instance = session.person, token
        return True

    def get_original_scopes(self, refresh_token: str, request: Request, *args: Any, **kwargs: Any) -> str:
        return str(request.refresh_token_instance.session.scope)

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """Open the device's session or go on with it, and store the pair.

        Raises:
            TemporarilyUnavailableError: Synapse does not answer; the code stays valid.
            InvalidGrantError: another exchange was faster, or the person was locked.
        """
        pair = Pair(token["access_token"], token["refresh_token"], int(token["expires_in"]))
        if request.grant_type == "refresh_token":
            self._go_on(request, pair)
            # The scope of a device never changes, whatever part of it a client repeats.
            token["scope"] = request.refresh_token_instance.session.scope
        else:
            self._begin(request, pair)

    def _begin(self, request: Request, pair: Pair) -> None:
        grant = Grant.objects.get(code=request.code, application=request.client)
        mine = Grant.objects.filter(pk=grant.pk, claimed_at=None)
        if not mine.update(claimed_at=timezone.now()):
            raise errors.InvalidGrantError(request=request)
        try:
            with transaction.atomic():
                session = actions.open_session(
                    request.user,
                    request.client,
                    device_id=parse(request.scopes).device_id,
                    scope=" ".join(request.scopes),
                    portal_session_key=grant.portal_session_key,
                    browser=grant.browser,
                )
                tokens.issue(session, pair)
                Grant.objects.filter(pk=grant.pk).update(session=session)
        except HomeserverError as error:
            log.warning("no token for person %s: %s", request.user.pk, error)
            Grant.objects.filter(pk=grant.pk).update(claimed_at=None)
            raise errors.TemporarilyUnavailableError(
                description="The homeserver does not answer; try again.", status_code=503, request=request
            ) from error
        except actions.MayNotSignIn as refused:
            raise errors.InvalidGrantError(request=request) from refused

    def _go_on(self, request: Request, pair: Pair) -> None:
        with transaction.atomic():
            # Two refreshes with the same token: the second is judged by what the first left behind.
            session = Session.objects.select_for_update().get(pk=request.refresh_token_instance.session_id)
            token = RefreshToken.objects.select_related("session", "successor").get(
                pk=request.refresh_token_instance.pk
            )
            if session.ended_at is None and tokens.judge(token) in (Verdict.GOOD, Verdict.FORGIVEN):
                tokens.rotate(token, pair)
                return
        raise errors.InvalidGrantError(request=request)

    def revoke_token(
        self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Revoking either token is signing out: clients send only one and expect both to be over."""
        for model in (AccessToken, RefreshToken):
            found = (
                model.objects.filter(token_checksum=checksum(token), application=request.client)
                .select_related("session__person", "session__application")
                .first()
            )
            if found is not None:
                actions.end_session(found.session, by=found.session.person, reason="revoked")
                return
