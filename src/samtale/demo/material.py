"""The demo's conversations as values: read once from the file, checked, then trusted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

DATA = Path(__file__).resolve().parent / "data"
COMMUNITIES = DATA / "communities.yaml"
ORGANISATIONS = DATA / "organisations.csv"
DANISH_TIME = ZoneInfo("Europe/Copenhagen")
_AT = re.compile(r"-(\d+)d (\d\d):(\d\d)")


@dataclass(frozen=True)
class Moment:
    """Days before the demo's today, and the time of day in Denmark."""

    days_before: int
    time: time

    @classmethod
    def parse(cls, text: str) -> "Moment":
        match = _AT.fullmatch(text)
        if match is None:
            raise ValueError(f"must be like '-6d 07:58', got {text!r}")
        return cls(int(match[1]), time(int(match[2]), int(match[3])))

    def on(self, today: date) -> datetime:
        return datetime.combine(today - timedelta(days=self.days_before), self.time, DANISH_TIME)


@dataclass(frozen=True)
class Cast:
    """One of the demo's people. ``role`` as in the file: member, guest, moderator, administrator, none."""

    email: str
    name: str
    organisation: str
    cvr: str | None
    role: str
    moderates: tuple[str, ...]
    closed_channels: tuple[str, ...]
    invited_to: tuple[str, ...]


@dataclass(frozen=True)
class Attachment:
    """``alt``: what a picture shows; empty for other files."""

    path: Path
    alt: str


@dataclass(frozen=True)
class Message:
    """``key``: its place in the topic. ``answers``: the key of the message it quotes."""

    key: str
    by: str
    at: Moment
    text: str
    reactions: tuple[tuple[str, str], ...]
    file: Attachment | None
    answers: str | None = None


@dataclass(frozen=True)
class Conversation:
    """A topic. ``key`` tells it from all others: ``os2display/support/3``."""

    key: str
    community: str
    channel: str
    topic: str
    resolved: bool
    messages: tuple[Message, ...]

    @property
    def path(self) -> str:
        return f"{self.community}/{self.channel}"


@dataclass(frozen=True)
class PrivateChat:
    """``people``: who started it first. ``name``: of a group, else empty."""

    key: str
    people: tuple[str, ...]
    name: str
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Unread:
    """The last so many messages of a topic or chat, by the conversation's key."""

    person: str
    conversation: str
    last: int


@dataclass(frozen=True)
class Material:
    people: tuple[Cast, ...]
    conversations: tuple[Conversation, ...]
    private_chats: tuple[PrivateChat, ...]
    unread: tuple[Unread, ...]

    def new(self) -> frozenset[str]:
        """Keys of the messages that at least one person has not read."""
        lasts: dict[str, int] = {}
        for unread in self.unread:
            lasts[unread.conversation] = max(unread.last, lasts.get(unread.conversation, 0))
        said: list[tuple[str, tuple[Message, ...]]] = [
            *((conversation.key, conversation.messages) for conversation in self.conversations),
            *((chat.key, chat.messages) for chat in self.private_chats),
        ]
        return frozenset(
            f"{key}/{message.key}"
            for key, messages in said
            if key in lasts
            for message in messages[-lasts[key] :]
        )

    def active_in(self) -> dict[str, set[str]]:
        """Who writes or reacts in each channel."""
        active: dict[str, set[str]] = {}
        for conversation in self.conversations:
            for message in conversation.messages:
                active.setdefault(conversation.path, set()).add(message.by)
                active[conversation.path].update(who for _, who in message.reactions)
        return active


@cache
def material() -> Material:
    """The file that comes with the program."""
    text = (DATA / "danish-conversations.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, ten times as fast
    content = yaml.load(text, Loader=loader)  # noqa: S506
    conversations = tuple(_conversations(content["conversations"]))
    chats = tuple(
        PrivateChat(
            key=f"private/{number}",
            people=tuple(chat["people"]),
            name=chat.get("name", ""),
            messages=tuple(_messages(chat["messages"])),
        )
        for number, chat in enumerate(content["private_chats"])
    )
    return Material(
        people=tuple(map(_cast, content["people"])),
        conversations=conversations,
        private_chats=chats,
        unread=tuple(_unread(content["unread"], conversations, chats)),
    )


def _cast(person: dict[str, Any]) -> Cast:
    return Cast(
        email=person["id"],
        name=person["name"],
        organisation=person["organisation"],
        cvr=person["cvr"],
        role=person["role"],
        moderates=tuple(person.get("moderates", ())),
        closed_channels=tuple(person.get("closed_channels", ())),
        invited_to=tuple(person.get("invited_to", ())),
    )


def _conversations(entries: list[dict[str, Any]]) -> Iterator[Conversation]:
    seen: dict[str, int] = {}
    for entry in entries:
        path = f"{entry['community']}/{entry['channel']}"
        seen[path] = seen.get(path, 0) + 1
        yield Conversation(
            key=f"{path}/{seen[path]}",
            community=entry["community"],
            channel=entry["channel"],
            topic=entry["topic"],
            resolved=entry["resolved"],
            messages=tuple(_messages(entry["messages"])),
        )


def _messages(entries: list[dict[str, Any]]) -> Iterator[Message]:
    for number, entry in enumerate(entries, 1):
        yield _message(entry, f"m{number}", None)
        for reply, answer in enumerate(entry.get("replies", []), 1):
            yield _message(answer, f"m{number}.{reply}", f"m{number}")


def _message(entry: dict[str, Any], key: str, answers: str | None) -> Message:
    return Message(
        key=key,
        by=entry["by"],
        at=Moment.parse(entry["at"]),
        text=entry["text"],
        reactions=tuple(
            (emoji, who) for emoji, people in entry.get("reactions", {}).items() for who in people
        ),
        file=_file(entry.get("files", [])),
        answers=answers,
    )


def _file(entries: list[dict[str, str]]) -> Attachment | None:
    """The one file that a message in Matrix can hold. Raises ValueError for more."""
    if len(entries) > 1:
        raise ValueError(
            f"a message has one file at most, got {', '.join(entry['path'] for entry in entries)}"
        )
    return next((Attachment(DATA / entry["path"], entry.get("alt", "")) for entry in entries), None)


def _unread(
    entries: list[dict[str, Any]],
    conversations: tuple[Conversation, ...],
    chats: tuple[PrivateChat, ...],
) -> Iterator[Unread]:
    by_name = {(c.community, c.channel, c.topic): c.key for c in conversations}
    by_people = {frozenset(chat.people): chat.key for chat in chats}
    for entry in entries:
        for topic in entry["topics"]:
            place = (topic["community"], topic["channel"], topic["topic"])
            yield Unread(entry["person"], by_name[place], topic["last"])
        for chat in entry["private_chats"]:
            yield Unread(entry["person"], by_people[frozenset(chat["people"])], chat["last"])
