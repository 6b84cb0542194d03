"""The portal's worker: jobs that people must not wait for."""

import sys
import time
from pathlib import Path

from samtale.portal.worker import DEAD_AFTER, SIGN_OF_LIFE
from samtale.stack import portal
from samtale.stack.folders import Folders
from samtale.stack.part import Part, Probe, Unhealthy


def part(folders: Folders, needs: tuple[str, ...]) -> Part:
    """How the supervisor runs it. It has no port; a file tells when it last reached its jobs."""
    sign = folders.portal / "data" / SIGN_OF_LIFE
    # What an earlier worker left says nothing about this one.
    sign.unlink(missing_ok=True)
    return Part(
        name="worker",
        command=(sys.executable, "-m", "samtale.portal.worker"),
        needs=needs,
        environment=portal.environment(folders),
        folder=folders.portal,
        account=folders.accounts.programs,
        probe=sign_of_life(sign),
    )


def sign_of_life(sign: Path) -> Probe:
    """Make a probe of a file that the worker touches every few seconds while all is well."""

    async def probe() -> str:
        try:
            age = time.time() - sign.stat().st_mtime  # noqa: ASYNC240 - a look at a local file
        except OSError as error:
            raise Unhealthy("has not reached its jobs yet") from error
        if age > DEAD_AFTER:
            raise Unhealthy(f"has not reached its jobs for {age:.0f} s")
        return ""

    return probe
