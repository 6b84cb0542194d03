"""Requests of ours that wait for an answer: each is used once, in the browser that it was made in."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from samtale.oidc import conf
from samtale.oidc.models import PendingSignIn
from samtale.oiosaml.refusal import Refused

STEP = "request"
#: A person may have to find a phone, or a card reader, at the provider.
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Ticket:
    """``state``, ``nonce`` and PKCE's ``challenge`` go through the provider, ``browser`` into a cookie."""

    state: str
    nonce: str
    browser: str
    challenge: str


def new(*, provider: str, forced: bool, onward: str) -> Ticket:
    """Remember that an answer is waited for."""
    state, browser, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    PendingSignIn.objects.create(
        state=_hash(state),
        provider=provider,
        nonce=_hash(browser),
        verifier=verifier,
        forced=forced,
        onward=onward,
    )
    return Ticket(state, _hash(browser), browser, _challenge(verifier))


def take(request: HttpRequest, provider: str, state: str) -> PendingSignIn:
    """The sign-in that is answered now; it cannot be again. Raises :class:`Refused`.

    An answer in another browser leaves it where it is, for its own.
    """
    held = PendingSignIn.objects.filter(state=_hash(state)).first()
    if held is None:
        raise Refused(STEP, "no request waits for this answer")
    if held.provider != provider:
        raise Refused(STEP, "the request went to another provider")
    if not hmac.compare_digest(_hash(request.COOKIES.get(_cookie(state), "")), held.nonce):
        raise Refused(STEP, "the answer comes from another browser than the request")
    # The database decides which of two that come at once is the first.
    if not PendingSignIn.objects.filter(state=held.state).delete()[0]:
        raise Refused(STEP, "the request was answered before")
    if held.at < timezone.now() - LIFETIME:
        raise Refused(STEP, "the request is too old")
    return held


def bind(response: HttpResponse, ticket: Ticket) -> None:
    """The cookie. The answer is a link that is followed from another site, so Lax is enough."""
    _set(response, ticket.state, ticket.browser, max_age=int(LIFETIME.total_seconds()))


def unbind(response: HttpResponse, state: str) -> None:
    _set(response, state, "", max_age=0)


def forget_old(now: datetime) -> int:
    """Requests that nobody will answer. Returns how many."""
    return PendingSignIn.objects.filter(at__lt=now - LIFETIME).delete()[0]


def _set(response: HttpResponse, state: str, value: str, *, max_age: int) -> None:
    response.set_cookie(
        _cookie(state), value, max_age=max_age, path="/", secure=_https(), httponly=True, samesite="Lax"
    )


def _cookie(state: str) -> str:
    """One for each request, so that two tabs do not disturb each other.

    With HTTPS nobody but this host can have set it (RFC 6265bis, section 4.1.3.2).
    """
    return f"{'__Host-' if _https() else ''}oidc-{_hash(state)[:16]}"


def _https() -> bool:
    return conf.current().base_url.startswith("https://")


def _challenge(verifier: str) -> str:
    """S256 (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
