"""One room of the demo, from entering it to what is read in it. Each step is skipped when it was done before."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from samtale.communities import matrix
from samtale.demo.ledger import Ledger
from samtale.demo.material import Message
from samtale.demo.script import Line
from samtale.demo.timeline import milliseconds
from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.events import SendEvent
from samtale.homeserver.personal import SendReceipt
from samtale.homeserver.rooms import SetState
from samtale.homeserver.sender import Sender
from samtale.identity.models import Person

Report = Callable[[int], None]
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

    def last_read(self, email: str) -> str | None:
        """Key of the newest message that was read, None when all is new."""
        read = self.messages[: len(self.messages) - self.unread.get(email, 0)]
        return read[-1][0] if read else None


class Room:
    """``room_id`` exists; ``reader`` is in it and may look at what it holds."""

    def __init__(
        self, room_id: str, ledger: Ledger, reader: ActingAs | Sender, stop: Callable[[], None]
    ) -> None:
        self.room_id = room_id
        self._ledger = ledger
        self._reader = reader
        self._stop = stop

    def enter(self, people: Iterable[Person], at: datetime, *, invited: Callable[[Person], bool]) -> None:
        """Everybody joins, one second after the other, dated ``at``."""
        for number, person in enumerate(people):
            key = f"join {person.email}"
            if self._ledger.get(key) is not None:
                continue
            self._stop()
            ts = milliseconds(at + timedelta(seconds=number))
            user_id = matrix.user_id(person)
            if invited(person):
                matrix.samtale().send(SetState(self.room_id, MEMBER, {"membership": "invite"}, user_id, ts))
            event_id = matrix.as_person(person).send(
                SetState(self.room_id, MEMBER, {"membership": "join"}, user_id, ts + 1)
            )
            self._ledger.note(key, event_id)

    def perform(self, lines: list[Line], people: Mapping[str, Person], report: Report) -> None:
        """Send what is not there yet, in order."""
        missing = [line for line in lines if self._ledger.get(line.key) is None]
        if missing and len(missing) < len(lines):
            self._ledger.catch_up(self._reader, self.room_id)
        for line in missing:
            if self._ledger.get(line.key) is None:
                self._stop()
                self._ledger.note(line.key, self._send(line, people[line.by]))
            report(1)

    def read(self, readings: Iterable[Reading], people: Iterable[Person]) -> None:
        """Each of ``people`` has read each conversation up to what is new to them."""
        readers = [person for person in people if self._ledger.get(f"read {person.email}") is None]
        for person in readers:
            self._stop()
            for reading in readings:
                last = reading.last_read(person.email)
                if last is None:
                    continue
                thread = None if reading.thread is None else self._event_id(reading.thread)
                matrix.as_person(person).send(
                    SendReceipt(self.room_id, self._event_id(last), thread or "main")
                )
            self._ledger.note(f"read {person.email}", "")

    def _send(self, line: Line, person: Person) -> str:
        content = line.content(self._event_id)
        sender = matrix.as_person(person)
        if line.state_key is not None:
            root = self._event_id(line.state_key)
            return sender.send(SetState(self.room_id, line.event_type, content, root, milliseconds(line.at)))
        return sender.send(
            SendEvent(
                self.room_id,
                line.event_type,
                content,
                self._ledger.transaction_id(line.key),
                milliseconds(line.at),
            )
        )

    def _event_id(self, key: str) -> str:
        event_id = self._ledger.get(key)
        if event_id is None:
            raise LookupError(f"{key} is not in Matrix yet")
        return event_id


def no_file(message: Message) -> str:
    raise LookupError(f"{message.key} has no file")
