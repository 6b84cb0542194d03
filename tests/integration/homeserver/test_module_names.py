"""Names come from the portal alone."""

import pytest
from community import OS2display
from lone_synapse import wait_until
from refused import assert_done

from samtale.homeserver.mas import SetDisplayname
from samtale.homeserver.rooms import RoomState


def name_in(os2display: OS2display, room_id: str, user_id: str) -> str:
    state = os2display.homeserver.portal.send(RoomState(room_id))
    (member,) = [
        event for event in state if event["type"] == "m.room.member" and event["state_key"] == user_id
    ]
    return str(member["content"]["displayname"])


@pytest.mark.parametrize("who", ["anna", "bo", "carla", "dorthe"])
def test_a_person_cannot_take_another_name(os2display: OS2display, who: str) -> None:
    person = getattr(os2display, who)
    response = person.put(f"v3/profile/{person.user_id}/displayname", {"displayname": "Bo Ek (moderator)"})
    assert response.status_code in (400, 403)
    assert person.get(f"v3/profile/{person.user_id}/displayname").json() == {"displayname": who.capitalize()}


@pytest.mark.parametrize("who", ["anna", "bo"])
def test_a_name_in_a_member_event_is_replaced(os2display: OS2display, who: str) -> None:
    room_id = os2display.channel(f"navne-{who}")
    person = getattr(os2display, who)
    content = {"membership": "join", "displayname": "Carla (administrator)"}
    person.set_state(room_id, "m.room.member", content, person.user_id)
    assert name_in(os2display, room_id, person.user_id) == who.capitalize()
    assert_done(person.post(f"v3/rooms/{room_id}/leave", {}))
    person.request("POST", f"v3/join/{room_id}", {"displayname": "Carla"})
    assert name_in(os2display, room_id, person.user_id) == who.capitalize()


def test_the_portal_changes_it_everywhere(os2display: OS2display) -> None:
    room_id = os2display.channel("nyt-navn", also=(os2display.egon,))
    localpart = os2display.egon.user_id[1:].partition(":")[0]
    os2display.homeserver.mas.send(SetDisplayname(localpart, "Egon Olsen"))
    # Synapse writes the new name into the rooms in the background.
    wait_until(lambda: name_in(os2display, room_id, os2display.egon.user_id) == "Egon Olsen", "the new name")
