"""Redactions take messages back, never state.

Whoever may delete messages in a room may redact any event of it, says Matrix. A redacted state event stays
the room's state, with nothing in it: a moderator could so take ``archived`` away from a channel, or its name.
"""

from synapse.module_api import EventBase

from samtale_synapse.refusal import Refusal
from samtale_synapse.synapse_rooms import SynapseRooms

REFUSAL = Refusal(
    "state_redaction",
    "Beskeder kan slettes; samtalens indstillinger kan ikke.",
    "Messages can be deleted; settings of the conversation cannot.",
)


class Redactions:
    def __init__(self, rooms: SynapseRooms) -> None:
        self._rooms = rooms

    async def check(self, event: EventBase) -> Refusal | None:
        if event.type != "m.room.redaction":
            return None
        # Room versions before 11 name the target outside the content; ours are made with 12.
        target = event.content.get("redacts")
        found = await self._rooms.event(event.room_id, target) if isinstance(target, str) else None
        return REFUSAL if found is None or found.is_state() else None
