"""Topics: a thread with a name. What may be in a heading, and in the state that renames or resolves it.

A heading is a notice in the main timeline with ``"dk.os2.topic": {"name": …}``. The state event
``dk.os2.topic``, whose state key is the heading's event id, changes it: ``{"name"?, "resolved"?: true}``.
"""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from synapse.module_api import EventBase

from samtale_synapse.guests import Standings
from samtale_synapse.limits import TOPIC_NAME_CHARACTERS, TOPIC_STATE_BYTES
from samtale_synapse.refusal import Refusal
from samtale_synapse.synapse_rooms import SynapseRooms

TOPIC = "dk.os2.topic"

BAD_NAME = Refusal(
    "topic_name",
    f"Et emne har et navn på 1-{TOPIC_NAME_CHARACTERS} tegn på én linje.",
    f"A topic has a name of 1-{TOPIC_NAME_CHARACTERS} characters on one line.",
)
BAD_HEADING = Refusal(
    "topic_heading",
    "Et emne starter med en overskrift for sig selv i kanalen.",
    "A topic starts with a heading of its own in the channel.",
)
BAD_CONTENT = Refusal(
    "topic_content",
    "Et emne har kun et navn og kan være løst.",
    "A topic has only a name, and may be resolved.",
)
NO_ROOT = Refusal("topic_root", "Der er intet emne her med det id.", "There is no topic here with that id.")
GUEST = Refusal(
    "guest_topic",
    "Som gæst kan du ikke omdøbe eller løse emner.",
    "As a guest you cannot rename or resolve topics.",
)

#: A name that turns the reading direction can make itself look like another.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Letters and symbols that show nothing: fillers of Hangul, the empty Braille pattern.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
#: Control characters, surrogates, line and paragraph separators.
_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: Relations that place an event inside or upon another one; a reply without a thread does neither.
_PLACED_BY = frozenset({"m.thread", "m.replace", "m.annotation"})


def is_name(value: object) -> bool:
    """1 to 60 characters, one line, no space at either end, something to see."""
    return (
        isinstance(value, str)
        and 1 <= len(value) <= TOPIC_NAME_CHARACTERS
        and value == value.strip()
        and not any(c in _DIRECTION or unicodedata.category(c) in _NOT_IN_A_LINE for c in value)
        and any(c not in _BLANK and unicodedata.category(c) not in ("Cf", "Zs") for c in value)
    )


def check_heading(event: EventBase) -> Refusal | None:
    """For an event that is not state and has ``dk.os2.topic`` in its content."""
    content = event.content
    if event.type != "m.room.message" or content.get("msgtype") != "m.notice" or "m.relates_to" in content:
        return BAD_HEADING
    topic = content[TOPIC]
    if not isinstance(topic, Mapping) or set(topic) != {"name"}:
        return BAD_CONTENT
    return None if is_name(topic["name"]) else BAD_NAME


def check_change(content: Mapping[str, Any]) -> Refusal | None:
    """The content of the state event; ``{}`` makes the topic what it was when it started."""
    if not set(content) <= {"name", "resolved"} or content.get("resolved", True) is not True:
        return BAD_CONTENT
    if "name" in content and not is_name(content["name"]):
        return BAD_NAME
    # Names are bounded, so this can only trip when a limit above is loosened.
    size = len(json.dumps(dict(content), ensure_ascii=False).encode())
    return BAD_CONTENT if size > TOPIC_STATE_BYTES else None


class Topics:
    def __init__(self, rooms: SynapseRooms, standings: Standings) -> None:
        self._rooms = rooms
        self._standings = standings

    async def check(self, event: EventBase) -> Refusal | None:
        if not event.is_state():
            return check_heading(event) if TOPIC in event.content else None
        if event.type != TOPIC:
            return None
        if await self._standings.is_guest(event.sender):
            return GUEST
        problem = check_change(event.content)
        if problem is not None:
            return problem
        return None if await self._is_root(event.room_id, event.state_key) else NO_ROOT

    async def _is_root(self, room_id: str, event_id: str) -> bool:
        """A heading, or a message of the main timeline that somebody answered in a thread."""
        root = await self._rooms.event(room_id, event_id)
        if root is None or root.is_state() or root.type != "m.room.message":
            return False
        relation = root.content.get("m.relates_to")
        if isinstance(relation, Mapping) and relation.get("rel_type") in _PLACED_BY:
            return False
        return TOPIC in root.content or await self._rooms.has_thread(event_id)
