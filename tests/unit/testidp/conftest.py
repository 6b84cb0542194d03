"""A test identity provider at work, and a service provider that asks it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from saml_service import Service, key_pair

from samtale.oiosaml import provider_metadata
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.metadata import KeyPair
from samtale_testidp import keys
from samtale_testidp.answers import Keys
from samtale_testidp.provider import Provider
from samtale_testidp.server import Server
from samtale_testidp.service_provider import Published


@pytest.fixture(scope="session")
def key_pairs() -> tuple[KeyPair, KeyPair]:
    return key_pair("signing"), key_pair("encryption")


@pytest.fixture(scope="session")
def idp_keys() -> Keys:
    return keys.make(datetime.now(UTC), bits=2048)


@pytest.fixture
def running(tmp_path: Path, idp_keys: Keys) -> Iterator[Provider]:
    server = Server(0)
    published = Published((tmp_path / "metadata.xml").as_uri())
    server.provider = Provider(server.base_url, idp_keys, published)
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.provider
        server.shutdown()
        thread.join()


@pytest.fixture
def browser(running: Provider) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.base_url) as client:
        yield client


@pytest.fixture
def service(
    running: Provider, browser: httpx.Client, key_pairs: tuple[KeyPair, KeyPair], tmp_path: Path
) -> Service:
    """Its metadata lie where the provider looks for them, and it has read the provider's."""
    idp = provider_metadata.read(
        browser.get("/metadata").content, now=datetime.now(UTC), pinned=(), allowed=CONTEXT_HANDLER_2
    )
    signing, encryption = key_pairs
    made = Service(signing, encryption, idp)
    (tmp_path / "metadata.xml").write_bytes(made.metadata())
    return made
