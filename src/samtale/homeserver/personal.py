"""What belongs to one person: how far they have read, and their account data. Sent acting as that person."""

from dataclasses import dataclass
from typing import ClassVar

from samtale.homeserver.sender import CLIENT, Call, Command, Json, path_of

#: ``thread_id`` of the general chat: what is in the main timeline and in no thread.
MAIN = "main"


@dataclass(frozen=True)
class SendReceipt(Command):
    """Read up to ``event_id``. ``thread_id``: the topic's root, ``main``, or None for the whole room.

    ``private``: nobody else sees it (``m.read.private``).
    """

    room_id: str
    event_id: str
    thread_id: str | None = MAIN
    private: bool = False

    @property
    def path(self) -> str:
        kind = "m.read.private" if self.private else "m.read"
        return path_of(f"{CLIENT}/rooms", self.room_id, "receipt", kind, self.event_id)

    @property
    def body(self) -> Json:
        return {} if self.thread_id is None else {"thread_id": self.thread_id}


@dataclass(frozen=True)
class SetAccountData(Command):
    """``room_id`` None: for the whole account."""

    user_id: str
    data_type: str
    content: Json
    room_id: str | None = None
    method: ClassVar[str] = "PUT"

    @property
    def path(self) -> str:
        return _account_data_path(self.user_id, self.data_type, self.room_id)

    @property
    def body(self) -> Json:
        return self.content


@dataclass(frozen=True)
class GetAccountData(Call[Json | None]):
    """None when it was never set."""

    user_id: str
    data_type: str
    room_id: str | None = None
    method: ClassVar[str] = "GET"
    also_answers: ClassVar[frozenset[int]] = frozenset({404})

    @property
    def path(self) -> str:
        return _account_data_path(self.user_id, self.data_type, self.room_id)

    def answer(self, status: int, data: Json) -> Json | None:
        return None if status == 404 else data


def _account_data_path(user_id: str, data_type: str, room_id: str | None) -> str:
    room = () if room_id is None else ("rooms", room_id)
    return path_of(f"{CLIENT}/user", user_id, *room, "account_data", data_type)


@dataclass(frozen=True)
class PutPushRule(Command):
    """One of the person's own push rules. ``kind``: ``override``, ``underride``, ``content``, …"""

    kind: str
    rule_id: str
    rule: Json
    method: ClassVar[str] = "PUT"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/pushrules/global", self.kind, self.rule_id)

    @property
    def body(self) -> Json:
        return self.rule
