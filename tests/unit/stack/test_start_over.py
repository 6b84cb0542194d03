"""A database and its secrets belong together; a demo is deleted with all of its places and nothing else."""

import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from samtale import config
from samtale.stack import erasing, folders, installation, platform, postgres, state
from samtale.stack.folders import Folders


@dataclass(frozen=True)
class Demo:
    """A demo's data folder, in a folder that only its owner may enter; for root its database is elsewhere."""

    settings: config.Config
    folders: Folders

    def prepare(self) -> None:
        """As `samtale up` does before a part starts."""
        platform.prepare(self.settings).lock.close()


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where everybody may enter, unlike pytest's own folder."""
    folder = Path(tempfile.mkdtemp(prefix="samtale-"))
    folder.chmod(0o755)
    monkeypatch.setattr(folders, "_OUTSIDE", folder / "outside")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def demo(around: Path) -> Demo:
    (around / "closed").mkdir(mode=0o700)
    environment = {"SAMTALE_DATA": str(around / "closed" / "data"), "SAMTALE_DEMO": "true"}
    with ExitStack() as held:
        for key in ("PROXY_PORT", "PORTS_PORTAL", "PORTS_SYNAPSE", "PORTS_TESTIDP"):
            probe = held.enter_context(socket.create_server(("127.0.0.1", 0)))
            environment[f"SAMTALE_{key}"] = str(probe.getsockname()[1])
    settings = config.load(environment=environment)
    return Demo(settings, platform.locate(settings))


def test_a_database_of_lost_secrets_is_refused_and_a_demo_begins_anew(demo: Demo, around: Path) -> None:
    demo.prepare()
    cluster = demo.folders.database / "data"
    assert cluster.is_relative_to(around / "outside" if os.geteuid() == 0 else demo.folders.root)
    demo.prepare()
    demo.folders.secrets.unlink()
    for _ in range(2):
        with pytest.raises(postgres.PostgresError, match=r"other secrets than those in secrets\.json"):
            demo.prepare()
    (demo.folders.root / "notes.txt").write_text("mine", encoding="utf-8")
    assert erasing.erase(demo.folders) is True
    left = [path for path in around.rglob("*") if path.is_file()]
    assert left == [demo.folders.root / "notes.txt"]
    assert erasing.erase(demo.folders) is False
    demo.prepare()
    assert (cluster / "PG_VERSION").exists()


def test_the_list_of_people_comes_back_when_it_was_deleted(demo: Demo) -> None:
    demo.prepare()
    assert not demo.folders.demo_file.exists()
    (demo.folders.portal / "demo.json").write_text('{"people": []}', encoding="utf-8")
    demo.prepare()
    assert demo.folders.demo_file.read_text(encoding="utf-8") == '{"people": []}'
    assert stat.S_IMODE(demo.folders.demo_file.stat().st_mode) == 0o600


def test_only_a_demo_that_does_not_run_is_deleted(demo: Demo) -> None:
    demo.folders.make()
    installation.check(demo.settings, demo.folders)
    lock = state.take_lock(demo.folders.lock)
    with pytest.raises(state.AlreadyRunningError):
        erasing.erase(demo.folders)
    lock.close()
    content = demo.folders.installation.read_text()
    for other in (content.replace("true", "false"), "damaged", None):
        demo.folders.installation.unlink()
        if other is not None:
            demo.folders.installation.write_text(other)
        with pytest.raises(erasing.EraseError, match="holds no demo, so nothing was deleted"):
            erasing.erase(demo.folders)
        demo.folders.installation.write_text(content)
    assert demo.folders.portal.is_dir()
