"""What is soon over, as the worker leaves it for `samtale status`: a file in the portal's data folder."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

FILE = "running-out.json"


@dataclass(frozen=True)
class RunningOut:
    """``what``: as a sentence begins with it."""

    what: str
    at: datetime

    def sentence(self, now: datetime) -> str:
        """For logs and the command line."""
        days = (self.at - now).days
        if days < 0:
            return f"{self.what} ran out on {self.at:%Y-%m-%d}"
        return f"{self.what} runs out on {self.at:%Y-%m-%d}, in {days} days"


def write(folder: Path, found: Iterable[RunningOut]) -> None:
    """``folder``: the portal's data folder. A reader sees the old or the new, never a part."""
    draft = folder / f".{FILE}"
    draft.write_text(json.dumps([{"what": one.what, "at": one.at.isoformat()} for one in found]))
    draft.replace(folder / FILE)


def read(folder: Path) -> list[RunningOut]:
    """Nothing when the worker has not looked yet, or when who asks may not look."""
    try:
        written = json.loads((folder / FILE).read_text())
        return [RunningOut(one["what"], datetime.fromisoformat(one["at"])) for one in written]
    except (OSError, ValueError, KeyError, TypeError):
        return []
