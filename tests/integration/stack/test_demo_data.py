"""The demo's made-up people are never served in earnest, wherever their data come from."""

import json
import shutil
from collections.abc import Iterator

import psutil
import pytest
from platform_under_test import Place, Platform

from samtale.stack import code
from samtale.stack.folders import outside


@pytest.fixture
def real_installation() -> Iterator[Platform]:
    """One that people reach by a host name, in a folder that only its owner may enter."""
    place = Place("demo-database", first_port=20400)
    place.root.mkdir(mode=0o700)
    running = Platform(place.root / "data", place.first_port, with_demo=False)
    shutil.rmtree(outside(running.root), ignore_errors=True)
    running.environment |= {
        "SAMTALE_PORTAL_HOSTNAME": "samtale.example.dk",
        "SAMTALE_PROXY_EXTERNAL": "true",
        "SAMTALE_PROXY_TLS": "off",
    }
    yield running
    running.samtale("down")
    shutil.rmtree(outside(running.root), ignore_errors=True)
    place.leave()


def test_a_database_with_the_demos_people_is_never_served_under_a_host_name(
    real_installation: Platform,
) -> None:
    running = real_installation
    first = running.samtale("up")
    assert first.returncode == 0, first.stderr
    # In the background: the command ended, and what it started lives on.
    shown = [line.split()[:2] for line in first.stdout.splitlines()]
    assert all([part, "healthy"] in shown for part in ("postgres", "synapse", "portal", "worker"))
    assert first.stdout.rstrip().endswith("https://samtale.example.dk")
    assert running.status()["healthy"] is True
    supervisor = psutil.Process(running.pid("postgres")).ppid()
    # Somebody may be at work on the code while the tests run; that is not what is asked here.
    code.note(running.folders)
    again = running.samtale("up", "--ensure")
    assert (again.returncode, psutil.pid_exists(supervisor)) == (0, True), again.stderr
    # As after an update of the checkout.
    running.folders.code.write_text("older", encoding="utf-8")
    again = running.samtale("up", "--ensure")
    assert (again.returncode, psutil.pid_exists(supervisor)) == (0, False), again.stderr
    assert "What runs is older than the code here: it is started again." in again.stdout
    assert running.status()["healthy"] is True
    assert psutil.Process(running.pid("postgres")).uids().effective != 0
    running.portal(
        "shell",
        "-c",
        "from samtale.identity.models import Person; "
        "Person.objects.create(email='anna@example.dk', name='Anna', localpart='ademo123', is_demo=True)",
    )
    assert running.samtale("down").stdout.splitlines() == ["stopping …", "stopped"]

    again = running.samtale("up")
    assert again.returncode == 1
    assert "This database holds the demo's people and conversations" in again.stderr
    assert running.samtale("status").returncode == 1
    fixed = json.loads(running.folders.installation.read_text())
    assert fixed == {"server_name": "samtale.example.dk", "demo": False}

    erased = running.samtale("down", "--erase")
    assert erased.returncode == 1
    assert "holds no demo, so nothing was deleted" in erased.stderr
    assert (running.folders.database / "data" / "PG_VERSION").exists()
