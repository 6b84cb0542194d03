"""An identity provider's keys, ours, and an answer that is right in every way."""

import pytest
from certificates import rsa_key, self_signed
from cryptography.hazmat.primitives.asymmetric import rsa
from right_answer import ACS, ANNA, IDP, NOW, SP

from samtale.oiosaml.response import Provider, Request
from samtale_testidp.answers import Answer, Keys


def make_keys(name: str) -> Keys:
    private = rsa_key(name)
    return Keys(private, self_signed(private, name, NOW, 1000))


@pytest.fixture(scope="session")
def idp_keys() -> Keys:
    return make_keys("idp")


@pytest.fixture(scope="session")
def evil_keys() -> Keys:
    return make_keys("evil")


@pytest.fixture(scope="session")
def own_key() -> rsa.RSAPrivateKey:
    return rsa_key("own")


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
