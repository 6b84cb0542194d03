"""Several things at a time: a pool whose work may add work."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import Any

from django.db import connection

#: Synapse is fully busy with so many.
AT_A_TIME = 8


class Stopped(Exception):
    """It is time to end; the loader goes on another time."""


class Lanes:
    """``stop`` says whether it is time to end; it is asked before each piece of work."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop = stop
        self._failed = threading.Event()
        self._lock = threading.Lock()
        self._open: set[Future[None]] = set()
        self._pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="demo")

    def __enter__(self) -> "Lanes":
        return self

    def __exit__(self, *_: object) -> None:
        # Each thread has a database connection of its own, which only it can close.
        ready = threading.Barrier(AT_A_TIME)
        closing = [self._pool.submit(_close_connection, ready) for _ in range(AT_A_TIME)]
        wait(closing)
        self._pool.shutdown(cancel_futures=True)

    def add(self, work: Callable[..., Any], *arguments: Any) -> None:
        with self._lock:
            self._open.add(self._pool.submit(self._one, work, *arguments))

    def each(self, work: Callable[[Any], Any], things: Iterable[Any]) -> None:
        """Do ``work`` for each, and wait for all that was added meanwhile."""
        for thing in things:
            self.add(work, thing)
        self.wait()

    def wait(self) -> None:
        """Until nothing is left to do. Raises what the first piece of work that failed raised."""
        while True:
            with self._lock:
                pending, self._open = self._open, set()
            if not pending:
                return
            done, left = wait(pending, return_when=FIRST_EXCEPTION)
            with self._lock:
                self._open |= left
            failures = [error for future in done if (error := future.exception()) is not None]
            # What stopped because of another's failure says nothing.
            for failure in sorted(failures, key=lambda error: isinstance(error, Stopped)):
                raise failure

    def check(self) -> None:
        """Raises :class:`Stopped` when it is time to end, or when something else failed."""
        if self._failed.is_set() or self._stop():
            raise Stopped

    def _one(self, work: Callable[..., Any], *arguments: Any) -> None:
        try:
            self.check()
            work(*arguments)
        except BaseException:
            self._failed.set()
            raise


def _close_connection(ready: threading.Barrier) -> None:
    ready.wait()
    connection.close()
