"""`samtale down`: stop everything, the last started first."""

import contextlib
import os
import signal
import time

from samtale.cli.options import ConfigOption, DataOption, out, read, refuse
from samtale.stack import platform, state
from samtale.stack.folders import Folders
from samtale.stack.process import clear_leftovers

_PATIENCE = 60.0


def down(config: ConfigOption = None, data: DataOption = None) -> None:
    """Stop everything. It is fine when nothing runs."""
    folders = platform.locate(read(config, data))
    pid = state.holder(folders.lock)
    if pid is None:
        _clear_leftovers(folders)
        return
    out.print("stopping …")
    with contextlib.suppress(ProcessLookupError):
        try:
            os.kill(pid, signal.SIGTERM)
        except PermissionError:
            refuse(f"pid {pid} belongs to another user: stop it as that user")
    deadline = time.monotonic() + _PATIENCE
    while state.holder(folders.lock) is not None:
        if time.monotonic() > deadline:
            refuse(
                f"pid {pid} did not stop in {_PATIENCE:.0f} s; its log is {folders.logs / 'supervisor.log'}"
            )
        time.sleep(0.05)
    out.print("stopped")


def _clear_leftovers(folders: Folders) -> None:
    before = state.read(folders.state)
    known = {part.pid: part.started for part in before.parts if part.pid} if before else {}
    count = clear_leftovers(folders.root, known)
    out.print(f"ended {count} processes of a killed start" if count else "nothing runs")
