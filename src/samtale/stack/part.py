"""What the supervisor knows about a part."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from samtale.stack.privilege import Account


class Unhealthy(Exception):
    """A probe's answer: the part runs but does not do its work; the text says what was seen."""


Probe = Callable[[], Awaitable[str]]
Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Part:
    """A process to run.

    Attributes:
        name: as `samtale status` and `samtale logs` call it.
        command: program and arguments.
        probe: returns a short detail when the part does its work, raises `Unhealthy` otherwise.
        needs: parts that must be healthy (or, for a step, done) before this one starts.
        environment: the whole environment of the process; nothing is inherited.
        folder: working directory.
        account: whom it runs as; None for the one who started us.
        after_start: run when the part has become healthy after a start; for a step, when it is done.
        stop_signal: asks the part to end.
        stop_seconds: how long it may take before it is killed.
        start_seconds: how long it may take until its first healthy probe.
        step: runs once to its end before others start, and is no part of the status.
    """

    name: str
    command: tuple[str, ...]
    probe: Probe | None = None
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path("/")
    account: Account | None = None
    after_start: Step | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10
    start_seconds: float = 60
    step: bool = False
