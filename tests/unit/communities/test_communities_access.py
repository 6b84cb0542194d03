"""Who may know of what, and who may be in it: each condition on its own."""

import people
import pytest

from samtale.communities import access
from samtale.communities.access import Forbidden, NotFound, channel_for, communities_for, community_for
from samtale.communities.models import Channel, ChannelMembership, Community, Membership
from samtale.identity.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def channels() -> dict[str, Channel]:
    community = people.os2display()
    made = {}
    for order, (slug, kind) in enumerate(
        [("nyheder", "announcement"), ("generelt", "open"), ("koordination", "closed")]
    ):
        made[slug] = Channel.objects.create(
            community=community, slug=slug, name=slug, kind=kind, order=order, default=kind != "closed"
        )
    return made


def names(person: object) -> list[str]:
    return [
        f"{view.community.slug}/{channel.channel.slug}"
        for view in communities_for(person)  # type: ignore[arg-type]
        for channel in view.channels
    ]


def test_a_member_knows_open_channels_of_communities_they_are_not_in() -> None:
    assert names(people.anna()) == ["os2display/nyheder", "os2display/generelt"]
    assert channel_for(people.anna(), "os2display/generelt", to_join=True).slug == "generelt"


@pytest.mark.parametrize(
    "path", ["os2display/koordination", "os2display/nix", "nix/generelt", "os2display", ""]
)
def test_what_one_may_not_know_of_is_as_if_it_were_not_there(path: str) -> None:
    with pytest.raises(NotFound):
        channel_for(people.anna(), path)


def test_a_member_of_a_closed_channel_knows_it(channels: dict[str, Channel]) -> None:
    ChannelMembership.objects.create(person=people.anna(), channel=channels["koordination"])
    assert "os2display/koordination" in names(people.anna())
    assert channel_for(people.anna(), "os2display/koordination", to_join=True)


def test_who_moderates_knows_its_closed_channels() -> None:
    for person in (people.bo(), people.freja()):
        assert channel_for(person, "os2display/koordination", to_moderate=True)
        assert "os2display/koordination" in names(person)


def test_a_member_does_not_moderate() -> None:
    with pytest.raises(Forbidden):
        channel_for(people.anna(), "os2display/generelt", to_moderate=True)
    with pytest.raises(Forbidden):
        community_for(people.anna(), "os2display", to_moderate=True)


def test_bo_moderates_only_his_product() -> None:
    other = Community.objects.create(slug="os2mo", name="OS2mo", hue="hav")
    assert not access.moderates(people.bo(), other)
    assert access.moderates(people.freja(), other)


def test_a_guest_knows_only_what_they_are_invited_to(channels: dict[str, Channel]) -> None:
    dorthe = people.dorthe()
    assert communities_for(dorthe) == ()
    with pytest.raises(NotFound):
        community_for(dorthe, "os2display")
    ChannelMembership.objects.create(person=dorthe, channel=channels["generelt"])
    assert names(dorthe) == ["os2display/generelt"]
    assert channel_for(dorthe, "os2display/generelt", to_join=True)
    with pytest.raises(NotFound):
        channel_for(dorthe, "os2display/nyheder")
    with pytest.raises(Forbidden):
        community_for(dorthe, "os2display", to_join=True)
    [view] = communities_for(dorthe)
    assert (view.joined, view.moderator) == (True, False)


def test_an_archived_channel_is_seen_and_not_joined(channels: dict[str, Channel]) -> None:
    Channel.objects.filter(slug="generelt").update(archived=True)
    [view] = communities_for(people.anna())
    assert [c.may_join for c in view.channels] == [True, False]
    with pytest.raises(Forbidden):
        channel_for(people.anna(), "os2display/generelt", to_join=True)
    assert channel_for(people.anna(), "os2display/generelt")


def test_an_archived_community_is_there_for_its_members_alone() -> None:
    Membership.objects.create(person=people.bo(), community=people.os2display())
    Community.objects.update(archived=True)
    assert communities_for(people.anna()) == ()
    with pytest.raises(NotFound):
        community_for(people.anna(), "os2display")
    assert community_for(people.bo(), "os2display")
    with pytest.raises(Forbidden):
        community_for(people.bo(), "os2display", to_join=True)
    [view] = communities_for(people.bo())
    assert not any(channel.may_join for channel in view.channels)
    assert channel_for(people.bo(), "os2display/generelt")
    with pytest.raises(Forbidden):
        channel_for(people.bo(), "os2display/generelt", to_join=True)


def test_whose_organisation_has_not_joined_gets_at_nothing() -> None:
    for look in (
        lambda: communities_for(people.egon()),
        lambda: community_for(people.egon(), "os2display"),
        lambda: channel_for(people.egon(), "os2display/generelt"),
    ):
        with pytest.raises(Forbidden):
            look()


def test_a_paused_organisation_takes_its_people_out() -> None:
    anna = people.anna()
    Organisation.objects.update(state="paused")
    anna.refresh_from_db()
    with pytest.raises(Forbidden):
        communities_for(anna)


def test_the_list_takes_a_fixed_number_of_queries(django_assert_num_queries: object) -> None:
    for number in range(5):
        community = Community.objects.create(slug=f"c{number}", name="C", hue="hav")
        Channel.objects.create(community=community, slug="a", name="A", kind="open")
    anna = people.anna()
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert len(communities_for(anna)) == 6
