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
from samtale.homeserver.personal import MAIN, SendReceipt
from samtale.homeserver.rooms import SetState
from samtale.homeserver.sender import HomeserverRefused, Sender
from samtale.identity.models import Person

#: ``m.room.member`` with a date, which joining by its own path does not have.
MEMBER = "m.room.member"


@dataclass(frozen=True)
class Reading:
    """How far people have read one topic or chat. ``thread``: key of its root, None for a private chat.

    ``messages``: keys and authors in order; ``unread``: by address, how many of the last ones are new.
    """

    key: str
    thread: str | None
    messages: tuple[tuple[str, str], ...]
    unread: Mapping[str, int]

    def has_read(self, email: str, key: str) -> bool:
        unread = self.unread.get(email, 0)
        return key in [message for message, _ in self.messages[: len(self.messages) - unread]]

    def last_read(self, email: str) -> str | None:
        """Key of the newest message that was read, None when all is new."""
        read = self.messages[: len(self.messages) - self.unread.get(email, 0)]
        return read[-1][0] if read else None


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

    def read(self, readings: Iterable[Reading], people: Iterable[Person]) -> None:
        """Each of ``people`` has read each conversation up to what is new to them."""
        for person in people:
            for reading in readings:
                last = reading.last_read(person.email)
                key = f"read {person.email} {reading.key}"
                if last is None or self._ledger.get(key) is not None:
                    continue
                self._lanes.check()
                thread = MAIN if reading.thread is None else self._event_id(reading.thread)
                self._receipt(person, key, self._event_id(last), thread)

    def read_at_once(self, line: Line, people: Iterable[Person]) -> None:
        """Each of ``people`` reads the message of a topic as soon as it is there."""
        for person in people:
            key = f"read {person.email} {line.key}"
            if self._ledger.get(key) is None:
                root = self._event_id(f"{line.topic}/root")
                self._receipt(person, key, self._event_id(line.key), root)

    def read_all(self, people: Iterable[Person]) -> None:
        """Each of ``people`` has read everything that the room holds now."""
        readers = {f"read {person.email}": person for person in people}
        missing = {key: person for key, person in readers.items() if self._ledger.get(key) is None}
        if not missing:
            return
        # Topics are sent beside each other, so what is newest in time need not be what came last.
        last = self._reader.send(Messages(self.room_id, limit=1)).events[0]["event_id"]
        for key, person in missing.items():
            self._lanes.check()
            self._receipt(person, key, last, None)

    def _receipt(self, person: Person, key: str, event_id: str, thread: str | None) -> None:
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
    the headings, each topic in itself, and everything of today. Reactions follow their topic.
    """

    def __init__(
        self,
        room: Room,
        people: Mapping[str, Person],
        lanes: Lanes,
        *,
        sent: Callable[[Line], None],
        done: Callable[[], None],
    ) -> None:
        self._room = room
        self._people = people
        self._lanes = lanes
        self._sent = sent
        self._done = done
        self._lock = threading.Lock()
        self._chains = 0
        self._today: list[Line] = []
        self._reactions: dict[str, list[Line]] = {}

    def begin(self, lines: list[Line]) -> None:
        """``lines``: in the order of time. Returns at once; ``done`` is called before the reactions."""
        chains: dict[str, list[Line]] = {}
        for line in lines:
            if line.is_reaction:
                self._reactions.setdefault(line.topic, []).append(line)
            elif line.today:
                self._today.append(line)
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
        for line in self._today:
            self._one(line)
        self._done()
        for reactions in self._reactions.values():
            for line in reactions:
                self._lanes.add(self._one, line)

    def _one(self, line: Line) -> None:
        self._room.send(line, self._people)
        self._sent(line)
