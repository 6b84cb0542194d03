"""How long a sign-in in the browser lasts, and how it ends."""

import time
from datetime import UTC, datetime, timedelta
from importlib import import_module

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from samtale.identity.models import Person
from samtale.identity.signals import sessions_ended


def limit(request: HttpRequest) -> None:
    """Let the session that begins now end at a fixed time, however much it is used."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def end_all(person: Person, *, but: str | None = None) -> int:
    """End the person's sessions in every browser.

    Args:
        but: session key of the one that stays.

    Returns:
        How many were ended.
    """
    known = UserSession.objects.filter(user_id=person.pk).exclude(session_key=but)
    return _end(list(known.values_list("session_key", flat=True)))


def end(key: str) -> None:
    """End one session by its key, as if signed out there. Nothing happens when there is none."""
    if key:
        _end([key])


def _end(keys: list[str]) -> int:
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if keys:
        sessions_ended.send(sender=Session, keys=keys)
    return ended


def key_sent(request: HttpRequest) -> str:
    """The key that the browser came with; a sign-in or a new password gives its session another one."""
    return str(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))


def vouched_by(key: str) -> str:
    """The slug of the authority on whose word a session began; empty when there was none."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    records = store.get(AUTHENTICATION_METHODS_SESSION_KEY, ())
    return str(records[0].get("provider", "")) if records else ""


def signed_in_at(request: HttpRequest) -> datetime | None:
    """When the person last showed who they are in this browser, by sign-in or again."""
    user = request.user
    records = get_authentication_records(request, user if isinstance(user, Person) else None)
    return datetime.fromtimestamp(records[-1]["at"], tz=UTC) if records else None


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the person showed who they are within the last 10 minutes, by sign-in or again."""
    at = signed_in_at(request)
    return at is not None and time.time() - at.timestamp() < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
