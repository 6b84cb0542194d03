"""The whole platform with the demo, on ports and data of its own, started once for a test run."""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from samtale import config
from samtale.stack import demo, platform, portal_commands, ports, state
from samtale.stack.folders import Folders, outside
from samtale.stack.log_files import last_lines

CHECKOUT = Path(__file__).resolve().parents[1]
ROOT = CHECKOUT / ".samtale-test"
_FIRST_PORT = 18400
_OFFSETS = {"proxy": 0, "portal": 2, "testidp": 6, "synapse": 8}
_PATIENCE = 300.0
_SIDE_BY_SIDE = 6


@dataclass(frozen=True)
class Person:
    """One of the demo's people, as `demo.json` lists them."""

    key: str
    name: str
    email: str
    password: str
    matrix_id: str | None
    role: str | None


class Platform:
    """A platform in a folder of its own; start it, ask it, hurt it, stop it."""

    def __init__(
        self, root: Path, first_port: int, *, with_demo: bool = True, file: Path | None = None
    ) -> None:
        self.root = root
        self.file = file
        self.with_demo = with_demo
        self.ports = {
            name: first_port + offset for name, offset in _OFFSETS.items() if with_demo or name != "testidp"
        }
        self.environment = {
            name: text for name, text in os.environ.items() if not name.startswith("SAMTALE_")
        } | {
            "SAMTALE_DATA": str(root),
            "SAMTALE_DEMO": str(with_demo).lower(),
            "SAMTALE_PROXY_PORT": str(self.ports["proxy"]),
            "SAMTALE_PORTS_PORTAL": str(self.ports["portal"]),
            "SAMTALE_PORTS_SYNAPSE": str(self.ports["synapse"]),
            "SAMTALE_PORTS_TESTIDP": str(first_port + _OFFSETS["testidp"]),
        }
        self._supervisor: subprocess.Popen[bytes] | None = None

    @cached_property
    def config(self) -> config.Config:
        """The configuration it runs with."""
        return config.load(self.file, environment=self.environment)

    @property
    def _named_file(self) -> list[str]:
        return ["--config", str(self.file)] if self.file else []

    @cached_property
    def folders(self) -> Folders:
        """Where its data lie."""
        return platform.locate(self.config)

    @property
    def url(self) -> str:
        """What people type, without a slash at the end."""
        return self.config.public_url

    @property
    def people(self) -> list[Person]:
        """The demo's people."""
        listed = json.loads(self.folders.demo_file.read_text(encoding="utf-8"))
        return [Person(**each) for each in listed["people"]]

    def person(self, key: str) -> Person:
        """One of them, by first name in small letters."""
        return next(person for person in self.people if person.key == key)

    def sign_in_link(self, key: str) -> str:
        """A new link that signs the person in, once."""
        return next(link.url for link in demo.links(self.folders) if link.key == key)

    def portal(self, *arguments: str) -> str:
        """Run one of the portal's commands; returns what it printed."""
        return portal_commands.run(self.folders, *arguments)

    def samtale(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command `samtale` on this platform."""
        return subprocess.run(
            [sys.executable, "-m", "samtale.cli", *arguments, *self._named_file],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )

    def status(self) -> dict[str, Any]:
        """What `samtale status --json` prints."""
        found: dict[str, Any] = json.loads(self.samtale("status", "--json").stdout)
        return found

    def pid(self, part: str) -> int:
        """The process of a part."""
        now = state.read(self.folders.state)
        assert now is not None
        pid = now.part(part).pid
        assert pid is not None, f"{part} does not run"
        return pid

    @property
    def supervisor_pid(self) -> int:
        """The process that watches the parts."""
        assert self._supervisor is not None
        return self._supervisor.pid

    def start(self) -> None:
        """Start it and wait until all parts are healthy and the demo's first part is loaded."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "supervisor.out").open("ab") as output:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-m", "samtale.cli", "up", "--foreground", *self._named_file],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_end_with_tests,  # noqa: PLW1509 - one system call, no lock
            )
        self.wait_until_running()

    def wait_until_running(self) -> None:
        """Wait until all parts are healthy."""
        assert self._supervisor is not None
        deadline = time.monotonic() + _PATIENCE
        while (now := state.read(self.folders.state)) is None or (
            now.pid != self._supervisor.pid or now.phase != "running"
        ):
            if self._supervisor.poll() is not None or time.monotonic() > deadline:
                lines = "\n".join(last_lines(self.root / "supervisor.out", 40))
                raise AssertionError(f"the platform did not start:\n{lines}\nLogs: {self.folders.logs}")
            time.sleep(0.1)

    def wait_until_healthy(self, *parts: str) -> None:
        """Wait until these parts are healthy again."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            now = state.read(self.folders.state)
            if now is not None and all(now.part(part).phase == "healthy" for part in parts):
                return
            assert time.monotonic() < deadline, f"not healthy again: {parts}: {now}"
            time.sleep(0.1)

    def wait_for_new_process(self, part: str, old: int) -> None:
        """Wait until the part is healthy in another process than `old`."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            now = state.read(self.folders.state)
            known = now.part(part) if now is not None else None
            if known is not None and known.pid not in {None, old} and known.phase == "healthy":
                return
            assert time.monotonic() < deadline, f"{part} did not come back: {known}"
            time.sleep(0.1)

    def kill_supervisor(self) -> None:
        """End the supervisor with -9."""
        assert self._supervisor is not None
        self._supervisor.kill()
        self._supervisor.wait()

    def wait_for_end(self) -> int:
        """Wait until the supervisor has ended by itself; returns its exit code."""
        assert self._supervisor is not None
        return self._supervisor.wait(timeout=_PATIENCE)

    def stop(self) -> None:
        """Stop it, the data stay."""
        if self._supervisor is not None and self._supervisor.poll() is None:
            self._supervisor.send_signal(signal.SIGTERM)
            self._supervisor.wait(timeout=90)


class Place:
    """A folder and ports that no other test run uses now, in this checkout or another."""

    def __init__(self, name: str, first_port: int = _FIRST_PORT) -> None:
        ROOT.mkdir(exist_ok=True)
        names = [name, *(f"{name}-{number}" for number in range(1, _SIDE_BY_SIDE))]
        chosen, self._folder = _first_free([ROOT / f"{each}.lock" for each in names])
        self.root = chosen.with_suffix("")
        for left in (self.root, outside(self.root)):
            shutil.rmtree(left, ignore_errors=True)
        candidates = [first_port + 20 * number for number in range(4 * _SIDE_BY_SIDE)]
        free = [
            port for port in candidates if all(ports.is_free(port + offset) for offset in _OFFSETS.values())
        ]
        locks = {Path(tempfile.gettempdir()) / f"os2samtale-test-{port}.lock": port for port in free}
        chosen, self._ports = _first_free(list(locks))
        self.first_port = locks[chosen]

    def leave(self) -> None:
        """Let others have it; the data stay to be looked at."""
        self._folder.close()
        self._ports.close()


def _first_free(candidates: list[Path]) -> tuple[Path, IO[str]]:
    """Lock the first file that nobody else holds; it is free again when the file is closed."""
    for path in candidates:
        lock = path.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return path, lock
    raise AssertionError(f"other test runs use all of {', '.join(map(str, candidates))}")


def _end_with_tests() -> None:
    """Ask the supervisor to stop when the test run is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
