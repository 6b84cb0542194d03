"""What somebody can choose to follow on their first visit."""

from dataclasses import dataclass

from django.db.models import Count

from samtale.communities import access, mark, rules
from samtale.communities.models import Community, Membership
from samtale.identity import names, people
from samtale.identity.models import Person


@dataclass(frozen=True)
class Product:
    """One to choose.

    Attributes:
        channels: how many of them the person may be in.
        people: how many follow it now.
        due: whoever is of the person's kind of organisation is in it, by rule.
        joined: the person is in it already.
    """

    community: Community
    channels: int
    people: int
    due: bool
    joined: bool

    @property
    def fixed(self) -> bool:
        return self.due or self.joined

    @property
    def name_parts(self) -> tuple[str, str]:
        return mark.name_parts(self.community.name)

    @property
    def letters(self) -> str:
        return mark.letters(self.community.name)


def offered_to(person: Person, wanted: frozenset[str] = frozenset()) -> list[Product]:
    """All that the person may join or is in; none for a guest. A fixed number of queries.

    What is fixed stands first, then ``wanted`` (slugs), then the rest; in Danish order.
    """
    if person.is_guest:
        return []
    due = {community.pk for community in rules.default_communities(person)}
    followers = _followers()
    offered = [
        Product(
            community=view.community,
            channels=sum(channel.may_join for channel in view.channels),
            people=followers.get(view.community.pk, 0),
            due=view.community.pk in due,
            joined=view.joined,
        )
        for view in access.communities_for(person)
        if not view.community.archived
    ]
    return sorted(
        offered,
        key=lambda one: (
            not one.fixed,
            one.community.slug not in wanted,
            names.sort_key(one.community.name),
        ),
    )


def _followers() -> dict[int, int]:
    """By community: how many are in it and may take part."""
    following = Membership.objects.filter(left_at=None, person__in=people.reachable())
    return dict(following.values_list("community").annotate(Count("pk")))
