"""Dorthe, a guest, tries each thing that guests may not do; done by Anna, each works."""

import pytest
from community import OS2display
from lone_synapse import LoneSynapse, Person
from refused import assert_done, assert_refused

from samtale.homeserver.module import SetStanding
from samtale.homeserver.rooms import SetState


@pytest.fixture(scope="module")
def room_id(os2display: OS2display) -> str:
    """The one channel Dorthe is in."""
    room_id = os2display.channel("leverandoerer", also=(os2display.dorthe,))
    child = {"via": [os2display.homeserver.config.server_name]}
    os2display.homeserver.portal.send(SetState(os2display.space_id, "m.space.child", child, room_id))
    return room_id


def test_she_talks_where_she_is_invited(os2display: OS2display, room_id: str) -> None:
    assert_done(os2display.dorthe.say(room_id, "Hej alle"))


def test_she_makes_no_room(os2display: OS2display) -> None:
    for body in (
        {},
        {"preset": "trusted_private_chat", "is_direct": True, "invite": [os2display.anna.user_id]},
    ):
        assert_refused(os2display.dorthe.create_room(**body), "guest_room")


def test_she_answers_a_private_chat_that_a_member_starts(os2display: OS2display) -> None:
    created = os2display.anna.create_room(
        preset="trusted_private_chat", is_direct=True, invite=[os2display.dorthe.user_id]
    )
    private = assert_done(created)
    assert_done(os2display.dorthe.join(private))
    assert_done(os2display.dorthe.say(private, "Hej Anna"))
    # The preset makes her a creator like Anna, and still she invites nobody.
    assert_refused(os2display.dorthe.invite(private, os2display.egon.user_id), "guest_invite")
    through_state = os2display.dorthe.set_state(
        private, "m.room.member", {"membership": "invite"}, os2display.egon.user_id
    )
    assert_refused(through_state, "guest_invite")


def test_she_does_not_upgrade_either(os2display: OS2display) -> None:
    private = assert_done(
        os2display.anna.create_room(preset="trusted_private_chat", invite=[os2display.dorthe.user_id])
    )
    assert_done(os2display.dorthe.join(private))
    response = os2display.dorthe.post(f"v3/rooms/{private}/upgrade", {"new_version": "12"})
    assert_refused(response, "only_private_chats")


def test_she_makes_no_alias(os2display: OS2display, room_id: str) -> None:
    assert os2display.dorthe.put("v3/directory/room/%23d:localhost", {"room_id": room_id}).status_code >= 400
    assert os2display.anna.get("v3/directory/room/%23d:localhost").status_code == 404


def test_she_finds_nobody_in_the_directory(os2display: OS2display, room_id: str) -> None:
    def found_by(person: Person) -> set[str]:
        response = person.post("v3/user_directory/search", {"search_term": "Bo", "limit": 50})
        return {found["user_id"] for found in response.json()["results"]}

    # Bo shares a channel with both.
    assert os2display.bo.user_id in found_by(os2display.anna)
    assert found_by(os2display.dorthe) == set()


def test_nobody_has_a_public_list(os2display: OS2display, room_id: str) -> None:
    for person in (os2display.dorthe, os2display.anna, os2display.carla):
        assert person.get("v3/publicRooms").json()["chunk"] == []
        assert person.post("v3/publicRooms", {"limit": 50}).json()["chunk"] == []
        listed = person.put(f"v3/directory/list/room/{room_id}", {"visibility": "public"})
        assert_refused(listed, "only_private_chats")


def test_she_sees_no_hierarchy(os2display: OS2display, room_id: str) -> None:
    path = f"v1/rooms/{os2display.space_id}/hierarchy"
    assert room_id in {room["room_id"] for room in os2display.anna.get(path).json()["rooms"]}
    assert os2display.dorthe.get(path).status_code == 403
    own = os2display.dorthe.get(f"v1/rooms/{room_id}/hierarchy").json()["rooms"]
    assert [room["room_id"] for room in own] == [room_id]
    assert os2display.dorthe.get(f"v1/room_summary/{os2display.space_id}").status_code in (403, 404)


def test_she_sees_profiles_of_those_she_talks_with_only(os2display: OS2display, room_id: str) -> None:
    assert os2display.dorthe.get(f"v3/profile/{os2display.bo.user_id}").json()["displayname"] == "Bo"
    for path in ("", "/displayname"):
        response = os2display.dorthe.get(f"v3/profile/{os2display.egon.user_id}{path}")
        assert response.status_code == 403
        assert "Egon" not in response.text


def test_she_joins_nothing_uninvited(os2display: OS2display, room_id: str) -> None:
    """Not even where the join rule would let her: in the space, to a channel open to its members."""
    other = os2display.channel("udvikling")
    os2display.let_in(os2display.space_id, os2display.dorthe)
    assert_refused(os2display.dorthe.join(other), "guest_join")
    os2display.let_in(os2display.space_id, os2display.egon)
    assert_done(os2display.egon.join(other))
    assert_done(os2display.bo.invite(other, os2display.dorthe.user_id))
    assert_done(os2display.dorthe.join(other))
    assert_done(os2display.dorthe.post(f"v3/rooms/{os2display.space_id}/leave", {}))


def test_whom_the_portal_has_not_described_is_a_guest(
    homeserver: LoneSynapse, os2display: OS2display
) -> None:
    unknown = homeserver.person("Freja", guest=None)
    assert_refused(unknown.create_room(), "guest_room")


def test_a_change_takes_effect_at_once(homeserver: LoneSynapse, os2display: OS2display) -> None:
    freja = homeserver.person("Freja", guest=True)
    assert_refused(freja.create_room(), "guest_room")
    homeserver.portal.send(SetStanding(homeserver.server_user, freja.user_id, guest=False))
    assert_done(freja.create_room())
    homeserver.portal.send(SetStanding(homeserver.server_user, freja.user_id, guest=True))
    assert_refused(freja.create_room(), "guest_room")


def test_nobody_describes_herself(homeserver: LoneSynapse, os2display: OS2display) -> None:
    dorthe = os2display.dorthe
    data_type = f"dk.os2.standing.{dorthe.user_id}"
    portals = f"v3/user/{homeserver.server_user}/account_data/{data_type}"
    assert dorthe.put(portals, {"guest": False}).status_code == 403
    assert dorthe.get(portals).status_code == 403
    assert (
        dorthe.put(f"v3/user/{dorthe.user_id}/account_data/{data_type}", {"guest": False}).status_code == 200
    )
    assert_refused(dorthe.create_room(), "guest_room")
