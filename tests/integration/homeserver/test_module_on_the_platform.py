"""The rules once more, on the whole platform, with the tokens that the demo's people got by signing in.

Which person may do what is decided here by what the portal told Synapse of them, and by nothing a test wrote.
"""

import secrets

import pytest
from community import PORTALS, OS2display, heading, in_thread
from platform_under_test import Platform
from refused import assert_done, assert_refused
from signed_in import PlatformSynapse

from samtale.homeserver.recipe import CommunitySpace, Staff
from samtale.homeserver.rooms import CreateRoom

MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}


@pytest.fixture(scope="module")
def os2display(platform: Platform) -> OS2display:
    """A community of its own, so that the demo stays what it is. Freja is the administrator."""
    homeserver = PlatformSynapse(platform)
    anna, bo, freja, dorthe, camilla = map(homeserver.person, ("anna", "bo", "freja", "dorthe", "camilla"))
    slug = f"proeve-{secrets.token_hex(4)}"
    staff = Staff.of([bo.user_id], [freja.user_id])
    space = CommunitySpace(homeserver.config.server_name, slug, "Prøve", staff=staff)
    space_id = homeserver.portal.send(CreateRoom(space.create_body()))
    community = OS2display(homeserver, slug, space_id, anna, bo, freja, dorthe, camilla)
    for person in (anna, bo, freja):
        community.let_in(space_id, person)
    return community


def test_anna_starts_a_private_chat_and_it_is_not_encrypted(os2display: OS2display) -> None:
    encrypted = {"type": "m.room.encryption", "state_key": "", "content": MEGOLM}
    invite = [os2display.bo.user_id]
    created = os2display.anna.create_room(
        preset="trusted_private_chat", invite=invite, initial_state=[encrypted]
    )
    room_id = assert_done(created)
    assert_done(os2display.bo.join(room_id))
    assert_done(os2display.bo.say(room_id, "Hej Anna"))
    assert os2display.anna.get(f"v3/rooms/{room_id}/state/m.room.encryption/").status_code == 404
    assert_refused(os2display.bo.set_state(room_id, "m.room.encryption", MEGOLM), "encryption")


@pytest.mark.parametrize("who", ["anna", "bo", "carla"])
def test_channels_and_communities_are_the_portals(os2display: OS2display, who: str) -> None:
    person = getattr(os2display, who)
    assert_refused(person.create_room(preset="public_chat"), "only_private_chats")
    space = person.create_room(creation_content={"type": "m.space"})
    assert_refused(space, "only_private_chats")


def test_topics(os2display: OS2display) -> None:
    room_id = os2display.channel("emner", also=(os2display.dorthe,))
    root = os2display.heading(room_id, os2display.anna)
    assert_done(os2display.bo.set_state(room_id, "dk.os2.topic", {"name": "Release 2.5"}, root))
    assert_refused(os2display.anna.set_state(room_id, "dk.os2.topic", {"name": ""}, root), "topic_name")
    assert_refused(os2display.anna.set_state(room_id, "dk.os2.topic", {}, "$" + "a" * 43), "topic_root")
    assert_done(os2display.dorthe.say(room_id, "Hej", **in_thread(root)))
    assert_refused(os2display.dorthe.set_state(room_id, "dk.os2.topic", {}, root), "guest_topic")


def test_announcements(os2display: OS2display) -> None:
    room_id = os2display.channel("nyheder", "announcement")
    root = os2display.heading(room_id, os2display.bo)
    assert_done(os2display.carla.say(room_id, "Fra administratoren"))
    assert_done(os2display.anna.say(room_id, "Tak", **in_thread(root)))
    assert_refused(os2display.anna.send(room_id, heading("Mit emne")), "announcement")


@pytest.mark.parametrize("who", ["bo", "carla"])
@pytest.mark.parametrize("portals", PORTALS, ids=[name for name, _ in PORTALS])
def test_state_is_the_portals(
    os2display: OS2display, who: str, portals: tuple[str, dict[str, object]]
) -> None:
    assert getattr(os2display, who).set_state(os2display.space_id, *portals).status_code == 403


def test_dorthe_the_guest_is_refused_everything_but_her_conversations(os2display: OS2display) -> None:
    dorthe, egon = os2display.dorthe, os2display.egon
    room_id = os2display.channel("leverandoerer", also=(dorthe,))
    other = os2display.channel("udvikling")
    assert_done(dorthe.say(room_id, "Hej alle"))
    assert_refused(dorthe.create_room(is_direct=True, invite=[os2display.anna.user_id]), "guest_room")
    assert_refused(dorthe.invite(room_id, egon.user_id), "guest_invite")
    assert_refused(dorthe.join(other), "guest_join")
    assert dorthe.post("v3/user_directory/search", {"search_term": "a"}).json()["results"] == []
    assert dorthe.get("v3/publicRooms").json()["chunk"] == []
    assert dorthe.get(f"v1/rooms/{os2display.space_id}/hierarchy").status_code == 403
    assert dorthe.put("v3/directory/room/%23d:localhost", {"room_id": room_id}).status_code >= 400


def test_dorthe_sees_no_profile_of_somebody_she_shares_nothing_with(
    platform: Platform, os2display: OS2display
) -> None:
    dorthe = os2display.dorthe
    stranger = next(
        person.matrix_id
        for person in platform.people
        if person.matrix_id and shares_nothing(os2display, person.matrix_id)
    )
    assert dorthe.get(f"v3/profile/{stranger}").status_code == 403


def shares_nothing(os2display: OS2display, user_id: str) -> bool:
    rooms = os2display.dorthe.get("v3/joined_rooms").json()["joined_rooms"]
    members = (os2display.dorthe.get(f"v3/rooms/{room}/joined_members").json()["joined"] for room in rooms)
    return not any(user_id in joined for joined in members)


@pytest.mark.parametrize("who", ["anna", "dorthe"])
def test_nobody_takes_another_name(os2display: OS2display, who: str) -> None:
    person = getattr(os2display, who)
    name = person.get(f"v3/profile/{person.user_id}").json()["displayname"]
    taken = person.put(f"v3/profile/{person.user_id}/displayname", {"displayname": "Bo Ek (moderator)"})
    assert taken.status_code == 403
    assert person.get(f"v3/profile/{person.user_id}").json()["displayname"] == name


def test_the_admin_and_auth_service_apis_are_not_reached_from_outside(os2display: OS2display) -> None:
    for path in ("../../_synapse/admin/v1/rooms", "../../_synapse/mas/query_user?localpart=x"):
        assert os2display.carla.get(path).status_code == 404
