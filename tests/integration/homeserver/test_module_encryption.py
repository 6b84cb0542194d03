import pytest
from community import OS2display
from refused import assert_done, assert_refused

MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}
ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": MEGOLM}


@pytest.mark.parametrize("preset", ["private_chat", "trusted_private_chat"])
def test_it_is_taken_out_of_a_new_private_chat(os2display: OS2display, preset: str) -> None:
    created = os2display.anna.create_room(
        preset=preset, is_direct=True, invite=[os2display.bo.user_id], initial_state=[ENCRYPTED]
    )
    room_id = assert_done(created)
    state = os2display.anna.get(f"v3/rooms/{room_id}/state").json()
    assert "m.room.encryption" not in {event["type"] for event in state}
    assert_done(os2display.anna.say(room_id, "Hej Bo"))


def test_it_cannot_be_turned_on_in_a_private_chat(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room())
    assert_refused(os2display.anna.set_state(room_id, "m.room.encryption", MEGOLM), "encryption")


@pytest.mark.parametrize("name", ["anna", "bo", "carla"])
def test_it_cannot_be_turned_on_in_a_channel(os2display: OS2display, name: str) -> None:
    room_id = os2display.channel(f"kryptering-{name}")
    person = getattr(os2display, name)
    assert_refused(person.set_state(room_id, "m.room.encryption", MEGOLM), "encryption")


def test_a_message_that_nobody_can_read_is_refused(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room())
    response = os2display.anna.send(room_id, {**MEGOLM, "ciphertext": "…"}, "m.room.encrypted")
    assert_refused(response, "encryption")
