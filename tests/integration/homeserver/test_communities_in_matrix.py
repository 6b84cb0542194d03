"""What the portal decides of communities, in a real Synapse: from the database to what a person may do."""

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from secrets import token_hex
from threading import Barrier
from typing import Any

import people as cast
import pytest
from django.core.management import call_command
from django.db import connection
from lone_synapse import LoneSynapse, Person
from refused import assert_done, assert_refused

from samtale.communities import actions, matrix, memberships
from samtale.communities.models import Channel, ChannelMembership, Community, Membership
from samtale.homeserver.mas import ProvisionUser, UpsertDevice
from samtale.homeserver.module import SetStanding
from samtale.homeserver.rooms import CreateRoom, JoinedMembers, JoinedRooms, ResolveAlias
from samtale.homeserver.sender import Sender
from samtale.identity.actions import change_role
from samtale.identity.models import Person as Row

pytestmark = pytest.mark.django_db(transaction=True)

DEVICE = "TESTDEVICE01"


@pytest.fixture(autouse=True)
def portal(homeserver: LoneSynapse, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    """The unit tests' portal, with this Synapse behind it."""
    sender = homeserver.portal
    monkeypatch.setattr(matrix, "samtale", functools.cache(lambda: sender))
    return sender


def signed_in(homeserver: LoneSynapse, row: Row) -> Person:
    """The person in Synapse, as the portal makes them there."""
    user_id = matrix.user_id(row)
    homeserver.mas.send(ProvisionUser(row.localpart, row.name))
    homeserver.portal.send(SetStanding(homeserver.server_user, user_id, guest=row.is_guest))
    homeserver.mas.send(UpsertDevice(row.localpart, DEVICE))
    return Person(homeserver.base_url, user_id, homeserver.teller.issue(row.localpart, DEVICE))


def communities(*slugs: str) -> str:
    lines = ["communities:"]
    for slug in slugs:
        lines += [
            f"  - slug: {slug}",
            f"    name: {slug}",
            "    channels:",
            "      - {slug: generelt, name: Generelt, kind: open, default: true}",
            "      - {slug: support, name: Support, kind: open}",
        ]
    return "\n".join([*lines, "rules: []", ""])


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gives, when all begin at the same moment, each with a database connection of its own."""
    ready = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(one, work) for work in works]]


def test_an_archived_community_is_closed_in_matrix_until_it_is_brought_back(
    homeserver: LoneSynapse, tmp_path: Path
) -> None:
    gone, stays = f"gone-{token_hex(4)}", f"stays-{token_hex(4)}"
    both, one = tmp_path / "both.yaml", tmp_path / "one.yaml"
    both.write_text(communities(gone, stays))
    one.write_text(communities(stays))
    call_command("communities_apply", both)
    row = cast.anna()
    anna = signed_in(homeserver, row)
    for slug in (gone, stays):
        actions.join_community(row, Community.objects.get(slug=slug))
    general = Channel.objects.get(community__slug=gone, slug="generelt")
    assert general.room_id is not None
    assert_done(anna.say(general.room_id, "Hej"))

    call_command("communities_apply", one, archive=True)
    assert_refused(anna.say(general.room_id, "Hej"), "archived")
    assert len(anna.get(f"v3/rooms/{general.room_id}/messages?dir=b").json()["chunk"]) > 1
    other = Channel.objects.get(community__slug=stays, slug="generelt")
    assert other.room_id is not None
    assert_done(anna.say(other.room_id, "Hej"))

    call_command("communities_apply", both)
    assert_done(anna.say(general.room_id, "Hej igen"))


def test_a_community_that_was_archived_unseen_is_never_made(homeserver: LoneSynapse, tmp_path: Path) -> None:
    gone = Community.objects.create(slug=f"gone-{token_hex(4)}", name="Væk", hue="hav")
    Channel.objects.create(community=gone, slug="generelt", name="G", kind="open", default=True)
    file = tmp_path / "communities.yaml"
    file.write_text(communities(f"stays-{token_hex(4)}"))
    call_command("communities_apply", file, archive=True)
    assert homeserver.portal.send(ResolveAlias(f"#{gone.slug}:localhost")) is None
    assert homeserver.portal.send(ResolveAlias(f"#{gone.slug}.generelt:localhost")) is None


def test_two_who_open_a_channel_at_once_are_in_one_room(
    homeserver: LoneSynapse, portal: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    community = Community.objects.create(slug=f"to-{token_hex(4)}", name="To", hue="hav")
    channel = Channel.objects.create(community=community, slug="support", name="Support", kind="open")
    rows = [cast.anna(), cast.carla()]
    for row in rows:
        signed_in(homeserver, row)
        actions.join_community(row, community)
    made = []
    send = portal.send

    def counting(call: Any, **more: Any) -> Any:
        if isinstance(call, CreateRoom):
            made.append(call)
        return send(call, **more)

    monkeypatch.setattr(portal, "send", counting)

    def opening(row: Row) -> Callable[[], str]:
        fresh = Channel.objects.select_related("community").get(pk=channel.pk)
        return lambda: actions.open_channel(row, fresh)

    first, second = at_once(*map(opening, rows))
    assert first == second
    assert portal.send(JoinedMembers(first)) >= {matrix.user_id(row) for row in rows}
    assert len(made) == 1


def test_who_comes_back_while_they_are_taken_out_is_in(
    homeserver: LoneSynapse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They join again as the first of two channels has been left, and the second and the space have not."""
    community = Community.objects.create(slug=f"ind-{token_hex(4)}", name="Ind", hue="hav")
    for slug in ("a", "b"):
        Channel.objects.create(community=community, slug=slug, name=slug, kind="open", default=True)
    row = cast.anna()
    signed_in(homeserver, row)
    actions.join_community(row, community)
    back: list[Any] = []
    take_out_of_room = memberships.take_out_of_room

    def join() -> None:
        try:
            actions.join_community(row, community)
        finally:
            connection.close()

    def taking_out(person: Row, channel: Channel) -> None:
        take_out_of_room(person, channel)
        if not back:
            back.append(joining.submit(join))
            # Nothing holds back whoever is wrongly let in meanwhile; the other one waits for us.
            wait(back, timeout=2)

    monkeypatch.setattr(memberships, "take_out_of_room", taking_out)
    with ThreadPoolExecutor(1) as joining:
        actions.leave_community(row, community)
        back[0].result(timeout=30)
    community.refresh_from_db()
    rooms = {community.space_id, *community.channels.values_list("room_id", flat=True)}
    assert rooms <= matrix.as_person(row).send(JoinedRooms())


def test_a_member_who_becomes_a_guest_is_only_where_they_were_invited(homeserver: LoneSynapse) -> None:
    community = Community.objects.create(slug=f"gaest-{token_hex(4)}", name="Gæst", hue="hav")
    kinds = {"generelt": "open", "support": "open", "gruppe": "closed"}
    channels = {
        slug: Channel.objects.create(
            community=community, slug=slug, name=slug, kind=kind, default=slug == "generelt"
        )
        for slug, kind in kinds.items()
    }
    row = cast.anna()
    signed_in(homeserver, row)
    actions.join_community(row, community)
    actions.open_channel(row, channels["support"])
    actions.add_channel_member(channels["gruppe"], row, by=cast.freja())
    community.refresh_from_db()
    for channel in channels.values():
        channel.refresh_from_db()
    rooms = {community.space_id, *(channel.room_id for channel in channels.values())}
    assert rooms <= matrix.as_person(row).send(JoinedRooms())

    change_role(row, "guest", by=cast.freja())
    assert not Membership.objects.filter(person=row).exists()
    actions.settle(row, community)  # as the worker does
    assert rooms & matrix.as_person(row).send(JoinedRooms()) == {channels["gruppe"].room_id}
    assert ChannelMembership.objects.get(person=row).channel == channels["gruppe"]
