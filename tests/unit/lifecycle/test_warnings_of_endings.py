"""Who is told that something runs out, when, and how often."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import people
import pytest
from certificates import self_signed
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import call_command
from federation import SLUG, Municipality, write_key
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.lifecycle import endings, jobs, running_out
from samtale.lifecycle.models import EndWarning
from samtale.oiosaml import known_metadata
from samtale_testidp.answers import Keys

NOW = datetime.now(UTC)
Lasting = Callable[[float], None]


@pytest.fixture(autouse=True)
def freja(db: None) -> Person:
    """Who is told."""
    return people.freja()


@pytest.fixture
def lasting(municipality: Municipality, settings: Any, tmp_path: Path, service_keys: Keys) -> Lasting:
    """Our certificate lasts so many days from now on."""
    settings.CONFIG = replace(settings.CONFIG, data_dir=tmp_path)

    def make(days: float) -> None:
        certificate = self_signed(service_keys.private, "x", NOW + timedelta(days=days), 0)
        write_key(tmp_path / "own.pem", Keys(service_keys.private, certificate))

    return make


def mails() -> list[dict[str, str]]:
    """Those that wait for the worker, oldest first."""
    waiting = ProcrastinateJob.objects.filter(task_name="identity.send_mail").order_by("id")
    return [job.args for job in waiting]


def told() -> list[tuple[str, int]]:
    return list(EndWarning.objects.order_by("-days", "kind").values_list("kind", "days"))


@pytest.mark.parametrize(
    ("days", "threshold"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (-3, 7)]
)
def test_the_smallest_number_of_days_that_has_come(
    lasting: Lasting, days: float, threshold: int | None
) -> None:
    lasting(days)
    assert endings.warn(NOW) == (0 if threshold is None else 2)
    assert told() == ([] if threshold is None else [("encryption", threshold), ("signing", threshold)])


def test_each_is_said_once_for_each_threshold(lasting: Lasting) -> None:
    lasting(59)
    assert [endings.warn(NOW + timedelta(days=day)) for day in (0, 1, 28, 29, 30, 51, 52, 58)] == [
        2,
        0,
        0,
        2,
        0,
        0,
        2,
        0,
    ]
    assert len(mails()) == 3


def test_what_was_renewed_is_warned_about_anew(lasting: Lasting) -> None:
    lasting(20)
    endings.warn(NOW)
    lasting(1000)
    assert endings.warn(NOW) == 0
    assert told() == []
    assert endings.warn(NOW + timedelta(days=950)) == 2


def test_administrators_are_told_in_their_language(lasting: Lasting, freja: Person) -> None:
    people.anna()
    owner = people.person("Otto Owner", "otto@os2.eu", "OS2", "owner", language="en")
    people.person("Lars Låst", "lars@os2.eu", "OS2", "administrator", locked_at=NOW)
    people.person("Ida Inaktiv", "ida@os2.eu", "OS2", "administrator", is_active=False)
    lasting(29.5)
    endings.warn(NOW)
    by_address = {mail["address"]: mail for mail in mails()}
    assert set(by_address) == {freja.email, owner.email}
    danish, english = by_address[str(freja.email)], by_address[str(owner.email)]
    assert danish["subject"] == "OS2samtale: noget, som logins hænger på, udløber snart"
    assert "- vores certifikat til underskrift: " in danish["text"]
    assert "(om 29 dage)" in danish["text"]
    assert "samtale fka check" in danish["text"]
    assert english["text"].startswith("Hello Otto Owner\n\nThis runs out soon.")
    assert "- our certificate for encryption: " in english["text"]
    assert "(in 29 days)" in english["text"]


def test_a_providers_metadata_and_certificates(
    lasting: Lasting, municipality: Municipality, settings: Any, tmp_path: Path
) -> None:
    lasting(1000)
    private = rsa.generate_private_key(65537, 2048)
    later = Municipality.beside(
        tmp_path,
        keys=Keys(private, self_signed(private, "x", NOW, 10)),
        service_keys=municipality.service_keys,
    )
    document = Path(later.service.providers[SLUG].metadata)
    until = f'validUntil="{NOW + timedelta(days=5):%Y-%m-%dT%H:%M:%SZ}" entityID'
    document.write_text(document.read_text().replace("entityID", until))
    lasting(1000)
    known_metadata.refresh(SLUG)
    assert endings.warn(NOW) == 2
    assert told() == [("provider", 30), ("metadata", 7)]
    (mail,) = mails()
    assert f"- metadata fra {SLUG}: " in mail["text"]
    assert f"- certifikatet hos {SLUG}: " in mail["text"]


def test_the_workers_log_has_it_too(lasting: Lasting, caplog: pytest.LogCaptureFixture) -> None:
    lasting(6.5)
    with caplog.at_level(logging.WARNING, logger="samtale.lifecycle.endings"):
        jobs.warn_of_endings(int(NOW.timestamp()))
    assert [record.message for record in caplog.records] == [
        f"our certificate for {use} runs out on {NOW + timedelta(days=6.5):%Y-%m-%d}, in 6 days"
        for use in ("signing", "encryption")
    ]


def test_status_learns_it_every_hour(lasting: Lasting, tmp_path: Path) -> None:
    lasting(6.5)
    assert jobs.refresh_metadata(int(NOW.timestamp())) == 0
    assert [one.what for one in running_out.read(tmp_path)] == [
        "our certificate for signing",
        "our certificate for encryption",
    ]
    lasting(1000)
    jobs.refresh_metadata(int(NOW.timestamp()))
    assert running_out.read(tmp_path) == []


def test_keys_that_cannot_be_used_are_said_and_hide_nothing_else(
    lasting: Lasting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known_metadata.refresh(SLUG)
    (tmp_path / "own.pem").unlink()
    assert endings.warn(NOW + timedelta(days=995)) == 1
    assert told() == [("provider", 7)]
    assert "own.pem: No such file" in caplog.text


def test_nothing_is_looked_at_where_nobody_signs_in_like_this(
    lasting: Lasting, settings: Any, tmp_path: Path
) -> None:
    lasting(1)
    settings.OIOSAML = replace(settings.OIOSAML, providers={})
    assert endings.warn(NOW) == 0
    endings.note(NOW)
    assert running_out.read(tmp_path) == []


def test_what_was_done_to_the_keys_is_in_the_audit_log() -> None:
    call_command("fka_keys_changed", "switched", "12:34", "56:78")
    entry = Entry.objects.get()
    assert (entry.act, entry.by) == ("federation_keys.switched", None)
    assert entry.detail == {"fingerprints": ["12:34", "56:78"]}
