"""`samtale down`: stop everything, the last started first."""

import contextlib
import os
import signal
import time
from typing import Annotated

import typer

from samtale.cli.options import ConfigOption, DataOption, out, read, refuse
from samtale.stack import erasing, platform, state
from samtale.stack.folders import Folders
from samtale.stack.process import clear_leftovers

_PATIENCE = 60.0


def down(
    config: ConfigOption = None,
    data: DataOption = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Delete the demo's data too, so that the next start begins anew.")
    ] = False,
) -> None:
    """Stop everything. It is fine when nothing runs."""
    folders = platform.locate(read(config, data))
    stop(folders)
    if erase:
        _erase(folders)


def stop(folders: Folders) -> None:
    """Stop what runs on a data folder, or end the command when it does not stop."""
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


def _erase(folders: Folders) -> None:
    try:
        found = erasing.erase(folders)
    except (erasing.EraseError, state.AlreadyRunningError) as error:
        refuse(str(error))
    out.print("the demo's data are deleted" if found else "there is nothing to delete")


def _clear_leftovers(folders: Folders) -> None:
    before = state.read(folders.state)
    known = {part.pid: part.started for part in before.parts if part.pid} if before else {}
    count = clear_leftovers(folders.root, known)
    out.print(f"ended {count} processes of a killed start" if count else "nothing runs")
