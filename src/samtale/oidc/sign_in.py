"""A sign-in from the first redirect to the claims that can be believed: code flow with PKCE."""

import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

import httpx
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from samtale.oidc import conf, discovery, http, id_token, pending
from samtale.oidc.conf import ProviderSettings
from samtale.oidc.discovery import Provider
from samtale.oidc.models import PendingSignIn
from samtale.oiosaml.refusal import Refused

STEP = "answer"
#: What the provider calls it when the person gave up, or would have to be asked (Core 1.0, section 3.1.2.6).
BY_PERSON = frozenset({"access_denied"})
IN_SILENCE = frozenset(
    {"login_required", "interaction_required", "consent_required", "account_selection_required"}
)
_ERROR = re.compile(r"[a-z_]{1,40}")
logger = logging.getLogger(__name__)


class NotSignedIn(Exception):
    """The provider says that nobody was signed in; no attack.

    ``status``: by SAML's names, which the rest of the portal knows: NoPassive when the person would have to
    be asked, AuthnFailed when they gave up, Responder when something is wrong there.
    """

    def __init__(self, status: str, onward: str) -> None:
        super().__init__(status)
        self.status = status
        self.onward = onward


class NotNow(Exception):
    """The provider cannot be asked whose answer it is; the text is for the operator."""

    def __init__(self, problem: Exception, onward: str) -> None:
        super().__init__(str(problem))
        self.onward = onward


@dataclass(frozen=True)
class Answer:
    """``claims``: of the ID token, all of them. ``onward``: what was given to :func:`begin`."""

    claims: dict[str, Any]
    onward: str


def address_of(slug: str) -> str:
    """Where a provider sends the browser back to: its own address for each, so that none answers for another
    (RFC 9700, section 4.4.2.2)."""
    return urljoin(conf.current().base_url, reverse("oidc_return", args=[slug]))


def begin(slug: str, *, onward: str, force: bool = False, passive: bool = False) -> HttpResponseRedirect:
    """Send the browser to the provider.

    Args:
        onward: handed back with the answer; never sent to the provider.
        force: the person must sign in anew. passive: nobody is asked anything.

    Raises:
        http.Unreachable: the provider does not say where its pages are.
    """
    settings = conf.provider(slug)
    provider = discovery.provider(settings.issuer)
    ticket = pending.new(provider=slug, forced=force, onward=onward)
    query = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": address_of(slug),
        "scope": " ".join(("openid", *settings.scopes)),
        "state": ticket.state,
        "nonce": ticket.nonce,
        "code_challenge": ticket.challenge,
        "code_challenge_method": "S256",
    }
    if force:
        query |= {"prompt": "login", "max_age": "0"}
    elif passive:
        query |= {"prompt": "none"}
    leaving = HttpResponseRedirect(http.with_query(provider.authorization_endpoint, query))
    pending.bind(leaving, ticket)
    return leaving


def answered(request: HttpRequest, slug: str) -> Answer:
    """Verify an answer. Raises :class:`Refused`, :class:`NotSignedIn` and :class:`NotNow`."""
    settings = conf.provider(slug)
    held = pending.take(request, slug, _once(request, "state"))
    try:
        return Answer(_claims(request, settings, held), held.onward)
    except Refused as refused:
        refused.provider = slug
        refused.onward = held.onward
        raise
    except (http.Unreachable, conf.SecretProblem) as problem:
        raise NotNow(problem, held.onward) from problem


def _claims(request: HttpRequest, settings: ProviderSettings, held: PendingSignIn) -> dict[str, Any]:
    provider = discovery.provider(settings.issuer)
    _check_issuer(request, provider)
    if "error" in request.GET:
        raise NotSignedIn(_status(_once(request, "error"), held.provider), held.onward)
    token = _exchanged(_once(request, "code"), settings, provider, held)
    expected = id_token.Expected(
        client_id=settings.client_id,
        nonce=held.nonce,
        now=timezone.now(),
        signed_in_since=held.at if held.forced else None,
    )
    return id_token.read(token, provider, expected)


def _once(request: HttpRequest, name: str) -> str:
    """A parameter of the answer, which must not stand there twice (RFC 6749, section 3.1)."""
    values = request.GET.getlist(name)
    if len(values) != 1 or not values[0]:
        raise Refused(STEP, f"it must have {name}, once")
    return values[0]


def _check_issuer(request: HttpRequest, provider: Provider) -> None:
    """RFC 9207: an answer says whose it is, when the provider says that it does."""
    if "iss" not in request.GET and not provider.names_itself:
        return
    if _once(request, "iss") != provider.issuer:
        raise Refused(STEP, "it is from another issuer")


def _status(error: str, slug: str) -> str:
    if error in IN_SILENCE:
        return "NoPassive"
    if error in BY_PERSON:
        return "AuthnFailed"
    told = error if _ERROR.fullmatch(error) else "something that is no error code"
    logger.warning("the provider %s answers a sign-in with %s", slug, told)
    return "Responder"


def _exchanged(code: str, settings: ProviderSettings, provider: Provider, held: PendingSignIn) -> str:
    """The ID token for the code (Core 1.0, section 3.1.3)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": address_of(held.provider),
        "code_verifier": held.verifier,
    }
    auth = None
    if provider.basic:
        # Each part is encoded by itself (RFC 6749, section 2.3.1).
        auth = httpx.BasicAuth(quote(settings.client_id, safe=""), quote(settings.secret(), safe=""))
    else:
        form |= {"client_id": settings.client_id, "client_secret": settings.secret()}
    status, said = http.ask("POST", provider.token_endpoint, data=form, auth=auth)
    if status != httpx.codes.OK:
        error = said.get("error")
        known = error if isinstance(error, str) and _ERROR.fullmatch(error) else "no error code"
        raise Refused("code", f"the provider answered {status}, {known}")
    token = said.get("id_token")
    if not isinstance(token, str):
        raise Refused("code", "the provider sent no ID token")
    return token
