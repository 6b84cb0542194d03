"""When a portal session ends, or its person may not be in any more, the services hear of it."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from samtale.identity.models import Person
from samtale.identity.sessions import key_sent
from samtale.identity.signals import person_changed, person_locked, sessions_ended
from samtale.sso import access, actions


@receiver(user_logged_out)
def on_signed_out(request: HttpRequest, **_: Any) -> None:
    key = request.session.session_key
    if key:
        actions.end(actions.living().filter(portal_session_key=key), reason="signed_out")


@receiver(user_logged_in)
def on_signed_in(request: HttpRequest, **_: Any) -> None:
    """Somebody else signs in where a person was: that session is gone, and nobody signed out of it."""
    old = key_sent(request)
    if old and old != request.session.session_key:
        actions.end(actions.living().filter(portal_session_key=old), reason="session_ended")


@receiver(sessions_ended)
def on_sessions_ended(keys: list[str], **_: Any) -> None:
    actions.end(actions.living().filter(portal_session_key__in=keys), reason="session_ended")


@receiver(person_locked)
def on_locked(person: Person, **_: Any) -> None:
    actions.end(actions.living().filter(person=person), reason="locked")


@receiver([password_changed, password_set, password_reset])
def on_new_password(user: Person, **_: Any) -> None:
    """Whoever knew the old one may be signed in to a service. Coming back costs the person one click."""
    actions.end(actions.living().filter(person=user), reason="password")


@receiver(person_changed)
def on_changed(person: Person, **_: Any) -> None:
    """Who became a guest, or moved to another organisation, may be in fewer services."""
    gone = [
        session
        for session in actions.living().filter(person=person)
        if (service := access.find(session.service_id)) is not None and not access.admits(service, person)
    ]
    actions.end(gone, reason="not_admitted")
