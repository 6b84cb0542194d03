"""`/api/people`: found by what is typed, or named by their Matrix ids."""

from collections.abc import Iterable
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from samtale.communities import matrix
from samtale.homeserver.rooms import JoinedMembers, JoinedRooms
from samtale.identity.models import Person
from samtale.identity.people import DirectoryClosed, find_people
from samtale.portal.api import errors, shapes
from samtale.portal.api.endpoint import Caller, endpoint
from samtale.portal.api.rate import Rate

#: Ids in one request.
MOST = 100
#: Seconds for which it is remembered whom a guest shares a room with.
REMEMBER_COMPANY = 30


@endpoint("GET", Rate(240))
def people(request: HttpRequest, caller: Caller) -> shapes.People:
    """``?q=`` or ``?id=&id=…``, not both."""
    ids, query = request.GET.getlist("id"), request.GET.get("q")
    if (query is None) == (not ids):
        raise errors.bad_input("q", _("Angiv enten q eller id."))
    found = _named(ids, caller.person) if query is None else _found(query, caller.person)
    return shapes.People(_shapes(found))


def _found(query: str, asked_by: Person) -> list[Person]:
    try:
        return find_people(query, asked_by)
    except DirectoryClosed as closed:
        raise errors.FORBIDDEN from closed


def _named(ids: list[str], asked_by: Person) -> list[Person]:
    """Who is unknown, or not for the person to know, is left out. Locked people are not."""
    if len(ids) > MOST:
        raise errors.bad_input("id", _("Højst %(most)s ad gangen.") % {"most": MOST})
    if asked_by.is_guest:
        company = _company(asked_by)
        ids = [user_id for user_id in ids if user_id in company]
    ending = f":{settings.CONFIG.server_name}"
    localparts = {
        user_id.removeprefix("@").removesuffix(ending)
        for user_id in ids
        if user_id.startswith("@") and user_id.endswith(ending)
    }
    return list(
        Person.objects.select_related("organisation").filter(localpart__in=localparts).order_by("sort_key")
    )


def _company(guest: Person) -> set[str]:
    """Ids of everybody who is in a room with the guest, and the guest."""
    key = f"api-company:{guest.pk}"
    known: set[str] | None = cache.get(key)
    if known is None:
        as_guest = matrix.as_person(guest)
        known = {matrix.user_id(guest)}
        for room_id in as_guest.send(JoinedRooms()):
            members: frozenset[str] = as_guest.send(JoinedMembers(room_id))
            known |= members
        cache.set(key, known, REMEMBER_COMPANY)
    return known


def _shapes(people: Iterable[Person]) -> list[shapes.PersonShape]:
    people = list(people)
    moderates: dict[int, set[str]] = {}
    rows = Person.objects.filter(pk__in=[person.pk for person in people])
    for pk, slug in rows.values_list("pk", "moderations__community__slug"):
        if slug is not None:
            moderates.setdefault(pk, set()).add(slug)
    return [
        shapes.PersonShape(
            id=matrix.user_id(person),
            name=person.name,
            organisation=person.organisation.short if person.organisation else None,
            organisation_name=person.organisation.name if person.organisation else None,
            role=cast("shapes.Role", person.role),
            guest=person.is_guest,
            moderates=sorted(moderates.get(person.pk, ())),
        )
        for person in people
    ]
