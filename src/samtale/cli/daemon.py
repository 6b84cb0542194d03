"""Puts the supervisor in the background: a fork that keeps the data folder's lock."""

import logging
import os
import sys

from samtale.stack.platform import Platform
from samtale.stack.state import State


def fork(ready: Platform) -> int:
    """Run the platform in a child of its own session. Returns the child's pid, in the parent only.

    A fork rather than a new program: everything is loaded and checked, and the lock goes along.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        ready.lock.close()
        return child
    code = 1
    try:
        os.setsid()
        _redirect(ready)
        log_to_stderr()
        code = 1 if ready.run(_ignore).phase == "failed" else 0
    except BaseException:
        logging.getLogger(__name__).critical("the supervisor failed", exc_info=True)
        raise
    finally:
        # Without the parent's exit handlers and buffers.
        os._exit(code)


def ended(child: int) -> bool:
    """Whether the child has ended."""
    try:
        return os.waitpid(child, os.WNOHANG)[0] == child
    except ChildProcessError:
        return True


def log_to_stderr() -> None:
    """The supervisor's own log."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", force=True
    )


def _redirect(ready: Platform) -> None:
    log = ready.folders.logs / "supervisor.log"
    if log.exists() and log.stat().st_size > 1024**2:
        log.replace(log.with_name("supervisor.log.1"))
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)


def _ignore(_: State) -> None:
    """The state file tells everybody."""
