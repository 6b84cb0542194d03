"""The demo's private chats: rooms that people make themselves."""

from collections.abc import Mapping

from samtale.communities import matrix
from samtale.communities.models import Channel, Community
from samtale.demo import script
from samtale.demo.content import Named
from samtale.demo.lanes import Lanes
from samtale.demo.ledger import Ledger
from samtale.demo.material import PrivateChat
from samtale.demo.models import Sent
from samtale.demo.rooms import Reading, Room
from samtale.demo.timeline import Timeline
from samtale.homeserver.personal import GetAccountData, SetAccountData
from samtale.homeserver.rooms import CreateRoom, JoinedRooms, Members
from samtale.homeserver.sender import Json
from samtale.identity.models import Person

ROOM = "room"


def load(
    chat: PrivateChat,
    *,
    timeline: Timeline,
    people: Mapping[str, Person],
    named: Mapping[str, Named],
    unread: Mapping[str, int],
    new: frozenset[str],
    lanes: Lanes,
) -> None:
    """Make the room, say what is said, read what is read."""
    members = [people[email] for email in chat.people]
    starter = members[0]
    ledger = Ledger(chat.key)
    room_id = ledger.get(ROOM)
    if room_id is None:
        room_id = _left_behind(starter, members) or matrix.as_person(starter).send(_create(chat, members))
        ledger.note(ROOM, room_id)
    room = Room(room_id, ledger, matrix.as_person(starter), lanes)
    begins = timeline.at(chat.messages[0].at)
    room.enter(members[1:], begins, invited=lambda _: False)
    room.catch_up()
    for line in script.of_chat(chat, timeline, named, new=new):
        room.send(line, people)
    reading = Reading(tuple(f"{chat.key}/{message.key}" for message in chat.messages), unread)
    for member in members:
        if (last := reading.last_read(str(member.email))) is not None:
            room.read(last, [member])
    for member in members:
        _mark_direct(member, [other for other in members if other is not member], room_id)


def _create(chat: PrivateChat, members: list[Person]) -> CreateRoom:
    body: Json = {
        "preset": "private_chat",
        "is_direct": True,
        "invite": [matrix.user_id(member) for member in members[1:]],
    }
    return CreateRoom(body | ({"name": chat.name} if chat.name else {}))


def _left_behind(starter: Person, members: list[Person]) -> str | None:
    """A room that a killed loader did not note: the starter's, with these people, known to nobody."""
    wanted = {matrix.user_id(member) for member in members}
    as_starter = matrix.as_person(starter)
    for room_id in as_starter.send(JoinedRooms()) - _known_rooms():
        members_now: dict[str, str] = as_starter.send(Members(room_id))
        if set(members_now) == wanted:
            return room_id
    return None


def _known_rooms() -> set[str]:
    known = set(Community.objects.exclude(space_id=None).values_list("space_id", flat=True))
    known |= set(Channel.objects.exclude(room_id=None).values_list("room_id", flat=True))
    known |= set(Sent.objects.filter(key__endswith=f"|{ROOM}").values_list("event_id", flat=True))
    return {room_id for room_id in known if room_id is not None}


def _mark_direct(member: Person, others: list[Person], room_id: str) -> None:
    """``m.direct`` tells clients a private chat from a room (Client-Server API, "Direct Messaging")."""
    user_id = matrix.user_id(member)
    as_member = matrix.as_person(member)
    direct = as_member.send(GetAccountData(user_id, "m.direct")) or {}
    wanted = dict(direct)
    for other in others:
        rooms = wanted.get(matrix.user_id(other), [])
        if room_id not in rooms:
            wanted[matrix.user_id(other)] = [*rooms, room_id]
    if wanted != direct:
        as_member.send(SetAccountData(user_id, "m.direct", wanted))
