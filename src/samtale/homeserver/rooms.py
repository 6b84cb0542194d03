"""Rooms, state, membership and aliases (Client-Server API, "Rooms").

Every call is made by whoever sends it: ``@samtale`` with a plain sender, a person with
:class:`~samtale.homeserver.acting_as.ActingAs`.
"""

from dataclasses import dataclass
from typing import ClassVar

from samtale.homeserver.events import Written
from samtale.homeserver.sender import CLIENT, Call, Command, Json, path_of


@dataclass(frozen=True)
class CreateRoom(Call[str]):
    """Make a room; the answer is its id. ``request``: the body, see :mod:`samtale.homeserver.recipe`.

    Not safe to repeat, unless the body has an alias: then a second try is refused with ``M_ROOM_IN_USE``.
    """

    request: Json

    @property
    def path(self) -> str:
        return f"{CLIENT}/createRoom"

    @property
    def body(self) -> Json:
        return self.request

    def answer(self, status: int, data: Json) -> str:
        return str(data["room_id"])


@dataclass(frozen=True)
class SetState(Written):
    """Set one piece of state; the answer is the old event's id when nothing changed."""

    room_id: str
    event_type: str
    content: Json
    state_key: str = ""
    ts: int | None = None

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "state", self.event_type, self.state_key)


@dataclass(frozen=True)
class GetState(Call[Json | None]):
    """The content of one piece of state, None when it is not set."""

    room_id: str
    event_type: str
    state_key: str = ""
    method: ClassVar[str] = "GET"
    also_answers: ClassVar[frozenset[int]] = frozenset({404})

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "state", self.event_type, self.state_key)

    def answer(self, status: int, data: Json) -> Json | None:
        return None if status == 404 else data


@dataclass(frozen=True)
class RoomState(Call[tuple[Json, ...]]):
    """All current state events of a room, members too."""

    room_id: str
    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "state")

    def answer(self, status: int, data: Json) -> tuple[Json, ...]:
        return tuple(data["items"])


@dataclass(frozen=True)
class Invite(Command):
    """Refused with 403 when the person is in the room or banned."""

    room_id: str
    user_id: str

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "invite")

    @property
    def body(self) -> Json:
        return {"user_id": self.user_id}


@dataclass(frozen=True)
class Join(Command):
    """The sender joins. In the room already: a new membership event may be written."""

    room_id: str

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "join")

    @property
    def body(self) -> Json:
        return {}


@dataclass(frozen=True)
class Leave(Command):
    """The sender leaves, or turns an invitation down. Not in the room: nothing happens."""

    room_id: str

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "leave")

    @property
    def body(self) -> Json:
        return {}


@dataclass(frozen=True)
class Kick(Command):
    """Take ``user_id`` out of the room, or take an invitation back. ``reason`` is seen by all members."""

    room_id: str
    user_id: str
    reason: str = ""

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "kick")

    @property
    def body(self) -> Json:
        return {"user_id": self.user_id} | ({"reason": self.reason} if self.reason else {})


@dataclass(frozen=True)
class JoinedMembers(Call[frozenset[str]]):
    """User ids of those who are in the room now. The sender must be in it, or have been."""

    room_id: str
    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "joined_members")

    def answer(self, status: int, data: Json) -> frozenset[str]:
        return frozenset(data["joined"])


@dataclass(frozen=True)
class Members(Call[dict[str, str]]):
    """User id → ``join``, ``invite``, ``leave``, ``ban`` or ``knock``, for everybody who has one."""

    room_id: str
    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/rooms", self.room_id, "members")

    def answer(self, status: int, data: Json) -> dict[str, str]:
        return {event["state_key"]: event["content"]["membership"] for event in data["chunk"]}


@dataclass(frozen=True)
class JoinedRooms(Call[frozenset[str]]):
    """Ids of the rooms the sender is in."""

    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return f"{CLIENT}/joined_rooms"

    def answer(self, status: int, data: Json) -> frozenset[str]:
        return frozenset(data["joined_rooms"])


@dataclass(frozen=True)
class ResolveAlias(Call[str | None]):
    """The room id an alias (``#os2display.generelt:server``) stands for, None when it stands for none."""

    alias: str
    method: ClassVar[str] = "GET"
    also_answers: ClassVar[frozenset[int]] = frozenset({404})

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/directory/room", self.alias)

    def answer(self, status: int, data: Json) -> str | None:
        return None if status == 404 else str(data["room_id"])


@dataclass(frozen=True)
class SetAlias(Command):
    """Refused with 409 when the alias stands for a room already."""

    alias: str
    room_id: str
    method: ClassVar[str] = "PUT"

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/directory/room", self.alias)

    @property
    def body(self) -> Json:
        return {"room_id": self.room_id}


@dataclass(frozen=True)
class DeleteAlias(Command):
    alias: str
    method: ClassVar[str] = "DELETE"
    also_answers: ClassVar[frozenset[int]] = frozenset({404})

    @property
    def path(self) -> str:
        return path_of(f"{CLIENT}/directory/room", self.alias)
