"""What runs out, of ours and of each provider's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from certificates import self_signed
from federation import write_key
from oiosaml_site import idp_metadata, service

from samtale.oiosaml import endings, known_metadata
from samtale.oiosaml.endings import Ending, Kind
from samtale.oiosaml.keys import KeyProblem
from samtale.oiosaml.models import StoredMetadata
from samtale_testidp.answers import Keys

Lasting = Callable[[int], Keys]


@pytest.fixture
def lasting(idp_keys: Keys) -> Lasting:
    """A key whose certificate lasts some days."""

    def make(days: int) -> Keys:
        return Keys(idp_keys.private, self_signed(idp_keys.private, "x", datetime.now(UTC), days))

    return make


def end(keys: Keys) -> datetime:
    return keys.certificate.not_valid_after_utc


def test_ours_is_what_is_in_use(settings: Any, tmp_path: Path, lasting: Lasting) -> None:
    current, following, other = lasting(20), lasting(1000), lasting(50)
    signing = [
        write_key(tmp_path / f"{number}.pem", keys) for number, keys in enumerate((current, following))
    ]
    encryption = [write_key(tmp_path / "encryption.pem", other)]
    settings.OIOSAML = replace(service(tmp_path), signing_keys=signing, encryption_keys=encryption)
    assert endings.ours() == [
        Ending(Kind.SIGNING, "", end(current)),
        Ending(Kind.ENCRYPTION, "", end(other)),
    ]


def test_keys_that_cannot_be_used_are_said(settings: Any, tmp_path: Path) -> None:
    settings.OIOSAML = service(tmp_path, tmp_path / "missing.pem")
    with pytest.raises(KeyProblem, match=r"missing\.pem"):
        endings.ours()


@pytest.mark.django_db
def test_theirs_is_the_last_certificate_and_what_the_metadata_say(
    settings: Any, tmp_path: Path, lasting: Lasting
) -> None:
    settings.OIOSAML = service(tmp_path)
    theirs = lasting(40)
    until = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0)
    (tmp_path / "idp.xml").write_bytes(idp_metadata(theirs, until=until))
    known_metadata.refresh("kommune")
    assert endings.theirs() == [
        Ending(Kind.PROVIDER, "kommune", end(theirs)),
        Ending(Kind.METADATA, "kommune", until),
    ]


@pytest.mark.django_db
def test_metadata_that_do_not_say_do_not_run_out(settings: Any, tmp_path: Path, idp_keys: Keys) -> None:
    settings.OIOSAML = service(tmp_path)
    (tmp_path / "idp.xml").write_bytes(idp_metadata(idp_keys))
    known_metadata.refresh("kommune")
    assert [ending.kind for ending in endings.theirs()] == [Kind.PROVIDER]


@pytest.mark.django_db
def test_what_has_run_out_since_it_came_is_said_too(settings: Any, tmp_path: Path, lasting: Lasting) -> None:
    settings.OIOSAML = service(tmp_path)
    (tmp_path / "idp.xml").write_bytes(
        idp_metadata(lasting(-1), until=datetime.now(UTC) - timedelta(hours=5))
    )
    StoredMetadata.objects.create(
        provider="kommune",
        document=(tmp_path / "idp.xml").read_bytes(),
        fetched_at=datetime.now(UTC) - timedelta(days=3),
        tried_at=datetime.now(UTC),
    )
    assert [ending.at < datetime.now(UTC) for ending in endings.theirs()] == [True, True]


@pytest.mark.django_db
def test_a_provider_that_never_answered_and_one_that_left_run_out_of_nothing(
    settings: Any, tmp_path: Path, idp_keys: Keys
) -> None:
    settings.OIOSAML = service(tmp_path)
    known_metadata.refresh("kommune")
    assert StoredMetadata.objects.get().fetched_at is None
    StoredMetadata.objects.create(
        provider="left",
        document=idp_metadata(idp_keys),
        fetched_at=datetime.now(UTC),
        tried_at=datetime.now(UTC),
    )
    assert endings.theirs() == []
