"""Why somebody was sent to another place to sign in, and where they go afterwards."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from samtale.identity.own_paths import is_own_path

#: »silence« is a sign-in that must ask nothing, »trial« one that only tells an operator what came.
Purpose = Literal["sign_in", "silence", "confirm", "link", "trial"]


@dataclass(frozen=True)
class Onward:
    """``path``: of our own, or empty for the usual one. ``person``: who is signed in, to confirm or to link.

    ``trial``: the key of a trial.
    """

    path: str = ""
    purpose: Purpose = "sign_in"
    person: int | None = None
    trial: str = ""

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "Onward":
        return cls(**json.loads(text))


def own_path(wanted: str) -> str:
    """The path when it is one of ours, else the usual one."""
    return wanted if is_own_path(wanted) else ""
