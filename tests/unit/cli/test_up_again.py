"""`samtale up --ensure` where it runs already builds a client that changed."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from samtale.cli import up
from samtale.cli.application import app
from samtale.stack import client, code, state


@pytest.mark.parametrize("built", [True, False])
def test_a_changed_client_is_built_while_it_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, built: bool
) -> None:
    done: list[str] = []
    monkeypatch.setattr(state, "holder", lambda _: 1)
    monkeypatch.setattr(code, "is_current", lambda _: True)
    monkeypatch.setattr(client, "is_built", lambda: built)
    monkeypatch.setattr(client, "build", lambda: done.append("built"))
    monkeypatch.setattr(up, "_follow", lambda *_: done.append("shown"))
    answer = CliRunner().invoke(app, ["up", "--ensure", "--data", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    assert done == (["shown"] if built else ["built", "shown"])
