"""A provider's document from a file or an address, and what is not followed, not read or not asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from oiosaml_site import Published, tls_files, web_server

from samtale.oiosaml.fetching import Unreachable, fetch
from samtale.oiosaml.provider_metadata import LARGEST
from samtale.oiosaml.refusal import Refused


@pytest.fixture
def published() -> Iterator[Published]:
    with web_server() as made:
        made.content = b"<metadata/>"
        yield made


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "idp.xml"
    file.write_bytes(b"<metadata/>")
    assert fetch(str(file)) == b"<metadata/>"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="No such file"):
        fetch(str(tmp_path / "idp.xml"))


def test_a_file_may_have_a_megabyte_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "idp.xml"
    file.write_bytes(b"x" * LARGEST)
    assert len(fetch(str(file))) == LARGEST
    file.write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(Refused, match="more than"):
        fetch(str(file))


def test_an_address(published: Published) -> None:
    assert fetch(published.address, require_https=False) == b"<metadata/>"


def test_an_address_without_tls_is_not_even_asked(published: Published) -> None:
    with pytest.raises(Refused, match="not HTTPS"):
        fetch(published.address)
    assert published.asked == []


def test_an_address_with_tls_whose_certificate_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tls_files(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with web_server((certificate, key)) as published:
        published.content = b"<metadata/>"
        assert fetch(published.address) == b"<metadata/>"


def test_an_address_with_tls_whose_certificate_nobody_knows(tmp_path: Path) -> None:
    with web_server(tls_files(tmp_path)) as published, pytest.raises(Unreachable, match="CERTIFICATE_VERIFY"):
        fetch(published.address)
    assert published.asked == []


def test_a_redirect_is_not_followed(published: Published) -> None:
    published.status, published.headers = 302, {"Location": "/elsewhere"}
    with pytest.raises(Refused, match="answered 302"):
        fetch(published.address, require_https=False)
    assert published.asked == ["/metadata"]


@pytest.mark.parametrize("status", [204, 404, 500])
def test_another_answer_than_200_is_none(published: Published, status: int) -> None:
    published.status, published.content = status, b""
    with pytest.raises(Refused, match=f"answered {status}"):
        fetch(published.address, require_https=False)


def test_what_does_not_end_is_not_read_to_the_end(published: Published) -> None:
    published.content = b"x" * (LARGEST + 1)
    with pytest.raises(Refused, match="more than"):
        fetch(published.address, require_https=False)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/metadata", "https://[not-an-address/metadata"])
def test_nobody_answers(address: str) -> None:
    with pytest.raises(Unreachable):
        fetch(address, require_https=False)
