"""What is kept of a provider's metadata, and what happens when the newest cannot be used."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from oiosaml_site import IDP, Published, idp_metadata, service, web_server

from samtale.oiosaml import known_metadata
from samtale.oiosaml.known_metadata import Unknown
from samtale.oiosaml.models import StoredMetadata
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import Keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(settings: Any, tmp_path: Path, idp_keys: Keys) -> Iterator[Published]:
    with web_server() as made:
        made.content = idp_metadata(idp_keys)
        settings.OIOSAML = service(tmp_path, metadata=made.address)
        yield made


@pytest.fixture
def pinned(published: Published, settings: Any, tmp_path: Path, idp_keys: Keys) -> Path:
    """The file of the certificate that must have signed it."""
    file = tmp_path / "pinned.pem"
    file.write_bytes(idp_keys.pem)
    settings.OIOSAML = service(tmp_path, metadata=published.address, pinned=file)
    return file


def problem() -> str:
    return StoredMetadata.objects.get(provider="kommune").problem


def test_it_is_fetched_when_it_is_needed_and_then_kept(published: Published, idp_keys: Keys) -> None:
    found = known_metadata.current("kommune")
    assert (found.entity_id, found.certificates) == (IDP, (idp_keys.certificate,))
    assert known_metadata.current("kommune") == found
    assert len(published.asked) == 1


def test_a_file_does_as_well(settings: Any, tmp_path: Path, idp_keys: Keys) -> None:
    settings.OIOSAML = service(tmp_path)
    (tmp_path / "idp.xml").write_bytes(idp_metadata(idp_keys))
    assert known_metadata.current("kommune").entity_id == IDP


def test_a_slug_that_nobody_named(published: Published) -> None:
    with pytest.raises(Unknown, match="nobody"):
        known_metadata.current("nobody")


def test_without_any_nobody_can_sign_in(published: Published) -> None:
    published.status = 500
    with pytest.raises(Unknown, match="kommune"):
        known_metadata.current("kommune")
    assert "answered 500" in problem()
    published.status = 200
    with pytest.raises(Unknown, match="kommune"):
        known_metadata.current("kommune")
    assert len(published.asked) == 1, "whoever asks at once does not make us ask"
    StoredMetadata.objects.update(tried_at=timezone.now() - known_metadata.PATIENCE - timedelta(seconds=1))
    assert known_metadata.current("kommune").entity_id == IDP, "it is tried again"
    assert problem() == ""


def test_the_newest_takes_the_place_of_the_old(published: Published, idp_keys: Keys, evil_keys: Keys) -> None:
    known_metadata.refresh("kommune")
    published.content = idp_metadata(evil_keys)
    assert known_metadata.refresh("kommune") == ""
    assert known_metadata.current("kommune").certificates == (evil_keys.certificate,)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"<html/>", 200, "no EntityDescriptor"),
        (b"", 200, "well-formed"),
        (b"", 503, "answered 503"),
        (b"x" * 1024 * 1025, 200, "more than"),
    ],
)
def test_the_old_is_kept_when_the_newest_is_bad(
    published: Published, idp_keys: Keys, content: bytes, status: int, said: str
) -> None:
    known_metadata.refresh("kommune")
    kept = StoredMetadata.objects.get(provider="kommune")
    published.content, published.status = content, status
    assert said in known_metadata.refresh("kommune")
    assert said in problem()
    assert known_metadata.current("kommune").certificates == (idp_keys.certificate,)
    after = StoredMetadata.objects.get(provider="kommune")
    assert after.fetched_at == kept.fetched_at
    assert after.tried_at > kept.tried_at


def test_the_old_is_kept_when_nobody_answers(
    published: Published, settings: Any, tmp_path: Path, idp_keys: Keys
) -> None:
    known_metadata.refresh("kommune")
    settings.OIOSAML = service(tmp_path, metadata="http://127.0.0.1:9/metadata")
    assert "ConnectError" in known_metadata.refresh("kommune")
    assert known_metadata.current("kommune").certificates == (idp_keys.certificate,)


def test_what_ran_out_is_not_used(published: Published, idp_keys: Keys) -> None:
    published.content = idp_metadata(idp_keys, until=datetime.now(UTC) + timedelta(hours=1))
    known_metadata.refresh("kommune")
    stored = StoredMetadata.objects.get(provider="kommune")
    stored.document = idp_metadata(idp_keys, until=datetime.now(UTC) - timedelta(hours=1))
    stored.save()
    with pytest.raises(Refused, match="run out"):
        known_metadata.current("kommune")
    assert known_metadata.by_entity_id(IDP) is None


def test_signed_by_the_pinned_key(published: Published, pinned: Path, idp_keys: Keys) -> None:
    published.content = idp_metadata(idp_keys, signed_by=idp_keys)
    assert known_metadata.refresh("kommune") == ""


def test_one_of_two_pinned_keys_is_enough(
    published: Published, pinned: Path, idp_keys: Keys, evil_keys: Keys
) -> None:
    pinned.write_bytes(evil_keys.pem + idp_keys.pem)
    published.content = idp_metadata(idp_keys, signed_by=idp_keys)
    assert known_metadata.refresh("kommune") == ""


def test_signed_by_another_key_than_the_pinned(
    published: Published, pinned: Path, idp_keys: Keys, evil_keys: Keys
) -> None:
    published.content = idp_metadata(idp_keys, signed_by=idp_keys)
    known_metadata.refresh("kommune")
    published.content = idp_metadata(evil_keys, signed_by=evil_keys)
    assert "signature" in known_metadata.refresh("kommune")
    assert known_metadata.current("kommune").certificates == (idp_keys.certificate,)


def test_not_signed_though_a_key_is_pinned(published: Published, pinned: Path) -> None:
    assert "signature" in known_metadata.refresh("kommune")


@pytest.mark.parametrize("content", [None, b"hello"])
def test_a_pinned_file_that_is_none(published: Published, pinned: Path, content: bytes | None) -> None:
    if content is None:
        pinned.unlink()
    else:
        pinned.write_bytes(content)
    assert known_metadata.refresh("kommune") != ""
    assert StoredMetadata.objects.get().fetched_at is None


def test_all_are_refreshed_and_one_does_not_hold_up_another(
    published: Published, settings: Any, tmp_path: Path
) -> None:
    good = settings.OIOSAML.providers["kommune"]
    bad = replace(good, metadata=str(tmp_path / "missing.xml"))
    settings.OIOSAML = replace(settings.OIOSAML, providers={"bad": bad, "kommune": good})
    problems = known_metadata.refresh_all()
    assert "No such file" in problems["bad"]
    assert problems["kommune"] == ""
    assert known_metadata.by_entity_id(IDP) == ("kommune", known_metadata.current("kommune"))
    assert known_metadata.by_entity_id("https://nobody.example") is None
