"""The portal's worker: jobs that people must not wait for."""

import sys

from samtale.stack import portal
from samtale.stack.folders import Folders
from samtale.stack.part import Part


def part(folders: Folders, needs: tuple[str, ...]) -> Part:
    """How the supervisor runs it. It has no port: that it lives is what can be seen from outside."""
    return Part(
        name="worker",
        command=(sys.executable, "-m", "samtale.portal.worker"),
        needs=needs,
        environment=portal.environment(folders),
        folder=folders.portal,
        account=folders.accounts.programs,
    )
