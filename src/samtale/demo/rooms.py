"""One room of the demo, from entering it to what is read in it. What was done before is skipped."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from samtale.communities import matrix, memberships
from samtale.demo.lanes import Lanes
from samtale.demo.ledger import Ledger
from samtale.demo.script import Line
from samtale.demo.timeline import milliseconds
from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.events import Messages, SendEvent
from samtale.homeserver.personal import SendReceipt
from samtale.homeserver.rooms import SetState
from samtale.homeserver.sender import HomeserverRefused, Sender
from samtale.identity.models import Person

#: ``m.room.member`` with a date, which joining by its own path does not have.
MEMBER = "m.room.member"


@dataclass(frozen=True)
class Reading:
    """How far people have read one topic or private chat.

    ``messages``: their keys in order; ``unread``: by address, how many of the last ones are new.
    """

    messages: tuple[str, ...]
    unread: Mapping[str, int]

    def has_read(self, email: str, key: str) -> bool:
        return key in self._read(email)

    def last_read(self, email: str) -> str | None:
        """Key of the newest message that was read, None when all is new."""
        read = self._read(email)
        return read[-1] if read else None

    def _read(self, email: str) -> tuple[str, ...]:
        return self.messages[: len(self.messages) - self.unread.get(email, 0)]


class Room:
    """``room_id`` exists; ``reader`` is in it and may look at what it holds."""

    def __init__(self, room_id: str, ledger: Ledger, reader: ActingAs | Sender, lanes: Lanes) -> None:
        self.room_id = room_id
        self._ledger = ledger
        self._reader = reader
        self._lanes = lanes

    def enter(self, people: Iterable[Person], at: datetime, *, invited: Callable[[Person], bool]) -> None:
        """Everybody joins, one second after the other, dated ``at``."""
        for number, person in enumerate(people):
            self.let_in(person, at + timedelta(seconds=number), invited(person))

    def let_in(self, person: Person, at: datetime, invited: bool) -> None:
        """Nothing when they have been let in before."""
        key = f"join {person.email}"
        if self._ledger.get(key) is not None:
            return
        self._lanes.check()
        ts = milliseconds(at)
        user_id = matrix.user_id(person)
        if invited:
            try:
                invitation = SetState(self.room_id, MEMBER, {"membership": "invite"}, user_id, ts)
                matrix.samtale().send(invitation)
            except HomeserverRefused:
                # Somebody signed in as them and was quicker.
                if not memberships.is_in(person, self.room_id):
                    raise
                self._ledger.note(key, "")
                return
        event_id = matrix.as_person(person).send(
            SetState(self.room_id, MEMBER, {"membership": "join"}, user_id, ts + 1)
        )
        self._ledger.note(key, event_id)

    def catch_up(self) -> None:
        """Learn what an earlier loader sent and could not note any more."""
        if len(self._ledger):
            self._ledger.catch_up(self._reader, self.room_id)

    def send(self, line: Line, people: Mapping[str, Person]) -> None:
        """Nothing when it was sent before."""
        if self._ledger.get(line.key) is not None:
            return
        self._lanes.check()
        content = line.content(self._event_id)
        sender = matrix.as_person(people[line.by])
        at = milliseconds(line.at)
        if line.state_key is not None:
            root = self._event_id(line.state_key)
            event_id = sender.send(SetState(self.room_id, line.event_type, content, root, at))
        else:
            transaction_id = self._ledger.transaction_id(line.key)
            event_id = sender.send(SendEvent(self.room_id, line.event_type, content, transaction_id, at))
        self._ledger.note(line.key, event_id)

    def read(self, key: str, people: Iterable[Person], root: str | None = None) -> None:
        """Each of ``people`` reads up to this message: of the topic with this ``root``, or of the room."""
        thread = None if root is None else self._event_id(root)
        for person in people:
            self._receipt(person, f"read {person.email} {key}", self._event_id(key), thread)

    def read_all(self, people: Iterable[Person]) -> None:
        """Each of ``people`` has read everything that the room holds now."""
        readers = {f"read {person.email}": person for person in people}
        missing = {key: person for key, person in readers.items() if self._ledger.get(key) is None}
        if not missing:
            return
        # Topics are sent beside each other, so what is newest in time need not be what came last.
        last = self._reader.send(Messages(self.room_id, limit=1)).events[0]["event_id"]
        for key, person in missing.items():
            self._receipt(person, key, last, None)

    def _receipt(self, person: Person, key: str, event_id: str, thread: str | None) -> None:
        """Nothing when it was sent before."""
        if self._ledger.get(key) is not None:
            return
        self._lanes.check()
        matrix.as_person(person).send(SendReceipt(self.room_id, event_id, thread))
        self._ledger.note(key, "")

    def _event_id(self, key: str) -> str:
        event_id = self._ledger.get(key)
        if event_id is None:
            raise LookupError(f"{key} is not in Matrix yet")
        return event_id


class Performance:
    """All that is said in one channel, several topics beside each other.

    Synapse takes half the time for an event when others of the same room are under way. What stays in order:
    the headings, each topic in itself, and everything late. Reactions follow their topic.

    ``before_late`` is called when all that is older is there, ``sent`` after each line, ``done`` before the
    reactions.
    """

    def __init__(
        self,
        room: Room,
        people: Mapping[str, Person],
        lanes: Lanes,
        *,
        before_late: Callable[[], None],
        sent: Callable[[Line], None],
        done: Callable[[], None],
    ) -> None:
        self._room = room
        self._people = people
        self._lanes = lanes
        self._before_late = before_late
        self._sent = sent
        self._done = done
        self._lock = threading.Lock()
        self._chains = 0
        self._late: list[Line] = []
        self._reactions: dict[str, list[Line]] = {}

    def begin(self, lines: list[Line]) -> None:
        """``lines``: in the order of time. Returns at once."""
        chains: dict[str, list[Line]] = {}
        for line in lines:
            if line.is_reaction:
                self._reactions.setdefault(line.topic, []).append(line)
            elif line.late:
                self._late.append(line)
            else:
                chains.setdefault(line.topic, []).append(line)
        self._chains = len(chains)
        if not chains:
            self._lanes.add(self._end)
        before: threading.Event | None = None
        for chain in chains.values():
            begun = threading.Event()
            self._lanes.add(self._chain, chain, before, begun)
            before = begun

    def _chain(self, chain: list[Line], before: threading.Event | None, begun: threading.Event) -> None:
        try:
            if before is not None:
                before.wait()  # it has a lane already: lanes are given in order
            self._one(chain[0])
        finally:
            begun.set()
        for line in chain[1:]:
            self._one(line)
        with self._lock:
            self._chains -= 1
            last = self._chains == 0
        if last:
            self._end()

    def _end(self) -> None:
        self._before_late()
        for line in self._late:
            self._one(line)
        self._done()
        for reactions in self._reactions.values():
            for line in reactions:
                self._lanes.add(self._one, line)

    def _one(self, line: Line) -> None:
        self._room.send(line, self._people)
        self._sent(line)
