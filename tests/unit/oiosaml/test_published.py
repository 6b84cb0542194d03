"""Our metadata as the settings have it, on the web and at the command line."""

from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import Certificate
from django.core.management import CommandError, call_command
from django.test import Client
from federation import write_key
from lxml import etree
from oiosaml_site import service

from samtale.oiosaml import algorithms, metadata_rules, published
from samtale.oiosaml.names import MD
from samtale_testidp.answers import Keys


@pytest.fixture
def site(settings: Any, tmp_path: Path, idp_keys: Keys, evil_keys: Keys) -> Any:
    signing, encryption = (
        write_key(tmp_path / f"{name}.pem", keys)
        for name, keys in (("signing", idp_keys), ("encryption", evil_keys))
    )
    settings.OIOSAML = replace(service(tmp_path), signing_keys=[signing], encryption_keys=[encryption])
    return settings


def printed() -> str:
    out = StringIO()
    call_command("oiosaml_metadata", stdout=out)
    return out.getvalue()


def test_it_names_our_addresses_and_holds_to_the_rules(site: Any) -> None:
    root = etree.fromstring(published.document())
    assert list(metadata_rules.broken(root)) == []
    (acs,) = root.iter(f"{{{MD}}}AssertionConsumerService")
    assert acs.get("Location") == "https://os2samtale.example/adgang/saml/acs"
    (slo,) = root.iter(f"{{{MD}}}SingleLogoutService")
    assert slo.get("Location") == "https://os2samtale.example/adgang/saml/slo"
    asked = [one.get("Name") for one in root.iter(f"{{{MD}}}RequestedAttribute")]
    assert asked == [name for name, _ in published.ASKED]


def test_it_hints_at_what_any_provider_may_encrypt_with(site: Any) -> None:
    kommune = site.OIOSAML.providers["kommune"]
    old = replace(kommune, allowed=algorithms.PROFILE)
    site.OIOSAML = replace(site.OIOSAML, providers={"kommune": kommune, "old": old})
    root = etree.fromstring(published.document())
    named = {one.get("Algorithm") for one in root.iter(f"{{{MD}}}EncryptionMethod")}
    assert named == algorithms.PROFILE.blocks | algorithms.PROFILE.key_transports


def test_it_is_made_before_anybody_is_named(site: Any) -> None:
    site.OIOSAML = replace(site.OIOSAML, providers={})
    root = etree.fromstring(published.document())
    assert list(metadata_rules.broken(root)) == []


def test_the_web_and_the_command_line_say_the_same(site: Any) -> None:
    answer = Client().get("/adgang/saml/metadata")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    assert answer.content.decode().strip() == printed().strip()


def test_a_key_that_comes_or_goes_is_seen_at_once(
    site: Any, tmp_path: Path, idp_keys: Keys, evil_keys: Keys
) -> None:
    signing, following = tmp_path / "signing.pem", tmp_path / "signing.next.pem"
    site.OIOSAML = replace(site.OIOSAML, signing_keys=[signing, following])

    def shown() -> list[Certificate]:
        return metadata_rules.certificates(etree.fromstring(published.document()), "signing")

    assert shown() == [idp_keys.certificate]
    write_key(following, evil_keys)
    assert shown() == [idp_keys.certificate, evil_keys.certificate]
    following.replace(signing)
    assert shown() == [evil_keys.certificate]
    assert published.document() is published.document()


def test_the_command_says_why_there_are_none(site: Any, tmp_path: Path) -> None:
    (tmp_path / "signing.pem").unlink()
    with pytest.raises(CommandError, match=r"signing\.pem: No such file"):
        printed()


def test_the_web_says_so_too_and_the_log_why(
    site: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "signing.pem").unlink()
    answer = Client().get("/adgang/saml/metadata")
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert b"signing.pem" not in answer.content
    assert "signing.pem: No such file" in caplog.text


def test_no_address_without_tls_is_published(site: Any) -> None:
    site.OIOSAML = replace(site.OIOSAML, base_url="http://os2samtale.example", require_https=True)
    with pytest.raises(CommandError, match="HTTPS addresses only"):
        printed()
    assert Client().get("/adgang/saml/metadata").status_code == 503
