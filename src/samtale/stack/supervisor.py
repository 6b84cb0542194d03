"""Keeps the parts running: starts them in order, probes them, restarts what dies, stops them in reverse.

A small program of ours rather than circus or supervisord: those know neither health probes that the next
part waits for, nor what to do with processes that outlived a killed supervisor.
"""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import IO, Any

from samtale.stack import state as states
from samtale.stack.folders import Folders
from samtale.stack.log_files import RotatingFile, last_lines
from samtale.stack.part import Part, Unhealthy
from samtale.stack.process import PartProcess
from samtale.stack.state import PartState, State

logger = logging.getLogger(__name__)

_FIRST_PROBES_EVERY = 0.1
_PROBE_EVERY = 3.0
# A part that answers no probe for this long is killed, so that it starts again.
_HANGING_AFTER = 45.0
_BACK_OFF = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
# A part that ran this long without trouble has a clean record again.
_CLEAN_AFTER = 60.0


class GaveUpError(Exception):
    """A part failed again and again; the text says which and what it last wrote."""


@dataclass
class _Running:
    """What the supervisor holds for one part."""

    part: Part
    ready: asyncio.Event
    log: RotatingFile
    process: PartProcess | None = None


class Supervisor:
    """Runs the parts of one data folder until it is told to stop, or the folder is gone.

    `lock`: the data folder's. Where another file lies in its place, the folder belongs to somebody else.
    """

    def __init__(
        self,
        parts: tuple[Part, ...],
        folders: Folders,
        url: str,
        *,
        pid: int,
        lock: IO[str],
        on_change: Callable[[State], None],
    ) -> None:
        self._folders = folders
        self._lock = lock
        self._on_change = on_change
        self._began = time.monotonic()
        self._stop = asyncio.Event()
        self._running = {
            part.name: _Running(part, asyncio.Event(), RotatingFile(folders.logs / f"{part.name}.log"))
            for part in parts
        }
        self._state = State(
            phase="starting",
            pid=pid,
            url=url,
            parts=tuple(PartState(part.name, since=time.time(), step=part.step) for part in parts),
        )

    async def run(self) -> State:
        """Run until a stop is asked for, the folder is gone, or a part gives up during the first start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        self._publish()
        tasks = [
            asyncio.create_task(self._keep(each), name=each.part.name) for each in self._running.values()
        ]
        all_ready = asyncio.create_task(self._all_ready())
        stop = asyncio.create_task(self._stop.wait())
        failed = ""
        try:
            pending = {*tasks, all_ready, stop}
            while not stop.done() and not failed:
                done, pending = await asyncio.wait(
                    pending, timeout=_PROBE_EVERY, return_when=asyncio.FIRST_COMPLETED
                )
                if all_ready in done:
                    self._set(phase="running")
                failed = self._failure(done - {all_ready, stop}, first_start=not all_ready.done())
                if not self._holds_folder():
                    failed = f"{self._folders.root} was deleted, moved or replaced while in use"
                    logger.critical("%s: all parts are stopped", failed)
        finally:
            self._set(phase="stopping")
            for task in (all_ready, stop, *tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._stop_all()
            self._set(phase="failed" if failed else "stopped", message=failed)
        return self._state

    def _failure(self, done: set[asyncio.Task[Any]], *, first_start: bool) -> str:
        """The first start ends when a part gives up; later the others go on serving."""
        for task in done:
            error = task.exception() if not task.cancelled() else None
            if error is None:
                continue
            if not isinstance(error, GaveUpError):
                logger.error("%s: %r", task.get_name(), error, exc_info=error)
            logger.critical("%s", error)
            self._part(task.get_name(), phase="failed", detail=str(error).partition("\n")[0])
            if first_start:
                return str(error)
        return ""

    async def _all_ready(self) -> None:
        for each in self._running.values():
            await each.ready.wait()

    def _holds_folder(self) -> bool:
        return states.still_holds(self._lock, self._folders.lock)

    async def _keep(self, running: _Running) -> None:
        part = running.part
        for name in part.needs:
            await self._running[name].ready.wait()
        troubles = 0
        # In a folder that is no longer ours nothing is started: it may be another supervisor's by now.
        while self._holds_folder():
            began = time.monotonic()
            why = await self._once(running)
            if part.step and not why:
                if part.after_start:
                    await part.after_start()
                self._part(part.name, phase="done", pid=None, started=None, detail="")
                running.ready.set()
                return
            troubles = 0 if time.monotonic() - began > _CLEAN_AFTER else troubles
            if troubles >= len(_BACK_OFF) or (part.step and troubles >= 2):
                lines = "\n".join(last_lines(running.log.path, 8))
                raise GaveUpError(f"{part.name}: {why}, {troubles + 1} times; it last wrote:\n{lines}")
            logger.warning("%s: %s; starts again in %.1f s", part.name, why, _BACK_OFF[troubles])
            restarts = self._state.part(part.name).restarts + 1
            self._part(part.name, phase="restarting", pid=None, started=None, restarts=restarts, detail=why)
            await asyncio.sleep(_BACK_OFF[troubles])
            troubles += 1

    async def _once(self, running: _Running) -> str:
        """Run the part until it ends. Returns why it must start again; empty for a step that is done."""
        part = running.part
        try:
            process = await PartProcess.start(part, self._folders.root, running.log.write)
        except OSError as error:
            return f"{part.command[0]} cannot be started: {error.strerror}"
        running.process = process
        self._part(part.name, phase="starting", pid=process.pid, started=process.started)
        ended = asyncio.create_task(process.wait())
        watching = asyncio.create_task(self._watch(running))
        try:
            await asyncio.wait({ended, watching}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                process.kill()
            code = await ended
            trouble = watching.exception() if watching.done() and not watching.cancelled() else None
            if trouble is not None:
                return str(trouble)
            return "" if part.step and code == 0 else _ending(code)
        finally:
            watching.cancel()
            # When we are being stopped the process is kept for `_stop_all`, which knows the order.
            if ended.done():
                running.process = None
            else:
                ended.cancel()

    async def _watch(self, running: _Running) -> None:
        """Probe the part; ends with an exception when it must be started again."""
        part = running.part
        if part.step:
            await asyncio.sleep(part.start_seconds)
            raise TimeoutError(f"was not done within {part.start_seconds:.0f} s")
        if part.probe is None:
            # Nothing to ask: a part that stays alive for a moment counts as started.
            await asyncio.sleep(0.5)
            self._healthy(running, "")
            return await asyncio.Event().wait() and None
        await self._first_healthy(running, part)
        last_answer = time.monotonic()
        while True:
            await asyncio.sleep(_PROBE_EVERY)
            try:
                detail = await part.probe()
            except Unhealthy as error:
                self._part(part.name, phase="unhealthy", detail=str(error))
                if time.monotonic() - last_answer > _HANGING_AFTER and self._needs_healthy(part):
                    raise TimeoutError(f"gave no healthy answer for {_HANGING_AFTER:.0f} s") from error
            else:
                last_answer = time.monotonic()
                self._healthy(running, detail)

    async def _first_healthy(self, running: _Running, part: Part) -> None:
        assert part.probe is not None  # noqa: S101 - the caller looked
        deadline = time.monotonic() + part.start_seconds
        while True:
            try:
                detail = await part.probe()
                if part.after_start:
                    await part.after_start()
            except Unhealthy as error:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"not healthy within {part.start_seconds:.0f} s: {error}") from error
                await asyncio.sleep(_FIRST_PROBES_EVERY)
            else:
                self._healthy(running, detail)
                return

    def _needs_healthy(self, part: Part) -> bool:
        """Whether the fault is its own: nothing that it needs, near or far, is away."""
        return all(self._state.part(name).phase in {"healthy", "done"} for name in self._all_needs(part.name))

    def _healthy(self, running: _Running, detail: str) -> None:
        known = self._state.part(running.part.name)
        seconds = known.seconds if known.seconds is not None else time.monotonic() - self._began
        self._part(known.name, phase="healthy", detail=detail, seconds=round(seconds, 1))
        running.ready.set()

    async def _stop_all(self) -> None:
        """Stop each part after those that need it."""
        alive = {name: each.process for name, each in self._running.items() if each.process is not None}
        while alive:
            needed = {need for name in alive for need in self._all_needs(name)}
            now = [name for name in alive if name not in needed]
            await asyncio.gather(*(self._stop_one(name, alive[name]) for name in now))
            for name in now:
                del alive[name]
        for each in self._running.values():
            each.log.close()

    def _all_needs(self, name: str) -> set[str]:
        direct = self._running[name].part.needs
        return {*direct, *(further for each in direct for further in self._all_needs(each))}

    async def _stop_one(self, name: str, process: PartProcess) -> None:
        await process.stop()
        self._part(name, phase="stopped", pid=None, started=None, detail="")

    def _reload(self) -> None:
        """Let the portal take up new code: its workers are replaced one by one."""
        portal = self._running.get("portal")
        if portal and portal.process:
            portal.process.signal(signal.SIGHUP)

    def _part(self, name: str, **changes: Any) -> None:
        before = self._state.part(name)
        after = replace(before, **changes)
        if after == before:
            return
        if after.phase != before.phase:
            after = replace(after, since=time.time())
        self._state = self._state.with_part(after)
        self._publish()

    def _set(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
        self._publish()

    def _publish(self) -> None:
        if self._holds_folder():
            with contextlib.suppress(OSError):
                states.write(self._folders.state, self._state)
        self._on_change(self._state)


def _ending(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
