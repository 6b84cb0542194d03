"""The demo's made-up people are never served in earnest, wherever their data come from."""

import json
from collections.abc import Iterator

import pytest
from platform_under_test import Place, Platform


@pytest.fixture
def demo_database() -> Iterator[Platform]:
    """A real installation whose database somebody filled with the demo's people."""
    place = Place("demo-database", first_port=20400)
    running = Platform(place.root, place.first_port, with_demo=False)
    running.start()
    running.portal(
        "shell",
        "-c",
        "from samtale.identity.models import Person; "
        "Person.objects.create(email='anna@example.dk', name='Anna', localpart='ademo123', is_demo=True)",
    )
    running.stop()
    # As after a restore: nothing is known about the database.
    (running.folders.portal / "set-up-for").unlink()
    yield running
    running.samtale("down")
    place.leave()


def test_a_database_with_the_demos_people_is_refused_without_demo(demo_database: Platform) -> None:
    answer = demo_database.samtale("up")
    assert answer.returncode == 1
    assert "This database holds the demo's people and conversations" in answer.stderr
    assert demo_database.samtale("status").returncode == 1
    fixed = json.loads(demo_database.folders.installation.read_text())
    assert fixed == {"server_name": "localhost", "demo": False}
