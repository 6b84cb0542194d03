"""Who is in a call: state that every participant writes, each for their own devices, and nothing else in it.

Synapse sees to it that nobody writes a state key that begins with another's id; any other key it lets pass.
"""

import json

from synapse.module_api import EventBase

from samtale_synapse.limits import CALL_STATE_BYTES
from samtale_synapse.refusal import Refusal

#: The type clients send today, the one it was to have, and the one of MSC4143.
CALL_STATE = frozenset({"org.matrix.msc3401.call.member", "m.call.member", "m.rtc.member"})

NOT_OWN = Refusal(
    "call_state_key",
    "Du kan kun skrive din egen deltagelse i et opkald.",
    "You can only write your own part in a call.",
)
TOO_LARGE = Refusal(
    "call_state_size",
    "Der er for meget i deltagelsen i opkaldet.",
    "There is too much in the part in the call.",
)


def check(event: EventBase) -> Refusal | None:
    """State keys as in MSC3401 (the person) and MSC3757 (a device of theirs, with and without underscore)."""
    if not event.is_state() or event.type not in CALL_STATE:
        return None
    own = event.sender
    if event.state_key != own and not event.state_key.startswith((f"_{own}_", f"{own}_")):
        return NOT_OWN
    size = len(json.dumps(dict(event.content), ensure_ascii=False, default=dict).encode())
    return TOO_LARGE if size > CALL_STATE_BYTES else None
