"""What `samtale doctor` says about one thing it looked at."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["good", "warning", "bad"]


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, what was seen, and what to do (empty when nothing)."""

    what: str
    verdict: Verdict
    found: str
    advice: str = ""
