"""The room recipe: what is not named in it is the portal's alone."""

import pytest
from community import PORTALS, OS2display
from lone_synapse import LoneSynapse
from refused import assert_done, assert_refused

from samtale.homeserver.recipe import Kind, power_levels, space_child
from samtale.homeserver.rooms import GetState, SetState


@pytest.fixture(scope="module")
def room_id(os2display: OS2display) -> str:
    return os2display.channel("niveauer")


@pytest.mark.parametrize("portals", PORTALS, ids=[name for name, _ in PORTALS])
@pytest.mark.parametrize("who", ["anna", "bo", "carla"])
@pytest.mark.parametrize("where", ["channel", "space"])
def test_state_is_the_portals(
    os2display: OS2display, room_id: str, where: str, who: str, portals: tuple[str, dict[str, object]]
) -> None:
    target = room_id if where == "channel" else os2display.space_id
    event_type, content = portals
    before = os2display.homeserver.portal.send(GetState(target, event_type))
    assert getattr(os2display, who).set_state(target, event_type, content).status_code == 403
    assert os2display.homeserver.portal.send(GetState(target, event_type)) == before


def test_the_portal_sets_it(os2display: OS2display, room_id: str) -> None:
    os2display.homeserver.portal.send(SetState(room_id, "m.room.name", {"name": "Nyt navn"}))
    assert os2display.anna.get(f"v3/rooms/{room_id}/state/m.room.name/").json() == {"name": "Nyt navn"}


def test_levels_are_as_written(os2display: OS2display, room_id: str) -> None:
    levels = os2display.anna.get(f"v3/rooms/{room_id}/state/m.room.power_levels/").json()
    expected = power_levels(os2display.staff)
    assert {key: levels[key] for key in expected} == expected
    assert os2display.homeserver.server_user not in levels["users"]


def test_members_sign_up_for_calls_and_moderators_pin(os2display: OS2display, room_id: str) -> None:
    own = f"_{os2display.anna.user_id}_TESTDEVICE01_m.call"
    assert_done(os2display.anna.set_state(room_id, "org.matrix.msc3401.call.member", {}, own))
    assert os2display.anna.set_state(room_id, "m.room.pinned_events", {"pinned": []}).status_code == 403
    assert_done(os2display.bo.set_state(room_id, "m.room.pinned_events", {"pinned": []}))


def test_moderators_remove_people_and_messages_and_members_do_not(os2display: OS2display) -> None:
    room_id = os2display.channel("oprydning", also=(os2display.egon,))
    said = assert_done(os2display.egon.say(room_id, "Vrøvl"))
    kick = {"user_id": os2display.egon.user_id}
    assert os2display.anna.put(f"v3/rooms/{room_id}/redact/{said}/a", {}).status_code == 403
    assert os2display.anna.post(f"v3/rooms/{room_id}/kick", kick).status_code == 403
    assert_done(os2display.bo.put(f"v3/rooms/{room_id}/redact/{said}/b", {}))
    assert_done(os2display.bo.post(f"v3/rooms/{room_id}/kick", kick))


@pytest.mark.parametrize("who", ["bo", "carla"])
def test_state_is_not_redacted_away(os2display: OS2display, who: str) -> None:
    """A redacted state event stays the room's state, emptied: the channel would not be archived any more."""
    room_id = os2display.channel(f"tom-{who}")
    before = os2display.anna.get(f"v3/rooms/{room_id}/state").json()
    person = getattr(os2display, who)
    for event in before:
        if event["type"] == "m.room.member":
            continue
        response = person.put(f"v3/rooms/{room_id}/redact/{event['event_id']}/{event['type']}", {})
        assert_refused(response, "state_redaction")
        sent = person.send(room_id, {"redacts": event["event_id"]}, "m.room.redaction")
        assert_refused(sent, "state_redaction")
    after = os2display.anna.get(f"v3/rooms/{room_id}/state").json()
    assert [event["content"] for event in after] == [event["content"] for event in before]


def test_a_closed_channel_lets_nobody_in_and_an_open_one_members(os2display: OS2display) -> None:
    closed, opened = os2display.channel("lukket", "closed"), os2display.channel("aaben")
    os2display.let_in(os2display.space_id, os2display.egon)
    assert os2display.egon.join(closed).status_code == 403
    assert_done(os2display.egon.join(opened))
    assert os2display.dorthe.join(opened).status_code == 403


def test_a_member_outside_a_closed_channel_sees_nothing_of_it(
    homeserver: LoneSynapse, os2display: OS2display
) -> None:
    """Camilla is in the community and not in its Koordinationsgruppe."""
    closed = os2display.channel("koordination", "closed")
    listed = os2display.channel("listet")
    camilla = homeserver.person("Camilla")
    os2display.let_in(os2display.space_id, camilla)
    kinds: tuple[tuple[str, Kind], ...] = ((closed, "closed"), (listed, "open"))
    for order, (room_id, kind) in enumerate(kinds):
        child = space_child(homeserver.config.server_name, kind, order)
        if child:
            homeserver.portal.send(SetState(os2display.space_id, "m.space.child", child, room_id))
    said = assert_done(os2display.bo.say(closed, "Fortroligt"))
    hierarchy = camilla.get(f"v1/rooms/{os2display.space_id}/hierarchy")
    assert listed in hierarchy.text
    assert closed not in hierarchy.text
    for path in ("messages?dir=b", "state", "joined_members", f"event/{said}", f"context/{said}", "threads"):
        response = camilla.get(f"v{1 if path == 'threads' else 3}/rooms/{closed}/{path}")
        assert response.status_code in (403, 404), path
        assert "Fortroligt" not in response.text
    search = {"search_categories": {"room_events": {"search_term": "fortroligt"}}}
    assert camilla.post("v3/search", search).json()["search_categories"]["room_events"]["results"] == []
    assert camilla.get(f"v1/room_summary/{closed}").status_code in (403, 404)


def test_the_channel_is_found_by_its_alias(os2display: OS2display) -> None:
    room_id = os2display.channel("support")
    server = os2display.homeserver.config.server_name
    found = os2display.anna.get(f"v3/directory/room/%23{os2display.slug}.support:{server}")
    assert found.json()["room_id"] == room_id
