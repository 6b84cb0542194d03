"""`samtale status` says what the worker found to be running out."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from samtale.cli.application import app
from samtale.config import load
from samtale.lifecycle import running_out
from samtale.lifecycle.running_out import RunningOut
from samtale.stack import platform, privilege, state
from samtale.stack.folders import Folders
from samtale.stack.privilege import Accounts
from samtale.stack.state import State

NOW = datetime.now(UTC)
SIGNING = RunningOut("our certificate for signing", NOW + timedelta(days=6, hours=1))


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Of a platform that ran."""
    # Root's data would lie in a folder for all installations of this machine.
    monkeypatch.setattr(privilege, "choose", lambda: Accounts(None, None))
    made = platform.locate(load(environment={"SAMTALE_DATA": str(tmp_path / "data")}))
    made.make()
    state.write(made.state, State(phase="running", url="https://chat.os2.example"))
    return made


def status(folders: Folders, *more: str) -> str:
    return CliRunner().invoke(app, ["status", "--data", str(folders.root), *more]).output


def test_what_runs_out_is_said(folders: Folders) -> None:
    running_out.write(
        folders.portal / "data", [SIGNING, RunningOut("the metadata of kombit", NOW - timedelta(days=1))]
    )
    sentence = f"our certificate for signing runs out on {SIGNING.at:%Y-%m-%d}, in 6 days"
    assert json.loads(status(folders, "--json"))["warnings"] == [
        sentence,
        f"the metadata of kombit ran out on {NOW - timedelta(days=1):%Y-%m-%d}",
    ]


def test_nothing_is_said_when_nothing_runs_out_or_nobody_looked(folders: Folders) -> None:
    assert json.loads(status(folders, "--json"))["warnings"] == []
    running_out.write(folders.portal / "data", [])
    assert json.loads(status(folders, "--json"))["warnings"] == []


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"what": "x"}]', '[{"what": "x", "at": "soon"}]'])
def test_a_note_that_cannot_be_read_is_none(folders: Folders, content: str) -> None:
    (folders.portal / "data" / running_out.FILE).write_text(content)
    assert json.loads(status(folders, "--json"))["warnings"] == []


def test_people_see_what_to_type(folders: Folders) -> None:
    running_out.write(folders.portal / "data", [SIGNING])
    known = state.read(folders.state)
    assert known is not None
    state.write(folders.state, State(phase="running", url=known.url, parts=(state.PartState("portal"),)))
    assert "our certificate for signing runs out on" in status(folders)
    assert "samtale fka check" in status(folders)
