"""An identity provider's keys, ours, and an answer that is right in every way."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from right_answer import ACS, ANNA, IDP, NOW, SP

from samtale.oiosaml.response import Provider, Request
from samtale_testidp.answers import Answer, Keys


def make_keys(name: str) -> Keys:
    private = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1000))
        .sign(private, hashes.SHA256())
    )
    return Keys(private, certificate)


@pytest.fixture(scope="session")
def idp_keys() -> Keys:
    return make_keys("idp")


@pytest.fixture(scope="session")
def evil_keys() -> Keys:
    return make_keys("evil")


@pytest.fixture(scope="session")
def own_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def answer() -> Answer:
    return Answer(
        issuer=IDP,
        recipient=ACS,
        audience=SP,
        request_id="_request",
        person=ANNA,
        now=NOW,
        level="Substantial",
    )


@pytest.fixture
def request_() -> Request:
    return Request("_request", ACS, SP, NOW)


@pytest.fixture
def provider(idp_keys: Keys) -> Provider:
    return Provider(IDP, [idp_keys.pem], frozenset({"55133018"}))
