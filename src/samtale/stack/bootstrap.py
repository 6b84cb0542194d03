"""Gets everything that is pinned: run by the system's Python before anything is installed.

Standard library only. uv comes from PyPI into a place of its own when the machine has none; Node comes as
a wheel when the machine has none new enough. Does nothing when nothing changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
LEAST_PYTHON = (3, 11)
LEAST_NODE = 24
UV = "uv==0.13.9"
_VENV = CHECKOUT / ".venv"
_OWN_UV = CHECKOUT / ".uv"
_NOTE = _VENV / ".synced-for"


def main() -> int:
    """Install what is missing. Returns the exit code."""
    if sys.version_info < LEAST_PYTHON:
        return _refuse(
            f"Python {'.'.join(map(str, LEAST_PYTHON))} or newer is needed, {sys.executable} is "
            f"{sys.version_info.major}.{sys.version_info.minor}: name one with `make PYTHON=/path/to/python3`"
        )
    groups = [] if _node_version() >= LEAST_NODE else ["--group", "node"]
    wanted = _fingerprint(groups)
    if _NOTE.is_file() and _NOTE.read_text(encoding="utf-8") == wanted:
        return 0
    uv = _uv()
    if uv is None:
        return 1
    _say("installing the pinned Python packages …")
    # Compiled now, since the account that runs the parts may not write beside the packages.
    options = ["--frozen", "--quiet", "--compile-bytecode", "--extra=demo"]
    command = [uv, "sync", *options, f"--python={_python()}", *groups]
    environment = dict(os.environ) | {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(_VENV)}
    environment.pop("VIRTUAL_ENV", None)
    code = subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode
    if code:
        return _refuse("`uv sync --frozen` failed: is PyPI reachable?")
    _NOTE.write_text(wanted, encoding="utf-8")
    return 0


def _uv() -> str | None:
    own = _OWN_UV / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.is_file() else None)
    if found:
        return found
    _say("getting uv from PyPI …")
    if subprocess.run([sys.executable, "-m", "venv", str(_OWN_UV)], check=False).returncode:
        _refuse("Python cannot make virtual environments: `apt-get install python3-venv` gets that")
        return None
    install = [str(_OWN_UV / "bin" / "python"), "-m", "pip", "install", "--quiet", UV]
    if subprocess.run(install, check=False).returncode:
        _refuse("`pip install uv` failed: is PyPI reachable?")
        return None
    return str(own)


def _python() -> str:
    """The interpreter itself, not the one of an environment that happens to be active."""
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")


def _node_version() -> int:
    """Of the machine's own Node; the environment's is what this program installs, active or not."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    others = os.pathsep.join(folder for folder in folders if Path(folder) != _VENV / "bin")
    node = shutil.which("node", path=others)
    if node is None:
        return 0
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=10)
        return int(answer.stdout.strip().lstrip("v").partition(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _fingerprint(groups: list[str]) -> str:
    parts = [(CHECKOUT / name).read_bytes() for name in ("pyproject.toml", "uv.lock")]
    parts.append(f"{_python()} {sys.version} {groups}".encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _refuse(sentence: str) -> int:
    _say(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main())
