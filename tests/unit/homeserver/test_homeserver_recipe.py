"""The room recipe, word for word."""

import pytest

from samtale.homeserver import recipe
from samtale.homeserver.recipe import ChannelRoom, CommunitySpace, Kind, Staff

STAFF = Staff.of(["@bo:localhost"], ["@carla:localhost"])
SPACE = CommunitySpace("localhost", "os2display", "OS2display", "Informationsskærme", STAFF)


def channel(kind: Kind = "open", **more: object) -> ChannelRoom:
    return ChannelRoom("localhost", "!space", "os2display", "generelt", "Generelt", kind, staff=STAFF, **more)  # type: ignore[arg-type]


def state(body: dict[str, object], event_type: str, state_key: str = "") -> object:
    events: list[dict[str, object]] = body["initial_state"]  # type: ignore[assignment]
    (content,) = [
        event["content"] for event in events if (event["type"], event["state_key"]) == (event_type, state_key)
    ]
    return content


def test_levels_are_exactly_these() -> None:
    assert recipe.power_levels(STAFF) == {
        "users": {"@bo:localhost": 50, "@carla:localhost": 100},
        "users_default": 0,
        "events_default": 0,
        "state_default": 150,
        "events": {
            "dk.os2.topic": 0,
            "m.room.pinned_events": 50,
            "org.matrix.msc3401.call.member": 0,
            "m.rtc.member": 0,
        },
        "invite": 50,
        "kick": 50,
        "ban": 50,
        "redact": 50,
        "notifications": {"room": 50},
    }


def test_who_is_both_is_administrator() -> None:
    both = Staff.of(["@x:localhost"], ["@x:localhost"])
    assert recipe.power_levels(both)["users"] == {"@x:localhost": 100}


def test_a_channel_may_leave_topics_to_moderators() -> None:
    assert recipe.power_levels(STAFF, 50)["events"]["dk.os2.topic"] == 50
    body = channel(topic_level=50).create_body()
    assert body["power_level_content_override"]["events"]["dk.os2.topic"] == 50
    assert state(body, "dk.os2.channel")["topic_level"] == 50  # type: ignore[index]


@pytest.mark.parametrize("kind", ["open", "announcement"])
def test_members_of_the_community_may_enter(kind: Kind) -> None:
    assert state(channel(kind).create_body(), "m.room.join_rules") == {
        "join_rule": "restricted",
        "allow": [{"type": "m.room_membership", "room_id": "!space"}],
    }


def test_a_closed_channel_is_by_invitation() -> None:
    assert state(channel("closed").create_body(), "m.room.join_rules") == {"join_rule": "invite"}


@pytest.mark.parametrize("body", [SPACE.create_body(), channel().create_body()])
def test_what_all_rooms_have(body: dict[str, object]) -> None:
    assert body["room_version"] == "12"
    assert body["visibility"] == "private"
    assert state(body, "m.room.history_visibility") == {"history_visibility": "shared"}
    assert state(body, "m.room.guest_access") == {"guest_access": "forbidden"}
    assert body["creation_content"]["m.federate"] is True  # type: ignore[index]
    assert body["power_level_content_override"] == recipe.power_levels(STAFF)


def test_a_community_is_a_space_that_the_portal_lets_people_into() -> None:
    body = SPACE.create_body()
    assert body["creation_content"]["type"] == "m.space"
    assert (body["name"], body["topic"]) == ("OS2display", "Informationsskærme")
    assert body["room_alias_name"] == "os2display"
    assert state(body, "m.room.join_rules") == {"join_rule": "invite"}
    assert state(body, "dk.os2.community") == {"community": "os2display", "archived": False}


def test_a_channel_says_what_it_is() -> None:
    body = channel("announcement").create_body()
    assert state(body, "dk.os2.channel") == {
        "community": "os2display",
        "channel": "generelt",
        "kind": "announcement",
        "archived": False,
        "topic_level": 0,
    }
    assert state(body, "m.space.parent", "!space") == {"via": ["localhost"], "canonical": True}
    assert body["room_alias_name"] == "os2display.generelt"
    assert "topic" not in body


def test_aliases() -> None:
    assert recipe.community_alias("os2display", "os2.eu") == "#os2display:os2.eu"
    assert recipe.channel_alias("os2display", "generelt", "os2.eu") == "#os2display.generelt:os2.eu"


def test_a_closed_channels_alias_is_not_its_name() -> None:
    assert "room_alias_name" not in channel("closed").create_body()
    assert channel("closed", closed_alias="f00").create_body()["room_alias_name"] == "f00"


def test_channels_keep_their_order_beyond_nine() -> None:
    orders = [recipe.space_child("localhost", "open", number)["order"] for number in range(12)]
    assert orders == sorted(orders)


@pytest.mark.parametrize(("kind", "archived"), [("closed", False), ("open", True), ("announcement", True)])
def test_a_closed_or_archived_channel_is_not_listed(kind: Kind, archived: bool) -> None:
    assert recipe.space_child("localhost", kind, 1, archived=archived) == {}
