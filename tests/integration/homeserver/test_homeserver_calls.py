"""The client API calls that the portal makes, against Synapse."""

import pytest
from community import OS2display, heading, in_thread

from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.application_service import SENDER_LOCALPART, RegisterSender, WhoAmI
from samtale.homeserver.events import GetEvent, Messages, Redact, Relations, SendEvent, Threads
from samtale.homeserver.mas import SetDisplayname
from samtale.homeserver.media import UploadMedia
from samtale.homeserver.personal import GetAccountData, PutPushRule, SendReceipt, SetAccountData
from samtale.homeserver.recipe import ChannelRoom, channel_alias
from samtale.homeserver.rooms import (
    CreateRoom,
    DeleteAlias,
    GetState,
    Invite,
    Join,
    JoinedMembers,
    JoinedRooms,
    Kick,
    Leave,
    Members,
    ResolveAlias,
    SetAlias,
    SetState,
)
from samtale.homeserver.sender import HomeserverRefused

DAY = 24 * 3600 * 1000
LONG_AGO = 1_700_000_000_000


@pytest.fixture(scope="module")
def room_id(os2display: OS2display) -> str:
    return os2display.channel("kald")


def test_the_sender_is_samtale_and_is_made_once(os2display: OS2display) -> None:
    portal, samtale = os2display.homeserver.portal, os2display.homeserver.server_user
    assert portal.send(WhoAmI()) == samtale
    assert portal.send(RegisterSender()) is False
    os2display.homeserver.mas.send(SetDisplayname(SENDER_LOCALPART, "OS2samtale"))
    assert os2display.anna.get(f"v3/profile/{samtale}").json()["displayname"] == "OS2samtale"


def test_acting_as_a_person(os2display: OS2display) -> None:
    portal = os2display.homeserver.portal
    assert ActingAs(portal, os2display.anna.user_id).send(WhoAmI()) == os2display.anna.user_id
    with pytest.raises(HomeserverRefused) as refused:
        ActingAs(portal, "@ingen:localhost").send(WhoAmI())
    assert refused.value.status == 403


def test_a_message_keeps_its_time_and_is_sent_once(os2display: OS2display, room_id: str) -> None:
    as_anna = os2display.homeserver.acting_as(os2display.anna)
    said = {"msgtype": "m.text", "body": "Fra dengang"}
    event_id = as_anna.send(SendEvent(room_id, "m.room.message", said, "demo-1", ts=LONG_AGO))
    assert as_anna.send(SendEvent(room_id, "m.room.message", said, "demo-1", ts=LONG_AGO)) == event_id
    event = as_anna.send(GetEvent(room_id, event_id))
    assert event is not None
    assert (event["sender"], event["origin_server_ts"]) == (os2display.anna.user_id, LONG_AGO)
    assert as_anna.send(GetEvent(room_id, "$" + "a" * 43)) is None


def test_a_topic_with_its_time(os2display: OS2display, room_id: str) -> None:
    as_anna = os2display.homeserver.acting_as(os2display.anna)
    as_bo = os2display.homeserver.acting_as(os2display.bo)
    root = as_anna.send(SendEvent(room_id, "m.room.message", heading("Demo"), "demo-2", ts=LONG_AGO))
    first = {"msgtype": "m.text", "body": "Først", **in_thread(root)}
    answer = {"msgtype": "m.text", "body": "Svar", **in_thread(root)}
    as_anna.send(SendEvent(room_id, "m.room.message", first, "demo-3", ts=LONG_AGO + 1))
    last = as_bo.send(SendEvent(room_id, "m.room.message", answer, "demo-4", ts=LONG_AGO + DAY))
    resolved = SetState(room_id, "dk.os2.topic", {"resolved": True}, root, ts=LONG_AGO + 2 * DAY)
    as_bo.send(resolved)
    thread = as_anna.send(Relations(room_id, root, "m.thread"))
    assert [event["content"]["body"] for event in thread.events] == ["Svar", "Først"]
    assert thread.next is None
    newest_first = as_anna.send(Threads(room_id)).events
    assert newest_first[0]["event_id"] == root
    as_anna.send(SendReceipt(room_id, last, thread_id=root))
    as_anna.send(SendReceipt(room_id, root, private=True))
    as_anna.send(SendReceipt(room_id, last, thread_id=None))


def test_pages_of_a_long_timeline(os2display: OS2display) -> None:
    room_id = os2display.channel("lang")
    as_anna = os2display.homeserver.acting_as(os2display.anna)
    for number in range(5):
        said = {"msgtype": "m.text", "body": str(number)}
        as_anna.send(SendEvent(room_id, "m.room.message", said, f"n{number}"))
    first = as_anna.send(Messages(room_id, limit=3))
    assert [event["content"]["body"] for event in first.events] == ["4", "3", "2"]
    second = as_anna.send(Messages(room_id, start=first.next, limit=2))
    assert [event["content"]["body"] for event in second.events] == ["1", "0"]


