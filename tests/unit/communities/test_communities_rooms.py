"""Rooms are made once, also when the process dies in between, and closed ones are not found by their name."""

import json
from typing import Any
from urllib.parse import unquote

import httpx
import people
import pytest

from samtale.communities import access, actions, matrix, memberships, reconcile
from samtale.communities.models import Channel, ChannelMembership, Membership, Moderation
from samtale.homeserver.sender import Sender

pytestmark = pytest.mark.django_db


class Rooms:
    """Makes rooms and knows their aliases, as Synapse does."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        #: The event of the one person that is asked about.
        self.member: dict[str, Any] | None = None
        self.asked_about_member = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = unquote(request.url.path)
        if path.endswith("/createRoom"):
            return self._make(json.loads(request.content)["room_alias_name"])
        if "/directory/room/#" in path:
            alias = path.rpartition("#")[2].partition(":")[0]
            return httpx.Response(200, json={"room_id": self.aliases[alias]})
        if "/state/m.room.member/" in path and self.member is not None:
            assert request.url.params["format"] == "event"
            self.asked_about_member += 1
            return httpx.Response(200, json=self.member)
        return httpx.Response(404, json={"errcode": "M_UNRECOGNIZED", "error": path})

    def _make(self, alias: str) -> httpx.Response:
        if alias in self.aliases:
            return httpx.Response(400, json={"errcode": "M_ROOM_IN_USE", "error": "taken"})
        self.aliases[alias] = f"!room{len(self.aliases)}"
        return httpx.Response(200, json={"room_id": self.aliases[alias]})


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    rooms = Rooms()
    sender = Sender("http://synapse", "as", transport=httpx.MockTransport(rooms))
    monkeypatch.setattr(matrix, "samtale", lambda: sender)
    return rooms


def channel(slug: str, kind: str, **more: Any) -> Channel:
    community = people.os2display()
    community.space_id = "!space"
    return Channel.objects.create(community=community, slug=slug, name=slug, kind=kind, order=0, **more)


@pytest.mark.parametrize("kind", ["open", "closed", "announcement"])
def test_a_room_that_was_made_and_not_noted_is_found_again(rooms: Rooms, kind: str) -> None:
    wanted = channel("gruppe", kind)
    staff = reconcile.staff_of(wanted.community)
    first = reconcile.make_room(wanted, staff)
    Channel.objects.update(room_id=None)
    wanted.room_id = None
    assert reconcile.make_room(wanted, staff) == first
    assert len(rooms.aliases) == 1


def test_a_closed_channel_is_not_found_by_its_name(rooms: Rooms) -> None:
    wanted = channel("koordination", "closed")
    reconcile.make_room(wanted, reconcile.staff_of(wanted.community))
    (alias,) = rooms.aliases
    assert "os2display" not in alias
    assert "koordination" not in alias
    assert len(alias) == 64


@pytest.mark.parametrize(
    ("membership", "sender", "out"),
    [
        ("leave", "@moderator:localhost", True),
        ("ban", "@moderator:localhost", True),
        ("leave", "the person", False),
        ("leave", "@samtale:localhost", False),
        ("join", "the person", False),
        ("invite", "@moderator:localhost", False),
        (None, "", False),
    ],
)
def test_who_was_put_out(rooms: Rooms, membership: str | None, sender: str, out: bool) -> None:
    anna = people.anna()
    sender = matrix.user_id(anna) if sender == "the person" else sender
    rooms.member = {"content": {"membership": membership}, "sender": sender} if membership else None
    assert memberships.in_room(anna, "!room").put_out is out


@pytest.mark.parametrize("who", ["anna", "dorthe"])
def test_who_was_put_out_of_a_closed_channel_does_not_let_themselves_in(rooms: Rooms, who: str) -> None:
    person = getattr(people, who)()
    wanted = channel("koordination", "closed", room_id="!room")
    ChannelMembership.objects.create(person=person, channel=wanted)
    rooms.member = {"content": {"membership": "leave"}, "sender": "@moderator:localhost"}
    with pytest.raises(access.Forbidden):
        actions.open_channel(person, wanted)


def test_who_is_in_a_channel_opens_it_with_one_question(rooms: Rooms) -> None:
    anna = people.anna()
    wanted = channel("koordination", "closed", room_id="!room")
    Membership.objects.create(person=anna, community=wanted.community)
    ChannelMembership.objects.create(person=anna, channel=wanted)
    rooms.member = {"content": {"membership": "join"}, "sender": matrix.user_id(anna)}
    assert actions.open_channel(anna, wanted) == "!room"
    assert rooms.asked_about_member == 1


@pytest.mark.parametrize("room", ["!room", "!space"])
def test_whoever_began_before_a_change_does_not_have_the_last_word(
    monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    """Bo is made a moderator while this one is on its way with the old list."""
    wanted = channel("nyheder", "announcement", room_id="!room").community
    wanted.save()
    bo = people.person("Bo Holm", "bo.holm@aarhus.dk", "Aarhus Kommune")
    there: dict[str, Any] = {}

    def agree(room_id: str, state: Any) -> int:
        if not Moderation.objects.filter(person=bo).exists():
            Moderation.objects.create(person=bo, community=wanted)
        there[room_id] = state["m.room.power_levels", ""]["users"]
        return 1

    monkeypatch.setattr(reconcile, "_agree", agree)
    reconcile.community(wanted)
    assert matrix.user_id(bo) in there[room]


def test_nothing_is_made_for_an_archived_community(rooms: Rooms) -> None:
    community = people.os2display()
    community.archived = True
    Channel.objects.create(community=community, slug="generelt", name="G", kind="open", default=True)
    Membership.objects.create(person=people.anna(), community=community)
    assert reconcile.community(community) == 0
    actions.settle(people.anna(), community)
    assert rooms.aliases == {}
    assert community.space_id is None


def test_nobody_is_let_into_an_archived_community(rooms: Rooms) -> None:
    wanted = channel("koordination", "closed", room_id="!room")
    wanted.community.archived = True
    with pytest.raises(access.Forbidden):
        actions.add_channel_member(wanted, people.anna(), by=people.bo())
    assert not ChannelMembership.objects.exists()


def test_a_guest_has_no_power_in_rooms(rooms: Rooms) -> None:
    bo, community = people.bo(), people.os2display()
    assert reconcile.staff_of(community).moderators == {matrix.user_id(bo)}
    bo.role = "guest"
    bo.save()
    assert reconcile.staff_of(community).moderators == frozenset()
