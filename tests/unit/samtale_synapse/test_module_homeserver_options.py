"""The rules that homeserver.yaml must hold are in the one that is rendered."""

from pathlib import Path

import pytest

from samtale import config
from samtale.stack import folders, privilege, secrets, synapse
from samtale_synapse.homeserver_options import REQUIRED_HOMESERVER_OPTIONS


@pytest.fixture
def rendered(tmp_path: Path) -> dict[str, object]:
    chosen = config.load(environment={"SAMTALE_DATA": str(tmp_path / "data"), "SAMTALE_DEMO": "true"})
    where = folders.place(chosen, privilege.choose())
    where.make()
    return synapse.homeserver(chosen, where, secrets.load_or_create(where.secrets))


@pytest.mark.parametrize("option", REQUIRED_HOMESERVER_OPTIONS)
def test_it_is_set(rendered: dict[str, object], option: str) -> None:
    assert rendered[option] == REQUIRED_HOMESERVER_OPTIONS[option]
