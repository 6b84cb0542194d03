"""What a person is, after what their sign-in says."""

from django.conf import settings

from samtale.audit.log import record
from samtale.communities import privileges, rules
from samtale.identity.models import Person
from samtale.identity.signals import person_changed
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.grants import PRODUCT


def is_missing_membership(arrival: Arrival) -> bool:
    """Whether the installation asks for the privilege »medlem« and it did not come along."""
    return bool(settings.CONFIG.fka.require_medlem) and not arrival.member


def follow(person: Person, arrival: Arrival) -> None:
    """Give and take what hangs on privileges; what a person decided here stays."""
    _follow_administrator(person, given=arrival.administrator)
    named = [(PRODUCT, slug) for slug in sorted(arrival.products)]
    privileges.follow(person, [] if person.is_guest else rules.moderated_by_privilege(named))


def _follow_administrator(person: Person, *, given: bool) -> None:
    if given and person.role == Person.Role.MEMBER:
        after = Person.Role.ADMINISTRATOR
    elif not given and person.administrator_by_privilege and person.role == Person.Role.ADMINISTRATOR:
        after = Person.Role.MEMBER
    else:
        return
    before = person.role
    person.role = after
    person.administrator_by_privilege = given
    person.save(update_fields=["role", "administrator_by_privilege"])
    record("person.role", on=person, before=before, after=after, privilege=True)
    person_changed.send(sender=Person, person=person)
