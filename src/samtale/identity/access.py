"""Who may come in, and who may see whom."""

from typing import Literal

from django.utils import timezone

from samtale.identity.models import Person

Refusal = Literal["organisation", "locked", "expired"]


def refusal(person: Person) -> Refusal | None:
    """Why a person may not sign in or stay signed in; None when they may.

    - ``locked``: a person decided it (`actions.lock_person`).
    - ``expired``: a guest's time has run out.
    - ``organisation``: the organisation has not joined (or paused). A guest may have none; nobody else.
    """
    if person.locked_at is not None or not person.is_active:
        return "locked"
    if person.expires_at is not None and person.expires_at <= timezone.now():
        return "expired"
    if person.organisation is None:
        return None if person.is_guest else "organisation"
    return None if person.organisation.takes_part else "organisation"


def may_manage(by: Person, on: Person) -> bool:
    """Whether ``by`` may lock, unlock, rename or give a role to ``on``.

    Administrators may, save to an owner: an owner cannot be removed by an administrator. Nobody to
    themselves: one does not lock oneself out or make oneself more than one is.
    """
    if by.pk == on.pk or not by.is_administrator:
        return False
    return on.role != Person.Role.OWNER or by.role == Person.Role.OWNER
