"""What `samtale fka check` sees, and what it says one should do."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from federation import write_key
from oiosaml_site import Published, idp_metadata, web_server

from samtale.config import load
from samtale.config_sections import FkaSection, OiosamlSection, SamlSection
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.stack import federation_diagnosis, key_diagnosis
from samtale.stack.federation_diagnosis import Source
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders, place
from samtale.stack.privilege import Account, Accounts
from samtale_testidp.answers import Keys

NOW = datetime.now(UTC)
ISSUER = "Den Danske Stat OCES udstedende-CA 1"
POLICY = "1.2.208.169.1.1.1.3.7.1"


def oces(
    private: rsa.RSAPrivateKey,
    *,
    issuer: str = ISSUER,
    policy: str | None = POLICY,
    organisation: str | None = "NTRDK-41849983",
    begins: timedelta = timedelta(days=-1),
    days: int = 900,
) -> Keys:
    """A certificate like those of MitID Erhverv for a system, but not signed by who it says."""
    subject = [x509.NameAttribute(NameOID.COMMON_NAME, "OS2samtale")]
    if organisation is not None:
        subject.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, organisation))
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(NOW + begins)
        .not_valid_after(NOW + timedelta(days=days, hours=1))
    )
    if policy is not None:
        policies = [x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]
        builder = builder.add_extension(x509.CertificatePolicies(policies), critical=False)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return Keys(private, builder.sign(private, hashes.SHA256(), rsa_padding=scheme))


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def other() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Everything runs as whoever runs the tests."""
    return place(load(environment={"SAMTALE_DATA": str(tmp_path / "data")}), Accounts(None, None))


class Site:
    """Key files, and what is found about them."""

    def __init__(
        self, folder: Path, folders: Folders, private: rsa.RSAPrivateKey, other: rsa.RSAPrivateKey
    ) -> None:
        self.folder = folder
        self.folders = folders
        self.private = private
        self.other = other

    def write(self, name: str, keys: Keys, mode: int = 0o600) -> str:
        file = write_key(self.folder / name, keys)
        file.chmod(mode)
        return str(file)

    def found(self, *signing: str, encryption: str = "") -> dict[str, Finding]:
        """``encryption``: none named: a good one."""
        encryption = encryption or self.write("e.pem", oces(self.other))
        section = FkaSection(signing_keys=signing, encryption_keys=(encryption,))
        return {each.what: each for each in key_diagnosis.examine(section, self.folders)}


@pytest.fixture
def site(tmp_path: Path, folders: Folders, private: rsa.RSAPrivateKey, other: rsa.RSAPrivateKey) -> Site:
    return Site(tmp_path, folders, private, other)


def test_keys_as_kombit_wants_them(site: Site) -> None:
    found = site.found(site.write("s.pem", oces(site.private)))
    assert {each.verdict for each in found.values()} == {"good"}
    assert "RSA, 2048 bits" in found["signing key"].found
    assert found["signing key, dates"].found == f"until {NOW + timedelta(days=900):%Y-%m-%d}, 900 days"
    assert found["signing key, kind"].found == f"issued by {ISSUER} to NTRDK-41849983"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"issuer": "OS2"}, "its issuer is not Den Danske Stat OCES"),
        ({"issuer": "Den Danske Stat"}, "its issuer is not"),
        ({"policy": "1.2.3"}, "it has no policy of OCES3"),
        ({"policy": None}, "it has no policy of OCES3"),
        ({"organisation": "CVR:41849983"}, "does not begin with NTRDK-"),
        ({"organisation": None}, "to no organisation"),
    ],
)
def test_a_certificate_that_kombit_will_refuse(site: Site, wrong: dict[str, Any], said: str) -> None:
    found = site.found(site.write("s.pem", oces(site.private, **wrong)))
    kind = found["signing key, kind"]
    assert kind.verdict == "warning"
    assert said in kind.found
    assert "KOMBIT will refuse it" in kind.advice


