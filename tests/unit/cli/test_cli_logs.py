"""`samtale logs --follow`, as one reads it in a terminal."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from samtale.stack import log_files
from samtale.stack.log_files import RotatingFile

Write = Callable[[str], None]


@contextmanager
def following(data: Path, *arguments: str) -> Iterator[IO[str]]:
    command = [sys.executable, "-m", "samtale.cli", "logs", *arguments, "--follow", "--data", str(data)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background had Ctrl-C ignored, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
        finally:
            process.kill()


def log(data: Path, part: str) -> RotatingFile:
    (data / "logs").mkdir(exist_ok=True)
    return RotatingFile(data / "logs" / f"{part}.log")


def test_new_lines_are_printed_as_they_come_whole(tmp_path: Path) -> None:
    file = log(tmp_path, "portal")
    file.write(b"before\n")
    with following(tmp_path, "portal") as printed:
        assert printed.readline() == "before\n"
        file.write("half a l\u00f8".encode()[:-1])
        file.write("\u00f8".encode()[-1:] + b"ng line\nthe next\n")
        assert [printed.readline() for _ in range(2)] == ["half a l\u00f8ng line\n", "the next\n"]


def test_a_file_that_begins_again_is_followed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "LARGEST", 20)
    file = log(tmp_path, "portal")
    file.write(b"before\n")
    with following(tmp_path, "portal") as printed:
        assert printed.readline() == "before\n"
        file.write(b"this one fills it\n")
        file.write(b"after\n")
        assert [printed.readline() for _ in range(2)] == ["this one fills it\n", "after\n"]


def test_each_line_names_its_part_when_all_are_followed(tmp_path: Path) -> None:
    portal, synapse = log(tmp_path, "portal"), log(tmp_path, "synapse")
    portal.write(b"here\n")
    with following(tmp_path) as printed:
        assert printed.readline() == "portal: here\n"
        synapse.write(b"there\n")
        assert printed.readline() == "synapse: there\n"
