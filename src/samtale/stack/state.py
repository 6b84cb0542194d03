"""What the supervisor knows, as a file that others read: the command line, and the next supervisor."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from samtale.stack.secrets import write_private

Phase = Literal["starting", "running", "stopping", "stopped", "failed"]
PartPhase = Literal["waiting", "starting", "healthy", "unhealthy", "restarting", "done", "failed", "stopped"]


@dataclass(frozen=True)
class PartState:
    """One part.

    Attributes:
        since: when it got into this phase, seconds since 1970.
        started: when the process was created, by the system's clock; with the pid it names one process.
        seconds: from the supervisor's start until the part was first healthy.
        restarts: how often it was started again.
    """

    name: str
    phase: PartPhase = "waiting"
    pid: int | None = None
    started: float | None = None
    since: float = 0
    seconds: float | None = None
    restarts: int = 0
    detail: str = ""
    step: bool = False


@dataclass(frozen=True)
class State:
    """The platform."""

    phase: Phase = "starting"
    pid: int = 0
    url: str = ""
    message: str = ""
    parts: tuple[PartState, ...] = field(default=())

    def part(self, name: str) -> PartState:
        """The part of that name."""
        return next(part for part in self.parts if part.name == name)

    def with_part(self, changed: PartState) -> "State":
        """The same with one part replaced."""
        parts = tuple(changed if part.name == changed.name else part for part in self.parts)
        return replace(self, parts=parts)


def write(path: Path, state: State) -> None:
    """Replace the file in one go."""
    write_private(path, json.dumps(asdict(state)), durable=False)


def read(path: Path) -> State | None:
    """The last state written, or None when there is none that can be read."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        parts = tuple(PartState(**part) for part in content.pop("parts"))
        return State(**content, parts=parts)
    except (OSError, ValueError, TypeError, KeyError):
        return None


class AlreadyRunningError(Exception):
    """Another supervisor holds the data folder; `pid` is it."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(f"already running (pid {pid}): `samtale status` shows it, `samtale down` stops it")
        self.pid = pid


def take_lock(path: Path) -> IO[str]:
    """Take the data folder for this process and its forks, until the last of them ends.

    Raises:
        AlreadyRunningError: somebody has it.
    """
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRunningError(holder(path)) from None
    sign_lock(file)
    return file


def sign_lock(file: IO[str]) -> None:
    """Write who holds it."""
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()


def still_holds(file: IO[str], path: Path) -> bool:
    """Whether the lock that was taken lies there yet; not when the data folder was deleted, or made anew."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return False


def holder(path: Path) -> int | None:
    """The pid of the supervisor that runs on this data folder, or None when none does."""
    try:
        with path.open("r+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read().strip() or 0) or None
    except (OSError, ValueError):
        return None
    return None
