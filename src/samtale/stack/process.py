"""One process of a part: started so that it cannot outlive us unnoticed, and ended with all it started."""

import asyncio
import contextlib
import ctypes
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil

from samtale.stack.part import Part
from samtale.stack.privilege import identity

# In the environment of every process we start, so that what is left of a killed supervisor can be found.
MARK = "OS2SAMTALE_DATA"

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class PartProcess:
    """A running process; its output goes to `write`."""

    def __init__(
        self, part: Part, process: asyncio.subprocess.Process, output: asyncio.ReadTransport
    ) -> None:
        self.part = part
        self.pid = process.pid
        self.started = _created(process.pid)
        self._process = process
        self._output = output

    @classmethod
    async def start(cls, part: Part, root: Path, write: Callable[[bytes], None]) -> "PartProcess":
        """Start the part's command.

        Raises:
            OSError: the program cannot be started.
        """
        supervisor = os.getpid()

        def die_with_supervisor() -> None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, part.stop_signal)
            if os.getppid() != supervisor:
                os._exit(1)

        # A pipe of our own: asyncio's would keep `wait` waiting for children that outlive the process.
        reading, writing = os.pipe()
        output, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: _Copy(write), os.fdopen(reading, "rb", buffering=0)
        )
        try:
            process = await asyncio.create_subprocess_exec(
                *part.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                env={**part.environment, MARK: str(root)},
                cwd=part.folder,
                start_new_session=True,
                preexec_fn=die_with_supervisor,
                **identity(part.account),
            )
        except BaseException:
            output.close()
            raise
        finally:
            os.close(writing)
        return cls(part, process, output)

    async def wait(self) -> int:
        """Wait for the end; what the process had started ends with it. Returns the exit code."""
        code = await self._process.wait()
        # The process led a session of its own: what is left in its group has lost its leader.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        # What they wrote last is in the pipe: let the loop read it before the end is told.
        await asyncio.sleep(0.05)
        self._output.close()
        return code

    async def stop(self) -> None:
        """Ask it to end, and kill it when it does not."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(self.part.stop_signal)
            try:
                await asyncio.wait_for(self._process.wait(), self.part.stop_seconds)
            except TimeoutError:
                self.kill()
        await self.wait()

    def kill(self) -> None:
        """End it and its group at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process itself."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)


class _Copy(asyncio.Protocol):
    """Hands on what comes out of a pipe."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write

    def data_received(self, data: bytes) -> None:
        self._write(data)


def clear_leftovers(root: Path, known: dict[int, float | None]) -> int:
    """End what a killed supervisor left on this data folder. Returns how many processes that were.

    Args:
        known: pid and creation time of the processes that the last supervisor wrote down; PostgreSQL writes
            over its own environment, so its mark cannot be trusted.
    """
    left = [process for process in psutil.process_iter() if _is_left(process, root, known)]
    for process in left:
        # PostgreSQL: SIGINT is a fast shutdown, SIGTERM would wait for its clients.
        with contextlib.suppress(psutil.Error):
            process.send_signal(signal.SIGINT if "postgres" in process.name() else signal.SIGTERM)
    _, stubborn = psutil.wait_procs(left, timeout=8)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)
    return len(left)


def tree_pss(pid: int) -> float:
    """Proportional share of memory of a process and all below it, in MB; 0 when it is gone."""
    total = 0
    with contextlib.suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in (leader, *leader.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_full_info().pss
    return total / 1024**2


def _is_left(process: psutil.Process, root: Path, known: dict[int, float | None]) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        if process.pid in known and known[process.pid] == process.create_time():
            return True
        return process.environ().get(MARK) == str(root)
    except psutil.Error:
        return False


def _created(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None
