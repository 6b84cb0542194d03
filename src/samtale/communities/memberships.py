"""Putting people into the rooms of communities and taking them out, in Matrix. Can be repeated."""

from dataclasses import dataclass

from samtale.communities import matrix
from samtale.communities.models import Channel, Community
from samtale.homeserver.personal import SendReceipt
from samtale.homeserver.rooms import GetState, Invite, Join, Leave
from samtale.homeserver.sender import HomeserverRefused, Json
from samtale.identity.models import Person


@dataclass(frozen=True)
class InRoom:
    """Where a person stands in a room. ``event``: ``m.room.member``, None for whoever never was in it."""

    event: Json | None
    user_id: str

    @property
    def joined(self) -> bool:
        return self._membership == "join"

    @property
    def put_out(self) -> bool:
        """A moderator has kicked or banned the person, in any client, and nobody has let them in since."""
        if self.event is None or self._membership not in ("leave", "ban"):
            return False
        return self.event["sender"] not in (self.user_id, matrix.samtale_user_id())

    @property
    def _membership(self) -> str | None:
        return None if self.event is None else self.event["content"].get("membership")


def in_room(person: Person, room_id: str) -> InRoom:
    """`@samtale` is in the room."""
    user_id = matrix.user_id(person)
    question = GetState(room_id, "m.room.member", user_id)
    return InRoom(matrix.samtale().send(question, query={"format": "event"}), user_id)


def is_in(person: Person, room_id: str) -> bool:
    return in_room(person, room_id).joined


def put_in_space(person: Person, community: Community) -> None:
    if community.space_id is None:
        raise ValueError(f"{community} has no space in Matrix yet")
    _invite_and_join(person, community.space_id)


def put_in_room(person: Person, channel: Channel, before: InRoom | None = None) -> None:
    """Members of the community come by themselves; to a closed channel, and a guest to any, by invitation.

    ``before``: where they stand, if that was just asked.
    """
    if channel.room_id is None:
        raise ValueError(f"{channel} has no room in Matrix yet")
    # Joining twice makes a new membership event, and Synapse counts what is unread from the newest one.
    if (before or in_room(person, channel.room_id)).joined:
        return
    if person.is_guest or channel.kind == Channel.Kind.CLOSED:
        _invite_and_join(person, channel.room_id)
    else:
        matrix.as_person(person).send(Join(channel.room_id))
    _begin_reading(person, channel.room_id)


def take_out_of_room(person: Person, channel: Channel) -> None:
    if channel.room_id is not None:
        _leave(person, channel.room_id)


def take_out_of_space(person: Person, community: Community) -> None:
    if community.space_id is not None:
        _leave(person, community.space_id)


def _invite_and_join(person: Person, room_id: str) -> None:
    try:
        matrix.samtale().send(Invite(room_id, matrix.user_id(person)))
    except HomeserverRefused as error:
        if error.status == 403 and is_in(person, room_id):
            return
        raise
    matrix.as_person(person).send(Join(room_id))


def _begin_reading(person: Person, room_id: str) -> None:
    """Read the room up to the join: unread counts then stand when the person's name changes later.

    Without a receipt for the whole room Synapse counts from the newest membership event, which a new
    display name writes too; our clients send receipts for topics alone.
    """
    event = in_room(person, room_id).event
    if event is not None:
        matrix.as_person(person).send(SendReceipt(room_id, event["event_id"], thread_id=None))


def _leave(person: Person, room_id: str) -> None:
    try:
        matrix.as_person(person).send(Leave(room_id))
    except HomeserverRefused as error:
        # Never was in the room.
        if error.status not in (403, 404):
            raise
