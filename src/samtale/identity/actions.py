"""Acts on people: each changes the row, writes the audit entry and tells the layers above, as one."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from samtale.audit.log import record
from samtale.audit.models import Entry
from samtale.identity import sessions
from samtale.identity.access import refusal
from samtale.identity.models import Organisation, Person
from samtale.identity.signals import person_changed, person_locked, person_rests, person_unlocked

#: Not confirmed for so long, by an authority or with one's own password.
REST_AFTER = timedelta(days=90)


@transaction.atomic
def lock_person(person: Person, *, by: Person | None, address: str | None = None, why: str = "") -> bool:
    """Sign the person out everywhere, and keep them out until somebody unlocks them.

    Returns:
        False when they were locked already.
    """
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.locked_at is not None:
        return False
    person.locked_at = held.locked_at = timezone.now()
    held.save(update_fields=["locked_at"])
    ended = sessions.end_all(held)
    record("person.locked", by=by, on=held, address=address, why=why, sessions=ended)
    person_locked.send(sender=Person, person=held)
    return True


@transaction.atomic
def unlock_person(person: Person, *, by: Person, address: str | None = None) -> bool:
    """Let a locked person sign in again. Returns False when they were not locked."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.locked_at is None:
        return False
    person.locked_at = held.locked_at = None
    held.save(update_fields=["locked_at"])
    record("person.unlocked", by=by, on=held, address=address)
    person_unlocked.send(sender=Person, person=held)
    return True


@transaction.atomic
def end_expired(now: datetime) -> list[Person]:
    """Sign out everywhere whoever's time has run out since this was last done.

    They stay out because of `access.refusal`, so that a longer time lets them in again without more ado.
    """
    told = Entry.objects.filter(act="person.expired", on=OuterRef("pk"), at__gte=OuterRef("expires_at"))
    people = list(
        Person.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(~Exists(told), expires_at__lte=now, locked_at=None)
        .select_related("organisation")
    )
    for person in people:
        record("person.expired", on=person, sessions=sessions.end_all(person))
        person_locked.send(sender=Person, person=person)
    return people


@transaction.atomic
def let_rest(now: datetime) -> list[Person]:
    """End the sessions of whoever was not confirmed for `REST_AFTER`; roles and memberships stay.

    Who leaves a job is told to nobody here, and just does not come back. Nothing else is asked for than to
    sign in again.
    """
    people = list(
        Person.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            Q(confirmed_at__lt=now - REST_AFTER) | Q(confirmed_at=None, last_login__lt=now - REST_AFTER),
            resting_at=None,
            locked_at=None,
        )
        .select_related("organisation")
    )
    for person in people:
        person.resting_at = now
        person.save(update_fields=["resting_at"])
        record("person.rests", on=person, sessions=sessions.end_all(person))
        person_rests.send(sender=Person, person=person)
    return people


@transaction.atomic
def rename_person(person: Person, name: str, *, by: Person | None, address: str | None = None) -> None:
    """Give the person a new name. Raises names.NameRefused."""
    before = person.name
    person.rename(name)
    if person.name == before:
        return
    person.save(update_fields=["name", "search_key", "sort_key"])
    record("person.renamed", by=by, on=person, address=address, before=before)
    person_changed.send(sender=Person, person=person)


@transaction.atomic
def change_role(person: Person, role: str, *, by: Person, address: str | None = None) -> None:
    """Make the person member, guest, administrator or owner. Whether ``by`` may: `access.may_manage`."""
    before = person.role
    if role == before:
        return
    person.role = Person.Role(role)
    person.save(update_fields=["role"])
    record("person.role", by=by, on=person, address=address, before=before, after=role)
    person_changed.send(sender=Person, person=person)


@transaction.atomic
def prolong(person: Person, until: datetime, *, by: Person, address: str | None = None) -> None:
    """Let a guest stay until a later day, or come back."""
    before, was_out = person.expires_at, refusal(person) is not None
    person.expires_at = until
    person.save(update_fields=["expires_at"])
    record(
        "person.prolonged",
        by=by,
        on=person,
        address=address,
        before=before.isoformat() if before else None,
        after=until.isoformat(),
    )
    lets_in = was_out and refusal(person) is None
    (person_unlocked if lets_in else person_changed).send(sender=Person, person=person)


@transaction.atomic
def choose_language(person: Person, language: str) -> None:
    """The person's own choice, so there is nothing to audit."""
    person.language = language
    person.save(update_fields=["language"])
    person_changed.send(sender=Person, person=person)


@transaction.atomic
def end_other_sessions(person: Person, *, current: str | None, address: str | None = None) -> int:
    """Sign the person out in every browser but this one. Returns how many sessions ended."""
    ended = sessions.end_all(person, but=current)
    if ended:
        record("sessions.ended", by=person, on=person, address=address, sessions=ended)
    return ended


@transaction.atomic
def change_state(
    organisation: Organisation, state: str, *, by: Person | None, address: str | None = None
) -> None:
    """Move an organisation to invited, pilot, joined or paused; its people are in or out from now on."""
    before = organisation.state
    if state == before:
        return
    organisation.state = Organisation.State(state)
    organisation.save(update_fields=["state"])
    record(
        "organisation.state", by=by, subject=organisation.name, address=address, before=before, after=state
    )
    for person in organisation.people.all():
        if refusal(person) is None:
            person_unlocked.send(sender=Person, person=person)
        else:
            sessions.end_all(person)
            person_locked.send(sender=Person, person=person)
