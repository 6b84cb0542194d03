"""What the worker does for communities."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from samtale.communities import actions, reconcile
from samtale.communities.models import Community
from samtale.identity.models import Person

RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name="communities.settle", retry=RETRY)
def settle(person_id: int, community_id: int) -> None:
    """Make Matrix agree with one person's membership of one community."""
    person = Person.objects.select_related("organisation").filter(pk=person_id).first()
    community = Community.objects.filter(pk=community_id).first()
    if person is not None and community is not None:
        actions.settle(person, community)


@app.task(name="communities.reconcile", retry=RETRY)
def reconcile_community(community_id: int) -> None:
    """Make Matrix agree with one community: names, channels, who has power."""
    community = Community.objects.filter(pk=community_id).first()
    if community is not None:
        reconcile.community(community)


@app.task(name="communities.agree_on_administrators", retry=RETRY)
def agree_on_administrators() -> None:
    """When Matrix has other administrators than the database, make all communities agree."""
    if reconcile.administrators_differ():
        for community in Community.objects.exclude(space_id=None):
            reconcile.community(community)
