"""What people may make themselves: private chats. Everything else is the portal's.

A private chat is a room that nobody can find or enter without being invited, for 2 to 10 people, unencrypted,
no space. A room that ``@samtale`` did not create is one, so these rules hold for it as long as it exists.
"""

from collections.abc import Mapping
from typing import Any

from synapse.module_api import EventBase

from samtale_synapse.calls import CALL_STATE
from samtale_synapse.refusal import Refusal
from samtale_synapse.synapse_rooms import SynapseRooms

ONLY_PRIVATE = Refusal(
    "only_private_chats",
    "Du kan starte private samtaler. Kanaler og fællesskaber oprettes i portalen.",
    "You can start private chats. Channels and communities are made in the portal.",
)
SETTING = Refusal(
    "private_chat_setting",
    "Den indstilling kan ikke ændres i en privat samtale.",
    "That setting cannot be changed in a private chat.",
)
NO_ADDRESS = Refusal(
    "no_invitation_by_address",
    "Personer uden konto inviteres i portalen.",
    "People without an account are invited in the portal.",
)


def full(limit: int) -> Refusal:
    return Refusal(
        "private_chat_full",
        f"En privat samtale har højst {limit} deltagere.",
        f"A private chat has at most {limit} people.",
    )


GUEST_ACCESS = "m.room.guest_access"

_PRESETS = frozenset({"private_chat", "trusted_private_chat"})

#: State that people may set in a private chat, whatever it says.
_FREE = frozenset({"m.room.name", "m.room.topic", "m.room.avatar", "m.room.pinned_events"})

#: State whose content decides who gets in or reads along: the key that matters, and what it may be.
_BOUNDED: Mapping[str, tuple[str, frozenset[str]]] = {
    "m.room.join_rules": ("join_rule", frozenset({"invite"})),
    "m.room.history_visibility": ("history_visibility", frozenset({"shared", "invited", "joined"})),
    GUEST_ACCESS: ("guest_access", frozenset({"forbidden"})),
}

#: What createRoom may hold. Unknown keys are refused: a later Matrix version may give them a meaning.
_CREATE_KEYS = frozenset(
    {
        "visibility",
        "name",
        "topic",
        "invite",
        "invite_3pid",
        "preset",
        "is_direct",
        "initial_state",
        "creation_content",
        "power_level_content_override",
    }
)


def may_be_set(event_type: str, state_key: object, content: Mapping[str, Any]) -> bool:
    """State that a room has once. Who is in a call is another matter: :mod:`.calls`."""
    if state_key != "":
        return False
    if event_type in _FREE:
        return True
    if event_type in _BOUNDED:
        key, allowed = _BOUNDED[event_type]
        return content.get(key) in allowed
    return False


def make_harmless(room_config: dict[str, Any]) -> None:
    """Put right, in place, what clients send with every room and what means nothing to the person.

    Matrix guest accounts do not exist here, so "guests can join", which each preset has, becomes "forbidden".
    Levels and version are ours: a client's own levels say who may change what nobody may change.
    """
    initial_state = room_config.get("initial_state", [])
    if isinstance(initial_state, list):
        room_config["initial_state"] = [
            *(state for state in initial_state if not _is_guest_access(state)),
            {"type": GUEST_ACCESS, "state_key": "", "content": {"guest_access": "forbidden"}},
        ]
    room_config.setdefault("preset", "private_chat")
    room_config["power_level_content_override"] = {"events": dict.fromkeys(sorted(CALL_STATE), 0)}
    room_config.pop("room_version", None)


def _is_guest_access(state: object) -> bool:
    return isinstance(state, Mapping) and state.get("type") == GUEST_ACCESS


def check_creation(room_config: Mapping[str, Any], limit: int) -> Refusal | None:
    """The body of createRoom, from anybody but ``@samtale``."""
    if not _is_private(room_config):
        return ONLY_PRIVATE
    if room_config.get("invite_3pid"):
        return NO_ADDRESS
    invited = room_config.get("invite", [])
    if not isinstance(invited, list) or len(set(map(str, invited))) + 1 > limit:
        return full(limit)
    return None


def _is_private(room_config: Mapping[str, Any]) -> bool:
    # No space (``type``), no chosen powers beyond the preset's, no room that follows another.
    creation_content = room_config.get("creation_content", {})
    initial_state = room_config.get("initial_state", [])
    return (
        set(room_config) <= _CREATE_KEYS
        and room_config.get("visibility", "private") == "private"
        and room_config.get("preset", "private_chat") in _PRESETS
        and isinstance(creation_content, Mapping)
        and set(creation_content) <= {"m.federate"}
        and isinstance(initial_state, list)
        and all(map(_may_start_with, initial_state))
    )


def _may_start_with(state: object) -> bool:
    return (
        isinstance(state, Mapping)
        and isinstance(state.get("content"), Mapping)
        and may_be_set(str(state.get("type")), state.get("state_key", ""), state["content"])
    )


def is_upgrade(room_config: Mapping[str, Any]) -> bool:
    """Synapse asks about the room that follows an upgraded one in the same words, with its predecessor."""
    creation_content = room_config.get("creation_content", {})
    return isinstance(creation_content, Mapping) and "predecessor" in creation_content


class PrivateChats:
    def __init__(self, rooms: SynapseRooms, limit: int) -> None:
        self._rooms = rooms
        self._limit = limit

    async def check(self, event: EventBase) -> Refusal | None:
        """A state event in a room that is a private chat."""
        if not event.is_state() or event.type in CALL_STATE:
            return None
        return None if may_be_set(event.type, event.state_key, event.content) else SETTING

    async def check_invitation(self, room_id: str) -> Refusal | None:
        return full(self._limit) if await self._rooms.people(room_id) >= self._limit else None
