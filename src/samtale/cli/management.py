"""The portal's own commands, run as the portal's account while it runs."""

from pathlib import Path
from typing import NoReturn

import typer

from samtale.cli.options import read, refuse
from samtale.stack import platform, portal_commands, state
from samtale.stack.folders import Folders


def running(config: Path | None, data: Path | None) -> Folders:
    """The data folder of a platform that runs, or end with a sentence."""
    folders = platform.locate(read(config, data))
    if state.holder(folders.lock) is None:
        refuse("nothing runs: `samtale up` starts it")
    return folders


def run(folders: Folders, *arguments: str) -> NoReturn:
    """Run a command of the portal, and end as it ended."""
    raise typer.Exit(portal_commands.show(folders, *arguments))
