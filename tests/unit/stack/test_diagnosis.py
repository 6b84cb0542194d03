"""What doctor finds when something is wrong, and what it says to do about it."""

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import psycopg
import pytest
from certificates import self_signed
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as django_settings

from samtale import config
from samtale.cli import bundled
from samtale.config import Config
from samtale.stack import database_diagnosis, diagnosis, folders, named_databases, privilege, state
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders
from samtale.stack.state import State


def configured(tmp_path: Path, **more: str) -> Config:
    return config.load(environment={"SAMTALE_DATA": str(tmp_path / "data"), **more})


def found(tmp_path: Path, what: str, **more: str) -> Finding:
    """What doctor says of one thing."""
    findings = asyncio.run(diagnosis.examine(configured(tmp_path, **more)))
    return next(each for each in findings if each.what == what)


def place(tmp_path: Path) -> Folders:
    made = folders.place(configured(tmp_path), privilege.Accounts(None, None))
    made.make()
    return made


def program(tmp_path: Path, name: str, says: str) -> Path:
    made = tmp_path / name
    made.write_text(f"#!/bin/sh\necho '{says}'\n")
    made.chmod(0o755)
    return made


def certificate(file: Path, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    made = self_signed(key, "samtale.example.dk", datetime.now(UTC), days)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def test_too_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=1024**3))
    said = found(tmp_path, "machine")
    assert (said.verdict, said.advice) == ("bad", "give it 2 GB of memory")


def test_too_little_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1024**3))
    said = found(tmp_path, "disk")
    assert (said.verdict, said.advice) == ("bad", "free 2 GB, or name another folder with --data")


@pytest.mark.parametrize(
    ("says", "verdict"), [("v2.5.1 h1:x", "bad"), ("2.6.2", "good"), ("v2.11.7", "good")]
)
def test_a_caddy_of_ones_own_must_be_new_enough(tmp_path: Path, says: str, verdict: str) -> None:
    said = found(tmp_path, "caddy", SAMTALE_PROGRAMS_CADDY=str(program(tmp_path, "caddy", says)))
    assert said.verdict == verdict, said
    assert said.advice == ("name 2.6 or newer in programs.caddy" if verdict == "bad" else "")


@pytest.mark.parametrize(("number", "verdict"), [("16.9", "bad"), ("17.0", "good"), ("18.1", "good")])
def test_a_postgresql_of_ones_own_must_be_new_enough(tmp_path: Path, number: str, verdict: str) -> None:
    for name in ("initdb", "postgres"):
        program(tmp_path, name, f"postgres (PostgreSQL) {number} (Debian {number}-1)")
    said = found(tmp_path, "postgresql", SAMTALE_PROGRAMS_POSTGRESQL=str(tmp_path))
    assert said.verdict == verdict, said
    assert said.advice == ("name 17 or newer in programs.postgresql" if verdict == "bad" else "")


def test_a_program_that_does_not_run(tmp_path: Path) -> None:
    broken = tmp_path / "caddy"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    said = found(tmp_path, "caddy", SAMTALE_PROGRAMS_CADDY=str(broken))
    assert (said.verdict, said.advice) == ("bad", "run `make bootstrap`")


def test_a_clock_that_went_back(tmp_path: Path) -> None:
    known = place(tmp_path)
    state.write(known.state, State())
    later = time.time() + 3600
    os.utime(known.state, (later, later))
    said = found(tmp_path, "clock")
    assert said.verdict == "bad"
    assert said.found.endswith("is in the past")
    assert said.advice == "set the clock, and keep it with NTP"


@pytest.mark.parametrize(("kept", "verdict"), [(False, "warning"), (True, "good")])
def test_a_clock_that_nothing_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool, verdict: str
) -> None:
    monkeypatch.setattr(diagnosis, "_clock_is_kept", lambda: kept)
    said = found(tmp_path, "clock")
    assert said.verdict == verdict
    assert ("systemd-timesyncd or chrony" in said.advice) is not kept


def test_the_kernel_is_asked_about_its_clock() -> None:
    assert diagnosis._clock_is_kept() in {True, False}


