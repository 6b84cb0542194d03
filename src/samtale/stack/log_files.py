"""Log files that do not grow for ever."""

import contextlib
import os
from pathlib import Path

LARGEST = 5 * 1024**2
KEPT = 3


class RotatingFile:
    """Appends bytes to a file; at `LARGEST` bytes it becomes `NAME.1`, and so on up to `KEPT`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab")

    def write(self, data: bytes) -> None:
        """Append."""
        self._file.write(data)
        self._file.flush()
        if self._file.tell() >= LARGEST:
            self._rotate()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(KEPT - 1, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            if older.exists():
                older.replace(self.path.with_name(f"{self.path.name}.{number + 1}"))
        self.path.replace(self.path.with_name(f"{self.path.name}.1"))
        self._file = self.path.open("ab")


class Followed:
    """A log file whose new lines are read as they come, also when it has become `NAME.1` meanwhile.

    `began`: how long the file was when it was opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("rb")
        self.began = self._file.seek(0, os.SEEK_END)
        self._half = b""

    def new_lines(self) -> list[str]:
        """What was written since the last call; a line that has no end yet comes with a later one."""
        lines = self._read()
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_ino != os.fstat(self._file.fileno()).st_ino:
                lines += self._read()
                self._file.close()
                self._file = self.path.open("rb")
                lines += self._read()
        return lines

    def _read(self) -> list[str]:
        whole, _, self._half = (self._half + self._file.read()).rpartition(b"\n")
        return whole.decode("utf-8", "replace").splitlines()


def last_lines(path: Path, count: int, until: int | None = None) -> list[str]:
    """The end of a log file, or of its first `until` bytes; at most 64 KB of it."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END) if until is None else until
        start = file.seek(max(end - 65536, 0))
        return file.read(end - start).decode("utf-8", "replace").splitlines()[-count:]
