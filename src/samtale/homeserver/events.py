"""Messages, threads, relations and redactions (Client-Server API, "Room Events")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from samtale.homeserver.sender import CLIENT, Call, Json, path_of

CLIENT_V1 = "/_matrix/client/v1"


class Written(Call[str]):
    """An event with its content; the answer is its id.

    ``ts``: milliseconds since 1970, to date it back; the application service alone may.
    """

    content: Json
    ts: int | None
    method: ClassVar[str] = "PUT"

    @property
    def query(self) -> Mapping[str, str]:
        return {} if self.ts is None else {"ts": str(self.ts)}

    @property
    def body(self) -> Json:
        return self.content

    def answer(self, status: int, data: Json) -> str:
        return str(data["event_id"])


@dataclass(frozen=True)
class SendEvent(Written):
    """Send an event into the timeline.

    ``transaction_id``: the same sender, room and id within about half an hour give the same event, so that a
    repeat is harmless.
    """

    room_id: str
    event_type: str
    content: Json
    transaction_id: str
    ts: int | None = None

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "send", self.event_type, self.transaction_id)


@dataclass(frozen=True)
class Redact(Call[str]):
    """Take an event's content away for good; the answer is the redaction's id."""

    room_id: str
    event_id: str
    transaction_id: str
    reason: str = ""
    method: ClassVar[str] = "PUT"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "redact", self.event_id, self.transaction_id)

    @property
    def body(self) -> Json:
        return {"reason": self.reason} if self.reason else {}

    def answer(self, status: int, data: Json) -> str:
        return str(data["event_id"])


@dataclass(frozen=True)
class GetEvent(Call[Json | None]):
    """One event, None when there is none or the sender may not see it."""

    room_id: str
    event_id: str
    method: ClassVar[str] = "GET"
    also_answers: ClassVar[frozenset[int]] = frozenset({404})

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "event", self.event_id)

    def answer(self, status: int, data: Json) -> Json | None:
        return None if status == 404 else data


@dataclass(frozen=True)
class Page:
    """Some events, and the token for the next page (None: that was all)."""

    events: tuple[Json, ...]
    next: str | None


def _page(data: Json, key: str) -> Page:
    return Page(events=tuple(data["chunk"]), next=data.get(key))


@dataclass(frozen=True)
class Messages(Call[Page]):
    """The room's timeline, a page at a time. ``direction``: ``b`` newest first, ``f`` oldest first."""

    room_id: str
    direction: Literal["b", "f"] = "b"
    start: str | None = None
    limit: int = 100
    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "messages")

    @property
    def query(self) -> Mapping[str, str]:
        query = {"dir": self.direction, "limit": str(self.limit)}
        return query if self.start is None else query | {"from": self.start}

    def answer(self, status: int, data: Json) -> Page:
        return _page(data, "end")


@dataclass(frozen=True)
class Relations(Call[Page]):
    """What relates to an event: ``m.thread``, ``m.replace`` (edits), ``m.annotation`` (reactions)."""

    room_id: str
    event_id: str
    relation: str
    direction: Literal["b", "f"] = "b"
    start: str | None = None
    limit: int = 100
    recurse: bool = False
    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT_V1}/rooms", self.room_id, "relations", self.event_id, self.relation)

    @property
    def query(self) -> Mapping[str, str]:
        query = {"dir": self.direction, "limit": str(self.limit)}
        if self.recurse:
            query["recurse"] = "true"
        return query if self.start is None else query | {"from": self.start}

    def answer(self, status: int, data: Json) -> Page:
        return _page(data, "next_batch")


@dataclass(frozen=True)
class Threads(Call[Page]):
    """The roots of the room's threads, latest activity first, each with its summary in ``unsigned``."""

    room_id: str
    start: str | None = None
    limit: int = 100
    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT_V1}/rooms", self.room_id, "threads")

    @property
    def query(self) -> Mapping[str, str]:
        query = {"limit": str(self.limit)}
        return query if self.start is None else query | {"from": self.start}

    def answer(self, status: int, data: Json) -> Page:
        return _page(data, "next_batch")
