from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from community import OS2display
from lone_synapse import LoneSynapse
from refused import assert_done, assert_refused

from samtale.homeserver.rooms import Invite, Join


def state(event_type: str, content: dict[str, Any], state_key: str = "") -> dict[str, Any]:
    return {"type": event_type, "state_key": state_key, "content": content}


def test_a_member_starts_a_private_chat_as_clients_do(os2display: OS2display) -> None:
    """The bodies are those of our client, Element Web and Element X (without encryption)."""
    bo = os2display.bo.user_id
    for body in (
        {"preset": "trusted_private_chat", "is_direct": True, "invite": [bo]},
        {
            "preset": "trusted_private_chat",
            "visibility": "private",
            "is_direct": True,
            "invite": [bo],
            "creation_content": {"m.federate": True},
            "initial_state": [state("m.room.guest_access", {"guest_access": "can_join"})],
        },
        {
            "preset": "private_chat",
            "name": "Aftaler",
            "topic": "Om mødet",
            "invite": [bo],
            "initial_state": [
                state("m.room.history_visibility", {"history_visibility": "invited"}),
                state("m.room.avatar", {"url": "mxc://localhost/abc"}),
            ],
            "power_level_content_override": {"events": {"org.matrix.msc3401.call.member": 0}},
        },
    ):
        room_id = assert_done(os2display.anna.create_room(**body))
        assert_done(os2display.bo.join(room_id))
        assert_done(os2display.bo.say(room_id, "Hej Anna"))


@pytest.mark.parametrize(
    "body",
    [
        {"creation_content": {"type": "m.space"}},
        {"creation_content": {"additional_creators": ["@samtale:localhost"]}},
        {"preset": "public_chat"},
        {"visibility": "public"},
        {"room_alias_name": "min-kanal"},
        {"initial_state": [state("m.room.join_rules", {"join_rule": "public"})]},
        {"initial_state": [state("m.room.join_rules", {"join_rule": "knock"})]},
        {"initial_state": [state("m.room.join_rules", {"join_rule": "restricted", "allow": []})]},
        {"initial_state": [state("m.room.history_visibility", {"history_visibility": "world_readable"})]},
        {"initial_state": [state("m.room.canonical_alias", {"alias": "#x:localhost"})]},
        {"initial_state": [state("m.room.power_levels", {"users": {}})]},
        {"initial_state": [state("dk.os2.channel", {"kind": "open"})]},
        {"initial_state": [state("m.room.server_acl", {"allow": ["*"]})]},
        {"initial_state": [state("im.vector.modular.widgets", {"url": "https://example.org"}, "w")]},
        {"initial_state": ["m.room.name"]},
        {"initial_state": {}},
        {"dk.example.unknown": True},
    ],
)
def test_everything_else_is_the_portals(os2display: OS2display, body: dict[str, Any]) -> None:
    for person in (os2display.anna, os2display.bo, os2display.carla):
        assert_refused(person.create_room(**body), "only_private_chats")


def test_nobody_is_invited_by_address(os2display: OS2display) -> None:
    address = {
        "medium": "email",
        "address": "a@example.dk",
        "id_server": "id.example.dk",
        "id_access_token": "t",
    }
    assert_refused(os2display.anna.create_room(invite_3pid=[address]), "no_invitation_by_address")
    room_id = assert_done(os2display.anna.create_room())
    response = os2display.anna.post(f"v3/rooms/{room_id}/invite", address)
    assert response.status_code == 403


def test_at_most_ten_when_it_starts(os2display: OS2display) -> None:
    ids = [f"@n{number}:localhost" for number in range(10)]
    assert_refused(os2display.anna.create_room(invite=ids), "private_chat_full")


def test_at_most_ten_later(homeserver: LoneSynapse, os2display: OS2display) -> None:
    guests = [homeserver.person(f"Nr{number}") for number in range(10)]
    room_id = assert_done(os2display.anna.create_room(invite=[person.user_id for person in guests[:8]]))
    assert_done(guests[0].join(room_id))
    assert_done(guests[0].invite(room_id, guests[8].user_id))
    assert_refused(os2display.anna.invite(room_id, guests[9].user_id), "private_chat_full")
    assert_refused(guests[0].invite(room_id, guests[9].user_id), "private_chat_full")
    through_state = os2display.anna.set_state(
        room_id, "m.room.member", {"membership": "invite"}, guests[9].user_id
    )
    assert_refused(through_state, "private_chat_full")
    # Somebody leaves, and there is room again.
    assert_done(guests[1].post(f"v3/rooms/{room_id}/leave", {}))
    assert_done(os2display.anna.invite(room_id, guests[9].user_id))


