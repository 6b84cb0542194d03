"""No end-to-end encryption: channels are shared, searchable knowledge, and keys are what people lose.

Clients ask for encryption whatever ``.well-known`` says. So it is taken out of new rooms without a word, as
the person never asked for it, and refused with a sentence when somebody turns it on by hand.
"""

from typing import Any

from synapse.module_api import EventBase

from samtale_synapse.refusal import Refusal

REFUSAL = Refusal(
    "encryption",
    "Samtalerne her er ikke end-to-end-krypterede, så alle deltagere kan læse dem og søge i dem.",
    "Conversations here are not end-to-end encrypted, so that everyone in them can read and search them.",
)


def take_out(room_config: dict[str, Any]) -> None:
    """Remove encryption from the body of a createRoom, in place."""
    initial_state = room_config.get("initial_state")
    if isinstance(initial_state, list):
        room_config["initial_state"] = [
            state
            for state in initial_state
            if not (isinstance(state, dict) and state.get("type") == "m.room.encryption")
        ]


def check(event: EventBase) -> Refusal | None:
    return REFUSAL if event.type in ("m.room.encryption", "m.room.encrypted") else None
