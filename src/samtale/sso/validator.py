"""The rules of issuing, on the hooks of oauthlib and of allauth's OpenID Provider."""

from datetime import timedelta
from typing import Any

from allauth.core import context
from allauth.idp.oidc import app_settings
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.models import Token
from django.utils import timezone
from oauthlib.common import Request

from samtale.audit.log import record
from samtale.identity.access import refusal
from samtale.identity.addresses import client_address
from samtale.identity.models import Person
from samtale.sso import access, actions, claims, signed
from samtale.sso.models import Service, Session


def signed_in() -> Person | None:
    """The person in this browser, while they may be in."""
    user = getattr(context.request, "user", None)
    return user if isinstance(user, Person) and refusal(user) is None else None


class ServiceValidator(OAuthLibRequestValidator):  # type: ignore[misc]
    """Made for one request; remembers the code or refresh token that the request presents.

    Codes are rows like the tokens, held locked while they are exchanged: of several exchanges of one code, in
    whatever processes, one wins.
    """

    def __init__(self) -> None:
        super().__init__()
        self._presented: Token | None = None
        self._session: Session | None = None

    # Who asks

    def _lookup_client(self, request: Request, client_id: Any) -> Service | None:
        known = get_validator_context().clients
        if client_id not in known:
            known[client_id] = access.find(client_id)
        found: Service | None = known[client_id]
        return found

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Exactly one of those named (RFC 9700, section 2.1); allauth would take more parameters in it."""
        return redirect_uri in request.client.get_redirect_uris()

    # Whether the person must be asked

    def validate_silent_login(self, request: Request) -> bool:
        return signed_in() is not None

    def validate_silent_authorization(self, request: Request) -> bool:
        person = signed_in()
        return person is not None and access.agreed(request.client, person, request.scopes)

    def validate_user_match(
        self, id_token_hint: str | None, scopes: list[str], _claims: Any, request: Request
    ) -> bool:
        """Whether the hint means whoever is signed in; with nobody, that is seen after the sign-in."""
        person = signed_in()
        if not id_token_hint or person is None:
            return True
        hint = signed.read_hint(id_token_hint, request.client.pk)
        return hint is not None and hint.get("sub") == claims.sub(person)

    # The code

    def save_authorization_code(
        self, client_id: str, code: dict[str, str], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        lifetime = timedelta(seconds=app_settings.AUTHORIZATION_CODE_EXPIRES_IN)
        row = Token(
            type=Token.Type.AUTHORIZATION_CODE,
            client_id=request.client.pk,
            user_id=request.user.pk,
            expires_at=timezone.now() + lifetime,
            data={
                "sid": request.session.sid,
                "redirect_uri": request.redirect_uri,
                "nonce": request.nonce,
                "challenge": request.code_challenge,
            },
        )
        row.set_value(code["code"])
        row.set_scopes(request.scopes)
        row.save()

    def validate_code(
        self, client_id: str, code: str, client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        found = self._locked(Token.Type.AUTHORIZATION_CODE, code, client)
        if found is None:
            return False
        if "used" in found.data:
            session = Session.objects.filter(sid=found.data["sid"]).select_related("person").first()
            if session is not None:
                actions.revoke_tokens(session, reason="code_replayed")
            return False
        if not self._admit(found, client, request):
            return False
        request.scopes = found.get_scopes()
        return True

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Service,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        return bool(redirect_uri == self._data["redirect_uri"])

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        found: str | None = self._data["challenge"]
        return found

    def get_code_challenge_method(self, code: str, request: Request) -> str | None:
        return "S256"

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        found: str | None = self._data["nonce"]
        return found

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """It stays until it runs out, so that a second exchange is seen for what it is."""
        assert self._presented is not None  # noqa: S101
        self._presented.data["used"] = True
        self._presented.save(update_fields=["data"])

    # Tokens

    def validate_refresh_token(
        self, refresh_token: str, client: Service, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        found = self._locked(Token.Type.REFRESH_TOKEN, refresh_token, client)
        if found is not None:
            return self._admit(found, client, request)
        spent = get_adapter().hash_token(refresh_token)
        for session in actions.living().filter(service=client, spent_refresh_token=spent):
            # Two parties hold the token, and nobody knows which is the service (RFC 9700, section 4.14).
            actions.revoke_tokens(session, reason="token_replayed")
        return False

    def get_original_scopes(
        self, refresh_token: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        assert self._presented is not None  # noqa: S101
        found: list[str] = self._presented.get_scopes()
        return found

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        """Store hashes. No token outlives the portal session; those of before end."""
        presented, session = self._presented, self._session
        assert presented is not None  # noqa: S101
        assert session is not None  # noqa: S101
        actions.tokens_of(session).filter(type=Token.Type.ACCESS_TOKEN).delete()
        actions.tokens_of(session).filter(type=Token.Type.REFRESH_TOKEN).delete()
        if presented.type == Token.Type.REFRESH_TOKEN:
            session.spent_refresh_token = presented.hash
            session.save(update_fields=["spent_refresh_token"])
        lives = timezone.now() + timedelta(seconds=token["expires_in"])
        kinds = (
            (Token.Type.ACCESS_TOKEN, token["access_token"], min(lives, session.runs_out_at), request.scopes),
            # A refresh token keeps all it was given, whatever is asked for with it (RFC 6749, section 6).
            (Token.Type.REFRESH_TOKEN, token["refresh_token"], session.runs_out_at, presented.get_scopes()),
        )
        for kind, value, until, scopes in kinds:
            row = Token(
                type=kind,
                client_id=request.client.pk,
                user_id=session.person_id,
                expires_at=until,
                data={"sid": session.sid},
            )
            row.set_value(value)
            row.set_scopes(scopes)
            row.save()
        actions.start(session, address=client_address(context.request))

    def finalize_id_token(
        self, id_token: dict[str, Any], token: dict[str, Any], token_handler: Any, request: Request
    ) -> str:
        assert self._session is not None  # noqa: S101
        id_token["sid"] = self._session.sid
        id_token["auth_time"] = int(self._session.authenticated_at.timestamp())
        signed_token: str = super().finalize_id_token(id_token, token, token_handler, request)
        return signed_token

    def validate_bearer_token(self, token: str, scopes: list[str], request: Request) -> bool:
        if not super().validate_bearer_token(token, scopes, request):
            return False
        found = get_validator_context().access_token
        service = access.find(found.client_id)
        return (
            service is not None
            and access.admits(service, request.user)
            and actions.living().filter(sid=found.data["sid"], runs_out_at__gt=timezone.now()).exists()
        )

    def revoke_token(
        self, token: str, token_type_hint: str | None, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """A client takes back only its own; with a refresh token all (RFC 7009, section 2.1)."""
        found = (
            Token.objects.by_value(token)
            .filter(client_id=request.client.pk)
            .exclude(type=Token.Type.AUTHORIZATION_CODE)
            .first()
        )
        if found is None:
            return
        if found.type == Token.Type.ACCESS_TOKEN:
            found.delete()
            return
        for session in Session.objects.filter(sid=found.data["sid"]):
            actions.tokens_of(session).delete()

    # Inside

    @property
    def _data(self) -> dict[str, Any]:
        assert self._presented is not None  # noqa: S101
        data: dict[str, Any] = self._presented.data
        return data

    def _locked(self, kind: str, value: str, client: Service) -> Token | None:
        """The client's own code or token, until the transaction ends."""
        found: Token | None = (
            Token.objects.select_for_update()
            .valid()
            .by_value(value)
            .filter(type=kind, client_id=client.pk)
            .first()
        )
        return found

    def _admit(self, presented: Token, client: Service, request: Request) -> bool:
        """Whether its person may still be signed in there.

        The session is locked before the person is read: whoever locks a person ends the session too, and does
        so before us, or waits and then finds the tokens that we made.
        """
        session = (
            Session.objects.select_for_update(of=("self",))
            .filter(sid=presented.data["sid"], ended_at=None, runs_out_at__gt=timezone.now())
            .first()
        )
        if session is None:
            return False
        person = Person.objects.select_related("organisation").get(pk=session.person_id)
        if not access.admits(client, person):
            record("sso.refused", on=person, subject=client.pk, address=client_address(context.request))
            return False
        session.person = person
        request.user = person
        self._presented, self._session = presented, session
        return True