def test_at_most_ten_when_all_are_invited_at_once(homeserver: LoneSynapse, os2display: OS2display) -> None:
    """Synapse takes the memberships of a room one after the other, so each is counted before the next."""
    inside = [homeserver.person(f"Nr{number}") for number in range(3)]
    room_id = assert_done(os2display.anna.create_room(invite=[person.user_id for person in inside]))
    for person in inside:
        assert_done(person.join(room_id))
    more = [homeserver.person(f"Nr{number}").user_id for number in range(12)]
    inviting = [inside[number % 3] for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda by, whom: by.invite(room_id, whom), inviting, more))
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [403] * 6
    members = os2display.anna.get(f"v3/rooms/{room_id}/members").json()["chunk"]
    assert len(members) == 10


@pytest.mark.parametrize(
    ("event_type", "content"),
    [
        ("m.room.join_rules", {"join_rule": "public"}),
        ("m.room.join_rules", {"join_rule": "restricted", "allow": []}),
        ("m.room.history_visibility", {"history_visibility": "world_readable"}),
        ("m.room.guest_access", {"guest_access": "can_join"}),
        ("m.room.canonical_alias", {"alias": "#x:localhost"}),
        ("m.room.power_levels", {"users": {}, "state_default": 0}),
        ("m.room.tombstone", {"body": "flyttet", "replacement_room": "!x:localhost"}),
        ("m.room.server_acl", {"allow": ["*"]}),
        ("m.space.child", {"via": ["localhost"]}),
        ("dk.os2.channel", {"kind": "open"}),
        ("dk.os2.topic", {"name": "x"}),
        ("im.vector.modular.widgets", {"url": "https://example.org"}),
        ("org.example.anything", {}),
    ],
)
def test_it_stays_private(os2display: OS2display, event_type: str, content: dict[str, Any]) -> None:
    room_id = assert_done(os2display.anna.create_room())
    assert_refused(os2display.anna.set_state(room_id, event_type, content), "private_chat_setting")


def test_what_people_do_set(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room())
    for event_type, content in (
        ("m.room.name", {"name": "Aftaler"}),
        ("m.room.topic", {"topic": "Om mødet"}),
        ("m.room.join_rules", {"join_rule": "invite"}),
        ("m.room.history_visibility", {"history_visibility": "joined"}),
    ):
        assert_done(os2display.anna.set_state(room_id, event_type, content))


def test_settings_are_not_redacted_away(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room())
    said = assert_done(os2display.anna.say(room_id, "ups"))
    assert_done(os2display.anna.put(f"v3/rooms/{room_id}/redact/{said}/a", {}))
    for event in os2display.anna.get(f"v3/rooms/{room_id}/state").json():
        response = os2display.anna.put(f"v3/rooms/{room_id}/redact/{event['event_id']}/{event['type']}", {})
        assert_refused(response, "state_redaction")
    unknown = os2display.anna.put(f"v3/rooms/{room_id}/redact/%24{'a' * 43}/b", {})
    assert_refused(unknown, "state_redaction")


def test_an_upgrade_is_refused(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room())
    response = os2display.anna.post(f"v3/rooms/{room_id}/upgrade", {"new_version": "12"})
    assert_refused(response, "only_private_chats")


def test_no_alias_and_no_public_listing(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room())
    assert os2display.anna.put("v3/directory/room/%23min:localhost", {"room_id": room_id}).status_code >= 400
    listed = os2display.anna.put(f"v3/directory/list/room/{room_id}", {"visibility": "public"})
    assert_refused(listed, "only_private_chats")


def test_an_administrator_of_the_server_is_bound_too(os2display: OS2display, homeserver: LoneSynapse) -> None:
    owner = homeserver.administrator("Freja")
    assert owner.request("GET", "../../_synapse/admin/v1/rooms").status_code == 200
    assert_refused(owner.create_room(preset="public_chat"), "only_private_chats")
    assert_done(owner.create_room())


def test_levels_are_ours_whatever_a_client_sends(os2display: OS2display) -> None:
    created = os2display.anna.create_room(power_level_content_override={"state_default": 0, "invite": 100})
    levels = os2display.anna.get(f"v3/rooms/{assert_done(created)}/state/m.room.power_levels/").json()
    assert levels["state_default"] == 50
    assert levels["events"]["org.matrix.msc3401.call.member"] == 0


def test_rooms_are_of_the_servers_version(os2display: OS2display) -> None:
    room_id = assert_done(os2display.anna.create_room(room_version="9"))
    assert os2display.anna.get(f"v3/rooms/{room_id}/state/m.room.create/").json()["room_version"] == "12"


def test_the_portal_may_put_somebody_into_a_private_chat(os2display: OS2display) -> None:
    """For the demo and for imports: it acts as the person who started the chat, and the same rules hold."""
    room_id = assert_done(os2display.anna.create_room())
    os2display.homeserver.acting_as(os2display.anna).send(Invite(room_id, os2display.egon.user_id))
    os2display.homeserver.acting_as(os2display.egon).send(Join(room_id))
    assert_done(os2display.egon.say(room_id, "Hej"))
