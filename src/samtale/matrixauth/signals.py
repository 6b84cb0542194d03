"""What follows for Matrix from a change of a person."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver
from django.http import HttpRequest

from samtale.identity.models import Person
from samtale.identity.sessions import key_sent
from samtale.identity.signals import person_changed, person_locked, person_rests, person_unlocked
from samtale.matrixauth import actions


@receiver(person_locked)
def end_devices(person: Person, **_: Any) -> None:
    actions.end_all_sessions(person)


@receiver(person_rests)
def end_devices_of_who_rests(person: Person, **_: Any) -> None:
    actions.end_all_sessions(person, reason="rests")


@receiver(person_changed)
def follow_name(person: Person, **_: Any) -> None:
    actions.follow_name(person)


@receiver(person_unlocked)
def welcome_back(person: Person, **_: Any) -> None:
    actions.welcome_back(person)


@receiver(password_reset)
def end_devices_after_reset(user: Person, **_: Any) -> None:
    """Whoever knew the old password may be signed in with an app."""
    actions.end_all_sessions(user, by=user, reason="password_reset")


@receiver([password_changed, password_set])
def end_other_devices(request: HttpRequest, user: Person, **_: Any) -> None:
    """The same, save that this browser stays. Its session has just been given a new key."""
    key = request.session.session_key or ""
    actions.follow_session_key(user, old=key_sent(request), new=key)
    actions.end_all_sessions(user, by=user, reason="password_changed", but_of=key)
