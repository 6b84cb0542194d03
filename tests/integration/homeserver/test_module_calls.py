"""Who is in a call: each participant writes their own part, and not more than that."""

import pytest
from community import OS2display
from lone_synapse import Person
from refused import assert_done, assert_refused

from samtale_synapse.limits import CALL_STATE_BYTES

TYPE = "org.matrix.msc3401.call.member"
PART = {
    "application": "m.call",
    "call_id": "",
    "scope": "m.room",
    "device_id": "TESTDEVICE01",
    "expires": 14400000,
    "focus_active": {"type": "livekit", "focus_selection": "oldest_membership"},
    "foci_preferred": [{"type": "livekit", "livekit_service_url": "https://opkald.example"}],
}


@pytest.fixture(params=["channel", "private chat"])
def room_id(request: pytest.FixtureRequest, os2display: OS2display) -> str:
    """A channel, or a private chat of Anna's with Bo in it."""
    if request.param == "channel":
        return os2display.channel(f"opkald-{request.node.name[:30].replace('_', '-').strip('-')}")
    created = assert_done(os2display.anna.create_room(invite=[os2display.bo.user_id]))
    assert_done(os2display.bo.join(created))
    return created


def own_keys(person: Person) -> list[str]:
    return [
        person.user_id,
        f"_{person.user_id}_TESTDEVICE01_m.call",
        f"_{person.user_id}_TESTDEVICE01",
    ]


def test_everybody_writes_their_own_part(os2display: OS2display, room_id: str) -> None:
    for person in (os2display.anna, os2display.bo):
        for key in own_keys(person):
            assert_done(person.set_state(room_id, TYPE, PART, key))
            assert_done(person.set_state(room_id, TYPE, {}, key))


def test_nobody_writes_anything_else(os2display: OS2display, room_id: str) -> None:
    anna, bo = os2display.anna, os2display.bo
    for person in (anna, bo):
        for key in ("", "_x", "notes-1", f"_{person.user_id}", f"_{person.user_id}x_TESTDEVICE01"):
            assert_refused(person.set_state(room_id, TYPE, PART, key), "call_state_key")
    assert_refused(bo.set_state(room_id, TYPE, PART, own_keys(anna)[1]), "call_state_key")


def test_a_part_is_small(os2display: OS2display, room_id: str) -> None:
    key = own_keys(os2display.anna)[1]
    full = {"x": "x" * (CALL_STATE_BYTES - len('{"x": ""}'))}
    assert_done(os2display.anna.set_state(room_id, TYPE, full, key))
    over = {"x": full["x"] + "x"}
    assert_refused(os2display.anna.set_state(room_id, TYPE, over, key), "call_state_size")


def test_a_private_chat_has_each_setting_once(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room())
    for key in ("x", os2display.anna.user_id):
        refused = os2display.anna.set_state(room_id, "m.room.topic", {"topic": "x"}, key)
        assert_refused(refused, "private_chat_setting")


def test_no_call_is_there_before_the_private_chat(os2display: OS2display) -> None:
    part = {"type": TYPE, "state_key": "_x", "content": PART}
    assert_refused(os2display.anna.create_room(initial_state=[part]), "only_private_chats")
