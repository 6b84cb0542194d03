"""A test identity provider at work, and a service provider that asks it."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from saml_service import Service, introduced, key_pair, provider_at_work

from samtale.oiosaml.metadata import KeyPair
from samtale_testidp import keys
from samtale_testidp.answers import Keys
from samtale_testidp.provider import Provider


@pytest.fixture(scope="session")
def key_pairs() -> tuple[KeyPair, KeyPair]:
    return key_pair("signing"), key_pair("encryption")


@pytest.fixture(scope="session")
def idp_keys() -> Keys:
    return keys.make(datetime.now(UTC), bits=2048)


@pytest.fixture
def running(tmp_path: Path, idp_keys: Keys) -> Iterator[Provider]:
    with provider_at_work(idp_keys, tmp_path / "metadata.xml") as provider:
        yield provider


@pytest.fixture
def browser(running: Provider) -> Iterator[httpx.Client]:
    # Reading the authorities' certificates for each test would take longer than the test.
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(base_url=running.base_url, verify=no_tls) as client:
        yield client


@pytest.fixture
def service(running: Provider, key_pairs: tuple[KeyPair, KeyPair], tmp_path: Path) -> Service:
    return introduced(running, tmp_path / "metadata.xml", key_pairs)