def test_a_certificate_for_tests_is_a_question(site: Site) -> None:
    keys = oces(site.private, issuer="Den Danske Stat TEST - OCES udstedende-CA 1")
    found = site.found(site.write("s.pem", keys))
    assert found["signing key, kind"].verdict == "warning"
    assert "ask KOMBIT" in found["signing key, kind"].advice


@pytest.mark.parametrize(
    ("days", "verdict", "now"),
    [
        (60, "good", False),
        (59, "warning", False),
        (30, "warning", False),
        (29, "warning", True),
        (7, "warning", True),
        (6, "bad", True),
        (-2, "bad", True),
    ],
)
def test_days_left(site: Site, days: int, verdict: str, now: bool) -> None:
    keys = oces(site.private, days=days, begins=timedelta(days=-100))
    dates = site.found(site.write("s.pem", keys))["signing key, dates"]
    assert dates.verdict == verdict
    assert dates.advice.endswith(" now") is now
    assert ("ran out" in dates.found) is (days < 0)


def test_a_certificate_that_does_not_hold_yet(site: Site) -> None:
    keys = oces(site.private, begins=timedelta(days=1))
    found = site.found(site.write("s.pem", keys))
    assert found["signing key, dates"].verdict == "bad"
    assert "not valid before" in found["signing key, dates"].found


def test_one_that_was_replaced_may_run_out(site: Site) -> None:
    old = oces(site.private, days=-1, begins=timedelta(days=-100))
    found = site.found(site.write("s.pem", oces(site.private)), site.write("old.pem", old))
    assert found["signing key beside it"].verdict == "good"
    assert "signing key beside it, dates" not in found


def test_one_key_for_both_uses(site: Site) -> None:
    encryption = site.write("e.pem", oces(site.private, days=100))
    found = site.found(site.write("s.pem", oces(site.private)), encryption=encryption)
    assert found["keys apart"].verdict == "bad"


@pytest.mark.parametrize(
    ("mode", "verdict"), [(0o600, "good"), (0o640, "good"), (0o660, "bad"), (0o604, "bad")]
)
def test_who_else_may_read_a_key(site: Site, mode: int, verdict: str) -> None:
    found = site.found(site.write("s.pem", oces(site.private), mode))["signing key"]
    assert found.verdict == verdict
    assert (f"chmod 600 {site.folder / 's.pem'}" in found.advice) is (verdict == "bad")


def test_a_key_that_the_portals_account_cannot_read(site: Site) -> None:
    portal = Account("portal", os.geteuid() + 1, os.getegid() + 1)
    site.folders = replace(site.folders, accounts=Accounts(None, portal))
    found = site.found(site.write("s.pem", oces(site.private)))["signing key"]
    assert found.verdict == "bad"
    assert "the portal's account portal cannot read" in found.found
    assert "let portal read it" in found.advice


def test_a_key_that_is_missing_and_one_that_is_none(site: Site, tmp_path: Path) -> None:
    (tmp_path / "e.pem").write_text("hello")
    found = site.found(str(tmp_path / "s.pem"), encryption=str(tmp_path / "e.pem"))
    assert found["signing key"].verdict == found["encryption key"].verdict == "bad"
    assert "fka keys new" in found["signing key"].advice
    assert "is it PEM or PKCS#12" in found["encryption key"].found


class Provider:
    """A provider at an address, and what is found about it."""

    def __init__(self, published: Published, keys: Keys) -> None:
        self.published = published
        self.keys = keys
        self.source = Source(published.address, pinned="", allowed=CONTEXT_HANDLER_2)

    def found(self, *, require_https: bool = False, **changes: str) -> dict[str, Finding]:
        source = replace(self.source, **changes)
        found = federation_diagnosis._provider("kommune", source, require_https=require_https)
        return {each.what.removeprefix("provider ").removeprefix("kommune, "): each for each in found}


@pytest.fixture
def provider(private: rsa.RSAPrivateKey) -> Iterator[Provider]:
    keys = oces(private, days=900)
    with web_server() as published:
        published.content = idp_metadata(keys)
        yield Provider(published, keys)


