"""What follows for Matrix from a change of a person."""

from typing import Any

from django.dispatch import receiver

from samtale.identity.models import Person
from samtale.identity.signals import person_changed, person_locked, person_unlocked
from samtale.matrixauth import actions


@receiver(person_locked)
def end_devices(person: Person, **_: Any) -> None:
    actions.end_all_sessions(person)


@receiver(person_changed)
def follow_name(person: Person, **_: Any) -> None:
    actions.follow_name(person)


@receiver(person_unlocked)
def welcome_back(person: Person, **_: Any) -> None:
    actions.welcome_back(person)