def test_a_message_is_taken_back(os2display: OS2display, room_id: str) -> None:
    as_anna = os2display.homeserver.acting_as(os2display.anna)
    event_id = as_anna.send(SendEvent(room_id, "m.room.message", {"msgtype": "m.text", "body": "ups"}, "r1"))
    as_anna.send(Redact(room_id, event_id, "r2", "fortrudt"))
    event = as_anna.send(GetEvent(room_id, event_id))
    assert event is not None
    assert event["content"] == {}


def test_people_come_and_go(os2display: OS2display) -> None:
    room_id = os2display.channel("ud-og-ind", "closed")
    portal, egon = os2display.homeserver.portal, os2display.egon.user_id
    as_egon = os2display.homeserver.acting_as(os2display.egon)
    with pytest.raises(HomeserverRefused) as refused:
        as_egon.send(Join(room_id))
    assert refused.value.errcode == "M_FORBIDDEN"
    portal.send(Invite(room_id, egon))
    assert portal.send(Members(room_id))[egon] == "invite"
    as_egon.send(Join(room_id))
    as_egon.send(Join(room_id))
    assert egon in portal.send(JoinedMembers(room_id))
    assert room_id in as_egon.send(JoinedRooms())
    with pytest.raises(HomeserverRefused):
        portal.send(Invite(room_id, egon))
    as_egon.send(Leave(room_id))
    as_egon.send(Leave(room_id))
    os2display.let_in(room_id, os2display.egon)
    portal.send(Kick(room_id, egon, "oprydning"))
    assert egon not in portal.send(JoinedMembers(room_id))
    assert portal.send(Members(room_id))[egon] == "leave"


def test_a_room_is_made_once_and_found_by_its_alias(os2display: OS2display) -> None:
    portal, server = os2display.homeserver.portal, os2display.homeserver.config.server_name
    recipe = ChannelRoom(server, os2display.space_id, os2display.slug, "kun-en", "Kun én", "open")
    room_id = portal.send(CreateRoom(recipe.create_body()))
    with pytest.raises(HomeserverRefused) as refused:
        portal.send(CreateRoom(recipe.create_body()))
    assert refused.value.errcode == "M_ROOM_IN_USE"
    alias = channel_alias(os2display.slug, "kun-en", server)
    assert portal.send(ResolveAlias(alias)) == room_id
    portal.send(DeleteAlias(alias))
    portal.send(DeleteAlias(alias))
    assert portal.send(ResolveAlias(alias)) is None
    portal.send(SetAlias(alias, room_id))
    assert portal.send(ResolveAlias(alias)) == room_id
    assert portal.send(GetState(room_id, "m.room.name")) == {"name": "Kun én"}
    assert portal.send(GetState(room_id, "dk.os2.unknown")) is None


def test_account_data_and_push_rules_of_a_person(os2display: OS2display, room_id: str) -> None:
    as_anna, anna = os2display.homeserver.acting_as(os2display.anna), os2display.anna.user_id
    assert as_anna.send(GetAccountData(anna, "dk.os2.topics", room_id)) is None
    as_anna.send(SetAccountData(anna, "dk.os2.topics", {"$root": "mute"}, room_id))
    assert as_anna.send(GetAccountData(anna, "dk.os2.topics", room_id)) == {"$root": "mute"}
    as_anna.send(SetAccountData(anna, "dk.os2.settings", {"language": "da"}))
    assert as_anna.send(GetAccountData(anna, "dk.os2.settings")) == {"language": "da"}
    copies = {
        "conditions": [{"kind": "event_property_is", "key": "content.dk\\.os2\\.moved", "value": True}],
        "actions": [],
    }
    as_anna.send(PutPushRule("override", "dk.os2.moved", copies))
    rules = os2display.anna.get("v3/pushrules/global/override/dk.os2.moved").json()
    assert rules["conditions"] == copies["conditions"]


def test_a_file_is_stored_and_read_by_who_signed_in(os2display: OS2display) -> None:
    as_anna = os2display.homeserver.acting_as(os2display.anna)
    address = as_anna.send(UploadMedia(b"hej", "text/plain", "æble og pære.txt"))
    server, media_id = address.removeprefix("mxc://").split("/")
    stored = os2display.bo.get(f"v1/media/download/{server}/{media_id}")
    assert stored.content == b"hej"
    assert stored.headers["Content-Type"] == "text/plain; charset=UTF-8"
