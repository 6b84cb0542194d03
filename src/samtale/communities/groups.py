"""What other services are told of a person's communities."""

from samtale.communities.models import Community
from samtale.identity.models import Person


def groups_of(person: Person) -> list[str]:
    """The slugs of the communities they are in, and `moderator:SLUG` of those they moderate; sorted."""
    open_ones = Community.objects.filter(archived=False)
    member = open_ones.filter(memberships__person=person, memberships__left_at=None)
    moderates = open_ones.filter(moderations__person=person)
    return sorted(
        {*member.values_list("slug", flat=True)}
        | {f"moderator:{slug}" for slug in moderates.values_list("slug", flat=True)}
    )