def test_a_port_that_somebody_else_holds(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = found(tmp_path, "proxy.port", SAMTALE_PROXY_PORT=str(port))
    assert said.verdict == "bad"
    assert str(port) in said.advice
    assert "environment: SAMTALE_PROXY_PORT: " in said.advice


@pytest.mark.parametrize(("days", "verdict", "advice"), [(40, "good", ""), (13, "bad", "renew it")])
def test_a_certificate_of_ones_own(tmp_path: Path, days: int, verdict: str, advice: str) -> None:
    file = tmp_path / "chain.pem"
    certificate(file, days)
    files = {"SAMTALE_PROXY_TLS": "files", "SAMTALE_PROXY_CERTIFICATE": str(file)}
    said = found(tmp_path, "certificates", **files, SAMTALE_PROXY_CERTIFICATE_KEY=str(file))
    assert (said.verdict, said.advice) == (verdict, advice)


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "chain.pem"
    file.write_text("no certificate")
    files = {"SAMTALE_PROXY_TLS": "files", "SAMTALE_PROXY_CERTIFICATE": str(file)}
    said = found(tmp_path, "certificates", **files, SAMTALE_PROXY_CERTIFICATE_KEY=str(file))
    assert (said.verdict, said.advice) == ("bad", "name a PEM file in proxy.certificate")


@pytest.mark.parametrize(("days", "verdict"), [(None, "warning"), (5, "bad"), (60, "good")])
def test_a_certificate_that_caddy_fetches(tmp_path: Path, days: int | None, verdict: str) -> None:
    host = "samtale.example.dk"
    kept = place(tmp_path).proxy / "certificates" / "certificates" / "acme-v02" / host / f"{host}.crt"
    if days is not None:
        certificate(kept, days)
    said = found(
        tmp_path,
        "certificates",
        SAMTALE_PORTAL_HOSTNAME=host,
        SAMTALE_PROXY_TLS="acme",
        SAMTALE_PROXY_PORT="443",
    )
    assert said.verdict == verdict
    assert (f"{host} must lead here" in said.advice) is (verdict != "good")


def test_nothing_runs_yet(tmp_path: Path) -> None:
    said = found(tmp_path, "platform")
    assert (said.verdict, said.advice) == ("warning", "start it with samtale up")


def test_our_own_database_that_does_not_answer(tmp_path: Path) -> None:
    said = database_diagnosis.bundled(place(tmp_path))
    assert (said.verdict, said.advice) == ("bad", "look at samtale logs postgres")


# ---- databases that the configuration names --------------------------------------------------------


@pytest.fixture
def server(django_db_setup: None) -> dict[str, Any]:
    return django_settings.CONFIG.database.__dict__


def dsn(server: dict[str, Any], name: str) -> str:
    return f"postgresql://{server['user']}:{server['password']}@/{name}?host={server['host']}&port={server['port']}"


@contextmanager
def new_database(server: dict[str, Any], how: str) -> Iterator[str]:
    name = f"wrong_{time.time_ns()}"
    with psycopg.connect(dsn(server, server["name"]), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {how}")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def of_synapse(tmp_path: Path, dsn: str) -> Finding:
    settings = configured(tmp_path, SAMTALE_DATABASE_SYNAPSE_DSN=dsn)
    (said,) = database_diagnosis.named(settings)
    return said


def test_a_database_for_synapse_is_looked_at(tmp_path: Path, server: dict[str, Any]) -> None:
    said = of_synapse(tmp_path, dsn(server, server["name"]))
    assert (said.what, said.verdict, said.advice) == ("synapse database", "good", ""), said


def test_synapse_insists_on_a_collation(tmp_path: Path, server: dict[str, Any]) -> None:
    with new_database(server, "LOCALE_PROVIDER libc LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'") as name:
        said = of_synapse(tmp_path, dsn(server, name))
    assert said.verdict == "bad"
    assert said.found.endswith("encoding, collation and ctype are UTF8, C.UTF-8, C.UTF-8")
    assert "LC_COLLATE 'C'" in said.advice


@pytest.mark.parametrize("key", ["PORTAL", "SYNAPSE"])
def test_a_database_that_does_not_know_danish_letters(
    tmp_path: Path, server: dict[str, Any], key: str
) -> None:
    with new_database(server, "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'") as name:
        settings = configured(tmp_path, **{f"SAMTALE_DATABASE_{key}_DSN": dsn(server, name)})
        (said,) = database_diagnosis.named(settings)
    assert said.verdict == "bad"
    assert said.found.endswith("but lower('ÆØÅ') is not 'æøå' there")
    assert "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'" in said.advice


def test_a_database_in_another_encoding(tmp_path: Path, server: dict[str, Any]) -> None:
    with new_database(server, "ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'") as name:
        said = of_synapse(tmp_path, dsn(server, name))
    assert said.verdict == "bad"
    assert said.found.endswith("encoding, collation and ctype are LATIN1, C, C")


def test_a_database_where_no_table_can_be_made(tmp_path: Path, server: dict[str, Any]) -> None:
    with new_database(server, "") as name:
        with psycopg.connect(dsn(server, name)) as connection:
            connection.execute(
                f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {server['user']}, pg_database_owner"
            )
        said = of_synapse(tmp_path, dsn(server, name))
    assert (said.verdict, said.advice) == ("bad", "make the user the database's owner")


def test_a_database_that_is_too_old(
    tmp_path: Path, server: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_databases, "_LEAST_VERSION", 990000)
    said = of_synapse(tmp_path, dsn(server, server["name"]))
    assert (said.verdict, said.advice) == ("bad", "use PostgreSQL 17 or newer")


def test_a_database_whose_clock_is_off(
    tmp_path: Path, server: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_diagnosis, "_CLOCKS_APART", -1)
    said = of_synapse(tmp_path, dsn(server, server["name"]))
    assert (said.verdict, said.advice) == ("bad", "keep both clocks with NTP")


def test_databases_that_cannot_be_reached_name_their_key(tmp_path: Path) -> None:
    settings = configured(
        tmp_path,
        SAMTALE_DATABASE_PORTAL_DSN=f"postgresql://u:p@/portal?host={tmp_path}",
        SAMTALE_DATABASE_SYNAPSE_DSN=f"postgresql://u:p@/synapse?host={tmp_path}",
    )
    said = database_diagnosis.named(settings)
    assert [(each.verdict, each.advice) for each in said] == [
        ("bad", "check database.portal_dsn"),
        ("bad", "check database.synapse_dsn"),
    ]
    assert not [each for each in said if "u:p" in each.found]


# ---- programs that come as wheels ------------------------------------------------------------------

REAL = {
    "SAMTALE_PORTAL_HOSTNAME": "samtale.example.dk",
    "SAMTALE_PROXY_TLS": "acme",
    "SAMTALE_PROXY_PORT": "443",
}


def test_a_real_installation_is_warned_of_bundled_programs(tmp_path: Path) -> None:
    said = bundled.warnings(configured(tmp_path, **REAL))
    assert ["PostgreSQL" in said[0], "Caddy" in said[1]] == [True, True]
    assert all("allow_bundled = true" in sentence for sentence in said)


@pytest.mark.parametrize("more", [{"SAMTALE_ALLOW_BUNDLED": "true", **REAL}, {}])
def test_whoever_said_it_is_fine_and_a_trial_are_not(tmp_path: Path, more: dict[str, str]) -> None:
    assert bundled.warnings(configured(tmp_path, **more)) == []


NOBODY = privilege.Account("nobody", os.getuid(), os.getgid())


@pytest.mark.parametrize(
    ("accounts", "host", "says"),
    [
        (privilege.Accounts(None, None), {}, "good: everything runs as uid"),
        (privilege.Accounts(NOBODY, NOBODY), {}, "good: every part runs as nobody"),
        (
            privilege.Accounts(NOBODY, NOBODY),
            REAL,
            "good: the proxy runs as root, which the ports of the web need, every other part as nobody",
        ),
        (
            privilege.Accounts(NOBODY, None, "it cannot read the checkout"),
            {},
            "warning: PostgreSQL runs as nobody, the other parts as root: it cannot read the checkout",
        ),
    ],
)
def test_doctor_says_who_runs_what(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    accounts: privilege.Accounts,
    host: dict[str, str],
    says: str,
) -> None:
    monkeypatch.setattr(privilege, "choose", lambda *_: accounts)
    account = found(tmp_path, "account", **host)
    assert f"{account.verdict}: {account.found}".startswith(says)
    assert bool(account.advice) is (account.verdict != "good")
