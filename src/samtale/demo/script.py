"""What is sent into a room, in the order of time. Pure: event ids are filled in when it is performed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from samtale.demo.content import Named, file_message, text_message
from samtale.demo.ledger import KEY
from samtale.demo.material import Attachment, Conversation, Message, PrivateChat
from samtale.demo.timeline import Timeline
from samtale.homeserver import recipe
from samtale.homeserver.sender import Json

REACTION = "m.reaction"
#: In a message that nobody has as new: it is silent, see :data:`QUIET_RULE`.
READ = "dk.os2.demo_read"
#: Push rule of each of the demo's people. Synapse counts as unread what push rules ring for, and is behind by
#: up to half a minute when a receipt follows the messages; so what is read rings for nobody from the start.
QUIET_RULE_ID = "dk.os2.demo_read"
QUIET_RULE: Json = {
    "conditions": [{"kind": "event_property_is", "key": r"content.dk\.os2\.demo_read", "value": True}],
    "actions": [],
}
EventId = Callable[[str], str]
#: Gives the ``mxc://`` address of a file of the material.
Address = Callable[[Attachment], str]


@dataclass(frozen=True)
class Line:
    """One event. ``content`` gets the ids of earlier lines by their keys.

    ``topic``: key of the conversation; ``late``: of the demo's last day, or new to somebody; ``by``: e-mail
    address of who sends it; ``state_key``: for state, the key of the root that it changes.
    """

    topic: str
    late: bool
    key: str
    at: datetime
    by: str
    event_type: str
    content: Callable[[EventId], Json]
    state_key: str | None = None

    @property
    def is_reaction(self) -> bool:
        return self.event_type == REACTION


def of_channel(
    conversations: tuple[Conversation, ...],
    timeline: Timeline,
    people: Mapping[str, Named],
    *,
    guests: frozenset[str],
    new: frozenset[str],
    address: Address,
) -> list[Line]:
    """All that is sent into one channel. ``new``: keys of messages that somebody has not read."""
    lines = [
        line
        for conversation in conversations
        for line in _of_topic(conversation, timeline, people, guests=guests, new=new, address=address)
    ]
    return sorted(lines, key=lambda line: line.at)


def of_chat(
    chat: PrivateChat, timeline: Timeline, people: Mapping[str, Named], *, new: frozenset[str]
) -> list[Line]:
    """All that is said in a private chat, in its main timeline."""
    lines: list[Line] = []
    for message in chat.messages:
        at = timeline.at(message.at)
        key = f"{chat.key}/{message.key}"

        def content(_: EventId, message: Message = message, key: str = key) -> Json:
            return text_message(message.text, people) | _marks(key, new)

        late = _is_late(message, key, new)
        lines.append(Line(chat.key, late, key, at, message.by, "m.room.message", content))
        lines += _reactions(chat.key, message, key, at, timeline, late=late)
    return sorted(lines, key=lambda line: line.at)


def _of_topic(
    conversation: Conversation,
    timeline: Timeline,
    people: Mapping[str, Named],
    *,
    guests: frozenset[str],
    new: frozenset[str],
    address: Address,
) -> Iterator[Line]:
    root = f"{conversation.key}/root"
    first, last = conversation.messages[0], conversation.messages[-1]

    def is_late(message: Message) -> bool:
        return _is_late(message, f"{conversation.key}/{message.key}", new)

    # Heading and first message are one act.
    yield Line(
        conversation.key,
        is_late(first),
        root,
        timeline.at(first.at) - timedelta(milliseconds=1),
        first.by,
        "m.room.message",
        lambda _: {
            "msgtype": "m.notice",
            "body": conversation.topic,
            "dk.os2.topic": {"name": conversation.topic},
            "m.mentions": {},
            KEY: root,
        },
    )
    before = root
    for message in conversation.messages:
        key = f"{conversation.key}/{message.key}"
        at = timeline.at(message.at)
        yield Line(
            conversation.key,
            is_late(message),
            key,
            at,
            message.by,
            "m.room.message",
            _message(conversation, message, before=before, people=people, new=new, address=address),
        )
        yield from _reactions(conversation.key, message, key, at, timeline, late=is_late(message))
        before = key
    if conversation.resolved:
        # Guests may not; who asked says that it is solved, or else the last one who may.
        authors = [first.by, *(message.by for message in reversed(conversation.messages))]
        yield Line(
            conversation.key,
            is_late(last),
            f"{conversation.key}/resolved",
            min(timeline.at(last.at) + timedelta(minutes=2), timeline.loaded_at),
            next(author for author in authors if author not in guests),
            recipe.TOPIC,
            lambda _: {"resolved": True},
            state_key=root,
        )


def _message(
    conversation: Conversation,
    message: Message,
    *,
    before: str,
    people: Mapping[str, Named],
    new: frozenset[str],
    address: Address,
) -> Callable[[EventId], Json]:
    def content(event_id: EventId) -> Json:
        said = text_message(message.text, people)
        if message.file is not None:
            said = file_message(said, message.file.path, message.file.alt, address(message.file))
        quoted = f"{conversation.key}/{message.answers}" if message.answers else None
        relation: Json = {
            "rel_type": "m.thread",
            "event_id": event_id(f"{conversation.key}/root"),
            # For clients that know no threads: each message answers the one before it.
            "is_falling_back": quoted is None,
            "m.in_reply_to": {"event_id": event_id(quoted or before)},
        }
        return said | {"m.relates_to": relation} | _marks(f"{conversation.key}/{message.key}", new)

    return content


def _marks(key: str, new: frozenset[str]) -> Json:
    return {KEY: key} if key in new else {KEY: key, READ: True}


def _is_late(message: Message, key: str, new: frozenset[str]) -> bool:
    return message.at.days_before == 0 or key in new


def _reactions(
    topic: str, message: Message, key: str, at: datetime, timeline: Timeline, *, late: bool
) -> Iterator[Line]:
    for number, (emoji, who) in enumerate(message.reactions):
        reaction = f"{key}/r{number}"

        def content(event_id: EventId, emoji: str = emoji, reaction: str = reaction) -> Json:
            annotation = {"rel_type": "m.annotation", "event_id": event_id(key), "key": emoji}
            return {"m.relates_to": annotation, KEY: reaction}

        yield Line(topic, late, reaction, timeline.reaction(at, number), who, REACTION, content)
