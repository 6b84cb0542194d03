"""An organisation or a person that nobody has heard of before."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from samtale.audit.log import record
from samtale.identity import names
from samtale.identity.models import Organisation, Person
from samtale.lifecycle.arrival import Arrival

LONGEST_ORGANISATION = 200
#: For somebody whose authority sends nothing that is a name.
NO_NAME = "Ukendt navn"


def organisation_of(arrival: Arrival) -> Organisation:
    """Whose CVR number it is. One that is not known is noted, marked to be confirmed, and not let in yet."""
    name = " ".join((arrival.organisation or "").split())[:LONGEST_ORGANISATION] or f"CVR {arrival.cvr}"
    organisation, made = Organisation.objects.get_or_create(
        cvr=arrival.cvr,
        # Its kind is not known, so no rule for a kind gives its people anything.
        defaults={"name": name, "short": name[:60], "kind": "", "to_confirm": True},
    )
    if made:
        record("organisation.met", subject=organisation.name, cvr=arrival.cvr, source=arrival.source)
    return organisation


@transaction.atomic
def make_person(arrival: Arrival, organisation: Organisation) -> Person:
    """A member. Their address is kept when nobody else has it."""
    person = Person.objects.create_person(
        email=free_address(arrival), name=name_of(arrival), organisation=organisation, role=Person.Role.MEMBER
    )
    record("person.arrived", on=person, subject=organisation.name, source=arrival.source)
    return person


def name_of(arrival: Arrival) -> str:
    """Their name without a mark at its end; where what was sent is none, what can be said instead."""
    try:
        return names.cleaned(names.without_mark(arrival.name)[: names.MAX_LENGTH])
    except names.NameRefused:
        return NO_NAME


def free_address(arrival: Arrival) -> str | None:
    """The address that was sent, when it is one and nobody has it."""
    address = valid_address(arrival)
    return None if address is None or Person.objects.with_email(address) else address


def valid_address(arrival: Arrival) -> str | None:
    """The address that was sent, when it is one."""
    address = (arrival.email or "").strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    return address if len(address) <= 254 else None
