"""Log files that do not grow for ever."""

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


def last_lines(path: Path, count: int) -> list[str]:
    """The end of a log file, at most 64 KB of it."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 65536, 0))
        return file.read().decode("utf-8", "replace").splitlines()[-count:]
