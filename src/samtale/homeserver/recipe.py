"""How a community and a channel look as Matrix rooms.

The one place that knows the recipe: the reconciler makes rooms from it and compares rooms with it. Pure
functions; the bodies are for :class:`samtale.homeserver.rooms.CreateRoom`, sent by ``@samtale``.

A room is of version 12, where the creator stands above all levels and cannot be put down. Every state that is
not named in the power levels needs 150, which nobody but the creator has: name, power levels, encryption,
tombstone, widgets, children of a space and every type that is invented later are the portal's alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from samtale.homeserver.sender import Json

ROOM_VERSION = "12"
MODERATOR = 50
ADMINISTRATOR = 100
#: More than an administrator has.
PORTAL_ONLY = 150

TOPIC = "dk.os2.topic"
CHANNEL = "dk.os2.channel"
COMMUNITY = "dk.os2.community"
#: Who is in a call: the state type clients send today, and the one MSC4143 gives it.
CALL_MEMBERSHIP = ("org.matrix.msc3401.call.member", "m.rtc.member")

Kind = Literal["open", "closed", "announcement"]
TopicLevel = Literal[0, 50]


def community_alias(community: str, server_name: str) -> str:
    return f"#{community}:{server_name}"


def channel_alias(community: str, channel: str, server_name: str) -> str:
    return f"#{community}.{channel}:{server_name}"


@dataclass(frozen=True)
class Staff:
    """Who has power in a room, as Matrix ids. ``@samtale`` is never named: it has all, always."""

    moderators: frozenset[str] = frozenset()
    administrators: frozenset[str] = frozenset()

    @classmethod
    def of(cls, moderators: Iterable[str] = (), administrators: Iterable[str] = ()) -> "Staff":
        return cls(frozenset(moderators), frozenset(administrators))


def power_levels(staff: Staff, topic_level: TopicLevel = 0) -> Json:
    """Content of ``m.room.power_levels``. ``topic_level``: who may name and resolve topics."""
    users = dict.fromkeys(sorted(staff.moderators), MODERATOR)
    users |= dict.fromkeys(sorted(staff.administrators), ADMINISTRATOR)
    return {
        "users": users,
        "users_default": 0,
        "events": {
            TOPIC: topic_level,
            "m.room.pinned_events": MODERATOR,
            **dict.fromkeys(CALL_MEMBERSHIP, 0),
        },
        "events_default": 0,
        "state_default": PORTAL_ONLY,
        "invite": MODERATOR,
        "kick": MODERATOR,
        "ban": MODERATOR,
        "redact": MODERATOR,
        "notifications": {"room": MODERATOR},
    }


def join_rules(kind: Kind, space_id: str) -> Json:
    """Content of ``m.room.join_rules``: members of the community come and go, except in closed channels."""
    if kind == "closed":
        return {"join_rule": "invite"}
    return {"join_rule": "restricted", "allow": [{"type": "m.room_membership", "room_id": space_id}]}


def channel_state(
    community: str, channel: str, kind: Kind, *, archived: bool = False, topic_level: TopicLevel = 0
) -> Json:
    """Content of ``dk.os2.channel``, which the module and every client of ours read."""
    return {
        "community": community,
        "channel": channel,
        "kind": kind,
        "archived": archived,
        "topic_level": topic_level,
    }


def community_state(community: str, *, archived: bool = False) -> Json:
    """Content of ``dk.os2.community``."""
    return {"community": community, "archived": archived}


def space_child(server_name: str, kind: Kind, order: int, *, archived: bool = False) -> Json:
    """Content of ``m.space.child``; its state key is the room id of the channel. ``order``: place, from 0.

    Empty, that is not listed, for an archived channel, and for a closed one: every member of the community
    reads the space's state, and would learn that the channel exists.
    """
    if archived or kind == "closed":
        return {}
    return {"via": [server_name], "order": f"{order:04d}"}


@dataclass(frozen=True)
class CommunitySpace:
    """A community, as a space that people enter only through the portal."""

    server_name: str
    community: str
    name: str
    summary: str = ""
    staff: Staff = Staff()

    def create_body(self) -> Json:
        return {
            **_create_body(self.name, self.summary, self.community, power_levels(self.staff)),
            "creation_content": {"type": "m.space", "m.federate": True},
            "initial_state": [
                *_shared_state({"join_rule": "invite"}),
                _state(COMMUNITY, community_state(self.community)),
            ],
        }


@dataclass(frozen=True)
class ChannelRoom:
    """A channel. ``space_id``: the room id of its community's space.

    ``closed_alias``: localpart of a closed channel's alias, which nobody else must be able to guess: anybody,
    also without a token, may ask Synapse what an alias stands for, and learns that there is such a channel.
    """

    server_name: str
    space_id: str
    community: str
    channel: str
    name: str
    kind: Kind
    summary: str = ""
    topic_level: TopicLevel = 0
    staff: Staff = Staff()
    closed_alias: str = ""

    @property
    def alias_localpart(self) -> str:
        return self.closed_alias if self.kind == "closed" else f"{self.community}.{self.channel}"

    def create_body(self) -> Json:
        levels = power_levels(self.staff, self.topic_level)
        state = channel_state(self.community, self.channel, self.kind, topic_level=self.topic_level)
        return {
            **_create_body(self.name, self.summary, self.alias_localpart, levels),
            "creation_content": {"m.federate": True},
            "initial_state": [
                *_shared_state(join_rules(self.kind, self.space_id)),
                _state("m.space.parent", {"via": [self.server_name], "canonical": True}, self.space_id),
                _state(CHANNEL, state),
            ],
        }


def _create_body(name: str, summary: str, alias_localpart: str, levels: Json) -> Json:
    body: Json = {
        "room_version": ROOM_VERSION,
        "preset": "private_chat",
        "visibility": "private",
        "name": name,
        "power_level_content_override": levels,
    }
    if alias_localpart:
        body["room_alias_name"] = alias_localpart
    return body | ({"topic": summary} if summary else {})


def _shared_state(rules: Json) -> list[Json]:
    return [
        _state("m.room.join_rules", rules),
        _state("m.room.history_visibility", {"history_visibility": "shared"}),
        _state("m.room.guest_access", {"guest_access": "forbidden"}),
    ]


def _state(event_type: str, content: Json, state_key: str = "") -> Json:
    return {"type": event_type, "state_key": state_key, "content": content}