def test_a_provider_that_is_well(provider: Provider) -> None:
    found = provider.found()
    assert {name: each.verdict for name, each in found.items()} == {
        "kommune": "good",
        "signature": "good",
        "1 certificates": "good",
    }
    assert "https://saml.kommune.example" in found["kommune"].found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metadata": "http://127.0.0.1:9/metadata"}, "ConnectError"),
        ({"metadata": "/nowhere/idp.xml"}, "No such file"),
        ({"pinned": "/nowhere/pinned.pem"}, "No such file"),
    ],
)
def test_a_provider_that_cannot_be_had(provider: Provider, changes: dict[str, str], said: str) -> None:
    (found,) = provider.found(**changes).values()
    assert found.verdict == "bad"
    assert said in found.found


def test_a_provider_without_tls_is_refused_in_earnest(provider: Provider) -> None:
    (found,) = provider.found(require_https=True).values()
    assert "not HTTPS" in found.found


def test_metadata_that_are_something_else(provider: Provider) -> None:
    provider.published.content = b"<html/>"
    (found,) = provider.found().values()
    assert "no EntityDescriptor" in found.found


def test_a_signature_is_looked_at_when_a_key_is_pinned(
    provider: Provider, tmp_path: Path, other: rsa.RSAPrivateKey
) -> None:
    provider.published.content = idp_metadata(provider.keys, signed_by=provider.keys)
    assert provider.found()["signature"].verdict == "warning"
    pinned = tmp_path / "pinned.pem"
    pinned.write_bytes(provider.keys.pem)
    assert provider.found(pinned=str(pinned))["signature"].verdict == "good"
    pinned.write_bytes(oces(other).pem)
    (found,) = provider.found(pinned=str(pinned)).values()
    assert "signature" in found.found


def test_metadata_that_are_soon_over(provider: Provider) -> None:
    provider.published.content = idp_metadata(provider.keys, until=datetime.now(UTC) + timedelta(days=3))
    assert provider.found()["metadata"].verdict == "bad"


def test_every_provider_is_looked_at(provider: Provider, folders: Folders, tmp_path: Path) -> None:
    address = provider.source.metadata
    config = replace(
        load(environment={"SAMTALE_DATA": str(tmp_path / "data"), "SAMTALE_DEMO": "true"}),
        oiosaml={
            "kommune": OiosamlSection(
                name="Kommune",
                metadata=address,
                cvr=("55133018",),
                accept_assurance_level=True,
                algorithms="profile",
            )
        },
        saml={
            "hovedstaden": SamlSection(name="Region", metadata=address, cvr=("29190925",), name_attribute="n")
        },
    )
    found = {each.what: each.verdict for each in federation_diagnosis.examine(config, folders)}
    assert found["provider kommune"] == found["provider hovedstaden"] == "good"
    assert found["provider kommune, level"] == "warning"
    assert found["provider proeve"] == found["provider region"] == "bad", "the demo's own do not run"


@pytest.mark.parametrize(
    ("environment", "verdict"),
    [
        ({"SAMTALE_DEMO": "true"}, "good"),
        ({}, "bad"),
        ({"SAMTALE_PORTAL_HOSTNAME": "chat.os2.example", "SAMTALE_PROXY_EXTERNAL": "true"}, "good"),
    ],
)
def test_nothing_but_https(environment: dict[str, str], verdict: str) -> None:
    assert federation_diagnosis._address(load(environment=environment)).verdict == verdict


def test_a_name_without_a_host_can_have_no_roles() -> None:
    assert federation_diagnosis._entity_id(FkaSection(entity_id="urn:os2samtale")).verdict == "bad"
    good = federation_diagnosis._entity_id(FkaSection(entity_id="https://saml.os2samtale.dk"))
    assert "http://saml.os2samtale.dk/roles/usersystemrole/" in good.found


def test_somebody_to_write_to() -> None:
    assert federation_diagnosis._contact(FkaSection()).verdict == "warning"
    assert federation_diagnosis._contact(FkaSection(contact_email="drift@os2.example")).verdict == "good"
