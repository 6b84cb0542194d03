"""Files that only the platform may read: keys, and secrets that others gave us."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from samtale.stack.folders import Folders


@dataclass(frozen=True)
class Problem:
    """``what``: as a sentence about the file goes on."""

    what: str
    advice: str


def problem(path: Path, folders: Folders) -> Problem | None:
    """Whether others can read or change it, or the portal cannot. Raises OSError when it is not there."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        return Problem(f"mode {mode:04o}", f"let nobody else read or change it: chmod 600 {path}")
    account = folders.accounts.programs
    if account is not None and not account.may_read(path):
        return Problem(
            f"which the portal's account {account.name} cannot read",
            f"let {account.name} read it, and enter the folders it lies in",
        )
    if account is None and not os.access(path, os.R_OK):
        return Problem("which cannot be read", "give it to who starts the platform")
    return None
