"""Requests of ours that wait for an answer: each is used once, in the browser that it was made in."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from samtale.oiosaml import conf
from samtale.oiosaml.models import PendingRequest
from samtale.oiosaml.refusal import Refused

STEP = "request"
#: A person may have to find a phone, or a card reader, at the provider.
LIFETIME = timedelta(minutes=10)
#: From the verified answer to the browser's next request.
ANSWER_LIFETIME = timedelta(minutes=2)


@dataclass(frozen=True)
class Ticket:
    """What the browser carries: ``relay_state`` through the provider, ``browser`` in a cookie."""

    relay_state: str
    browser: str


def new_sign_in(*, provider: str, message_id: str, onward: str) -> Ticket:
    """Remember that an answer is waited for."""
    ticket = Ticket(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    PendingRequest.objects.create(
        relay_state=_hash(ticket.relay_state),
        kind=PendingRequest.Kind.SIGN_IN,
        provider=provider,
        message_id=message_id,
        browser=_hash(ticket.browser),
        onward=onward,
    )
    return ticket


def new_logout(*, provider: str, message_id: str, subject: dict[str, str | None]) -> str:
    """Remember whom a logout is about. Returns the RelayState.

    It is bound to no browser: all that its answer does is to lead to a page that says goodbye.
    """
    relay_state = secrets.token_urlsafe(32)
    PendingRequest.objects.create(
        relay_state=_hash(relay_state),
        kind=PendingRequest.Kind.LOGOUT,
        provider=provider,
        message_id=message_id,
        content=subject,
    )
    return relay_state


def logout(relay_state: str) -> PendingRequest:
    """The logout that waits. Raises :class:`Refused`."""
    held = PendingRequest.objects.filter(
        relay_state=_hash(relay_state),
        kind=PendingRequest.Kind.LOGOUT,
        at__gt=timezone.now() - LIFETIME,
    ).first()
    if held is None:
        raise Refused(STEP, "no logout waits for this answer")
    return held


def bind(response: HttpResponse, ticket: Ticket) -> None:
    """The cookie. The answer is a POST from another site, so SameSite must be None and it must be Secure."""
    response.set_cookie(
        _cookie(ticket.relay_state),
        ticket.browser,
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="None",
    )


def unbind(response: HttpResponse, relay_state: str) -> None:
    response.set_cookie(
        _cookie(relay_state), "", max_age=0, path="/", secure=True, httponly=True, samesite="None"
    )


@transaction.atomic
def take(request: HttpRequest, relay_state: str) -> PendingRequest:
    """The sign-in that is answered now; it cannot be again. Raises :class:`Refused`."""
    held = _of_this_browser(request, relay_state)
    if held.content is not None or held.at < timezone.now() - LIFETIME:
        raise Refused(STEP, "the request was answered before, or is too old")
    held.delete()
    return held


def keep_answer(held: PendingRequest, relay_state: str, answer: dict[str, object]) -> None:
    """Let a verified answer wait for its browser."""
    PendingRequest.objects.create(
        relay_state=_hash(relay_state),
        kind=held.kind,
        provider=held.provider,
        message_id=held.message_id,
        browser=held.browser,
        onward=held.onward,
        content=answer,
    )


@transaction.atomic
def take_answer(request: HttpRequest, relay_state: str) -> PendingRequest:
    """The verified answer that waits for this browser, once. Raises :class:`Refused`."""
    held = _of_this_browser(request, relay_state)
    if held.content is None or held.at < timezone.now() - ANSWER_LIFETIME:
        raise Refused(STEP, "there is no answer, or it is too old")
    held.delete()
    return held


def _of_this_browser(request: HttpRequest, relay_state: str) -> PendingRequest:
    sign_ins = PendingRequest.objects.filter(kind=PendingRequest.Kind.SIGN_IN)
    held = sign_ins.select_for_update().filter(relay_state=_hash(relay_state)).first()
    if held is None:
        raise Refused(STEP, "no request waits for this answer")
    shown = request.COOKIES.get(_cookie(relay_state), "")
    if not hmac.compare_digest(_hash(shown), held.browser):
        raise Refused(STEP, "the answer comes from another browser than the request")
    return held


def _cookie(relay_state: str) -> str:
    """One for each request, so that two tabs do not disturb each other.

    With HTTPS nobody but this host can have set it (RFC 6265bis, section 4.1.3.2).
    """
    prefix = "__Host-" if conf.current().base_url.startswith("https://") else ""
    return f"{prefix}oiosaml-{_hash(relay_state)[:16]}"


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
