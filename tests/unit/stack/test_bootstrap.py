"""What is there is found, and what is missing is one sentence with the command that gets it."""

import os
from pathlib import Path

import pytest

from samtale.stack import bootstrap


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, on a machine without Node and uv."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "uv.lock").write_text("")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(bootstrap, "_VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "_OWN_UV", tmp_path / ".uv")
    monkeypatch.setattr(bootstrap, "_NOTE", tmp_path / ".venv" / ".synced-for")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def uv(checkout: Path, script: str = "") -> Path:
    """One that notes how it was called."""
    called = checkout / "called"
    program(checkout / "bin" / "uv", f'echo "$@ | $UV_PYTHON_DOWNLOADS" >> {called}\n{script}')
    return called


def test_packages_are_installed_once(checkout: Path) -> None:
    called = uv(checkout)
    assert [bootstrap.main(), bootstrap.main()] == [0, 0]
    (line,) = called.read_text().splitlines()
    assert line.startswith("sync --frozen")
    assert "--extra=demo" in line
    assert line.endswith("--group node | never")
    (checkout / "uv.lock").write_text("changed")
    assert bootstrap.main() == 0
    assert len(called.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("version", "group"), [("v24.1.0", False), ("v26.0.0", False), ("v20.19.0", True), ("nonsense", True)]
)
def test_node_comes_as_a_wheel_when_the_machine_has_none_new_enough(
    checkout: Path, version: str, group: bool
) -> None:
    program(checkout / "bin" / "node", f"echo {version}")
    called = uv(checkout)
    assert bootstrap.main() == 0
    assert ("--group node" in called.read_text()) is group


def test_node_of_the_active_environment_is_not_the_machines(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = checkout / ".venv" / "bin"
    program(own / "node", "echo v24.1.0")
    monkeypatch.setenv("PATH", f"{own}{os.pathsep}{checkout / 'bin'}")
    called = uv(checkout)
    assert bootstrap.main() == 0
    assert "--group node" in called.read_text()


def test_an_installation_that_fails_says_what_to_look_at(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = uv(checkout, "exit 2")
    assert bootstrap.main() == 1
    assert "`uv sync --frozen` failed: is PyPI reachable?" in capsys.readouterr().err
    # It is tried again.
    assert bootstrap.main() == 1
    assert len(called.read_text().splitlines()) == 2


def test_without_venv_one_learns_what_gets_it(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program(checkout / "bin" / "python", "exit 1")
    monkeypatch.setattr(bootstrap.sys, "executable", str(checkout / "bin" / "python"))
    assert bootstrap.main() == 1
    assert "`apt-get install python3-venv` gets that" in capsys.readouterr().err


def test_without_a_way_to_pypi_one_learns_what_failed(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program(checkout / "bin" / "python", "exit 0")
    (checkout / ".uv" / "bin").mkdir(parents=True)
    program(checkout / ".uv" / "bin" / "python", "exit 1")
    monkeypatch.setattr(bootstrap.sys, "executable", str(checkout / "bin" / "python"))
    assert bootstrap.main() == 1
    assert "`pip install uv` failed: is PyPI reachable?" in capsys.readouterr().err


def test_an_old_python_is_refused_with_how_to_name_another(
    checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "LEAST_PYTHON", (99, 0))
    assert bootstrap.main() == 1
    assert "Python 99.0 or newer is needed" in capsys.readouterr().err
