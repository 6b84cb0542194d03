"""What is in Matrix already, so that a loader that was killed goes on and doubles nothing.

Each event is noted after Synapse has answered. Between the two a kill may come: then the room holds one event
that is not noted. Its transaction id would stop a double for half an hour, unless Synapse was killed too. So
every event of the demo carries its key, and a room is looked through before the loader goes on in it.
"""

from samtale.demo.models import Sent
from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.events import Messages
from samtale.homeserver.sender import Sender

#: In the content of each event.
KEY = "dk.os2.demo"
#: Few things at a time are sent into a room, so the newest events hold whatever is not noted.
LOOK_BACK = 60


class Ledger:
    """The keys of one room's events (or of anything else that is done once), each with what came of it."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        rows = Sent.objects.filter(key__startswith=f"{prefix}|").values_list("key", "event_id")
        self._known = {key.partition("|")[2]: event_id for key, event_id in rows}

    def get(self, key: str) -> str | None:
        return self._known.get(key)

    def __len__(self) -> int:
        return len(self._known)

    def note(self, key: str, event_id: str) -> None:
        row = Sent(key=f"{self._prefix}|{key}", event_id=event_id)
        Sent.objects.bulk_create([row], ignore_conflicts=True)
        self._known[key] = event_id

    def transaction_id(self, key: str) -> str:
        return f"demo|{self._prefix}|{key}"

    def catch_up(self, reader: ActingAs | Sender, room_id: str) -> None:
        """Note what the room holds and the ledger does not."""
        page = reader.send(Messages(room_id, limit=LOOK_BACK))
        for event in page.events:
            key = event.get("content", {}).get(KEY)
            if isinstance(key, str) and key not in self._known:
                self.note(key, event["event_id"])
