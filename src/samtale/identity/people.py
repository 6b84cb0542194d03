"""Finding people."""

from django.db.models import Q, QuerySet

from samtale.identity import names
from samtale.identity.models import Organisation, Person

MOST = 20
LONGEST_QUERY = 200


class DirectoryClosed(Exception):
    """The person may not search among people: guests answer whoever writes to them."""


def find_people(query: str, asked_by: Person) -> list[Person]:
    """People whose name, organisation or mail domain holds every word of the query, in Danish order.

    A word finds what begins with it: ``jensen aarhus`` finds the Jensens of Aarhus. When nobody is found,
    near spellings are tried (``akjær`` for Åkjær).

    Args:
        query: what was typed; an empty one finds nobody.
        asked_by: the person who asks; not among those found.

    Returns:
        At most 20, with their organisations.

    Raises:
        DirectoryClosed: a guest asks.
    """
    if asked_by.is_guest:
        raise DirectoryClosed
    query = query.strip()[:LONGEST_QUERY]
    within = reachable().exclude(pk=asked_by.pk)
    if "@" in query.strip("@"):
        return _first(within.filter(email__istartswith=query))
    return _first(_with_words(within, names.query_words(query))) or _first(
        _with_words(within, names.near_query_words(query))
    )


def reachable() -> QuerySet[Person]:
    """Everybody one can write to: not locked, of an organisation that takes part."""
    takes_part = Q(organisation__state__in=[Organisation.State.PILOT, Organisation.State.JOINED])
    return Person.objects.select_related("organisation").filter(
        takes_part | Q(organisation=None, role=Person.Role.GUEST), locked_at=None, is_active=True
    )


def _with_words(people: QuerySet[Person], words: list[list[str]]) -> QuerySet[Person]:
    if not words:
        return people.none()
    for spellings in words:
        any_of = Q()
        for spelling in spellings:
            any_of |= Q(search_key__contains=f" {spelling}")
            any_of |= Q(organisation__search_key__contains=f" {spelling}")
        people = people.filter(any_of)
    return people


def _first(people: QuerySet[Person]) -> list[Person]:
    return list(people.order_by("sort_key", "pk")[:MOST])
