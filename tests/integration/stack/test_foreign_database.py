"""The whole platform on a PostgreSQL that somebody else runs, made and named as the operator's guide says."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from conversation import Conversation
from foreign_server import ForeignServer
from newcomer import newcomer
from platform_under_test import Place, Platform

from samtale.stack import ports, postgres

_PORT = 12  # beside those of the platform


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    taken = Place("foreign", first_port=20400)
    yield taken
    taken.leave()


@pytest.fixture(scope="module")
def server(place: Place) -> Iterator[ForeignServer]:
    port = place.first_port + _PORT
    assert ports.is_free(port)
    running = ForeignServer(place.root / "server", port)
    running.start()
    try:
        running.make_as_the_guide_says()
        yield running
    finally:
        running.stop()


def dsn(server: ForeignServer, name: str, password: str | None = None) -> str:
    written = quote(password or server.passwords[name], safe="")
    return f"postgresql://{name}:{written}@127.0.0.1:{server.port}/{name}"


@pytest.fixture(scope="module")
def beside(place: Place, server: ForeignServer) -> Iterator[Platform]:
    """The platform beside that server, with a data folder of its own."""
    running = Platform(place.root / "platform", place.first_port, with_demo=False)
    running.environment |= {
        "SAMTALE_DATABASE_PORTAL_DSN": dsn(server, postgres.PORTAL),
        "SAMTALE_DATABASE_SYNAPSE_DSN": dsn(server, postgres.SYNAPSE),
    }
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def conversation(beside: Platform) -> Conversation:
    """That of a member who signed in through the real pages."""
    return Conversation(beside, newcomer(beside)())


def test_people_sign_in_and_what_they_write_is_there(
    server: ForeignServer, conversation: Conversation
) -> None:
    conversation.start()
    conversation.wait_for_more(5)
    # The operator upgrades it, and nobody loses a word.
    server.restart()
    conversation.wait_for_more(20)
    conversation.stop()
    assert conversation.stored() == conversation.acknowledged
    assert written_in(server) == len(conversation.acknowledged)
    people = "SELECT array_agg(name) FROM identity_person"
    assert server.ask(people, database=postgres.PORTAL) == ["Anna Jensen"]


def written_in(server: ForeignServer) -> int:
    """How many messages Synapse's database there holds."""
    return int(
        server.ask("SELECT count(*) FROM events WHERE type = 'm.room.message'", database=postgres.SYNAPSE)
    )


def test_status_has_no_database_of_our_own(beside: Platform) -> None:
    found = beside.status()
    assert found["healthy"] is True
    assert sorted(part["name"] for part in found["parts"]) == ["portal", "proxy", "synapse", "worker"]
    assert not (beside.folders.database / "data").exists()


def test_doctor_looks_at_both_databases(beside: Platform) -> None:
    answer = beside.samtale("doctor", "--json")
    found = {each["what"]: each for each in json.loads(answer.stdout)}
    assert answer.returncode == 0, [each for each in found.values() if each["verdict"] == "bad"]
    for what in ("database", "synapse database"):
        assert (found[what]["verdict"], found[what]["found"]) == ("good", "PostgreSQL 18.4 answers")
    # Programs that are not needed are not looked for.
    assert "postgresql" not in found


def test_each_service_has_its_own_database_and_nobody_elses(server: ForeignServer) -> None:
    for name, other in ((postgres.PORTAL, postgres.SYNAPSE), (postgres.SYNAPSE, postgres.PORTAL)):
        assert server.ask("SELECT has_database_privilege(%s, %s, 'CONNECT')", name, other) is False
        owners = "SELECT array_agg(DISTINCT tableowner::text) FROM pg_tables WHERE schemaname = 'public'"
        assert server.ask(owners, database=name) == [name]


def test_passwords_are_shown_nowhere(beside: Platform, server: ForeignServer) -> None:
    written = beside.samtale("config", "show").stdout + beside.samtale("doctor").stdout
    logs = [*beside.folders.logs.iterdir(), server.log]
    written += "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs)
    for password in server.passwords.values():
        assert password not in written
        assert quote(password, safe="") not in written


def test_down_leaves_the_server_alone(
    beside: Platform, server: ForeignServer, conversation: Conversation
) -> None:
    since = server.ask("SELECT pg_postmaster_start_time()")
    answer = beside.samtale("down")
    assert answer.returncode == 0, answer.stderr
    beside.wait_for_end()
    assert server.ask("SELECT pg_postmaster_start_time()") == since
    ours = "SELECT count(*) FROM pg_stat_activity WHERE usename = ANY(%s)"
    assert server.ask(ours, list(server.passwords)) == 0
    assert written_in(server) == len(conversation.acknowledged)


@pytest.mark.parametrize(
    ("role", "key", "variable"),
    [
        (postgres.PORTAL, "database.portal_dsn", "SAMTALE_DATABASE_PORTAL_DSN"),
        (postgres.SYNAPSE, "database.synapse_dsn", "SAMTALE_DATABASE_SYNAPSE_DSN"),
    ],
)
def test_a_wrong_password_is_one_sentence_that_names_the_key(
    beside: Platform, server: ForeignServer, role: str, key: str, variable: str
) -> None:
    right = beside.environment[variable]
    beside.environment[variable] = dsn(server, role, "hunter2")
    try:
        refused = beside.samtale("up")
        looked = beside.samtale("doctor", "--json")
    finally:
        beside.environment[variable] = right
    (told,) = refused.stderr.strip().splitlines()
    assert refused.returncode == 1
    assert told == f'environment: {variable}: password authentication failed for user "{role}"'
    assert looked.returncode == 1
    (bad,) = [each for each in json.loads(looked.stdout) if each["verdict"] == "bad"]
    assert bad["found"] == f'password authentication failed for user "{role}"'
    assert bad["advice"] == f"check {key}"
    assert "hunter2" not in refused.stderr + refused.stdout + looked.stdout
    # No part was begun.
    assert beside.samtale("status").returncode == 1


def test_a_server_that_is_away_is_one_sentence_each(beside: Platform, server: ForeignServer) -> None:
    nobody = server.port + 1
    assert ports.is_free(nobody)
    elsewhere = {
        name: text.replace(f":{server.port}/", f":{nobody}/")
        for name, text in beside.environment.items()
        if name.endswith("_DSN")
    }
    away = Platform(beside.root, beside.ports["proxy"], with_demo=False)
    away.environment |= elsewhere
    answer = away.samtale("up")
    assert answer.returncode == 1
    told = answer.stderr.strip().splitlines()
    assert [line.split(": ")[1] for line in told] == sorted(elsewhere)
    assert all(f'"127.0.0.1", port {nobody} failed: Connection refused' in line for line in told)
