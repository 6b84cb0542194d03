"""The portal of the test process on a real port, and a real Synapse that trusts its tokens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from matrix_app import App
from matrix_oauth import Asking, registered
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from synapse_beside import SynapseBeside

from samtale.matrixauth import provisioning


@pytest.fixture(scope="session")
def beside(django_db_setup: None) -> Iterator[SynapseBeside]:
    synapse = SynapseBeside()
    synapse.prepare()
    yield synapse
    synapse.leave()


@pytest.fixture(scope="session")
def live_server(beside: SynapseBeside, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveServer]:
    """At the port that Synapse asks."""
    server = LiveServer(f"127.0.0.1:{beside.portal_port}")
    yield server
    server.stop()
    # Its threads kept their connections, and the test database could not be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def running_synapse(beside: SynapseBeside, live_server: LiveServer) -> SynapseBeside:
    beside.start()
    return beside


@pytest.fixture
def synapse(settings: Any, running_synapse: SynapseBeside) -> Iterator[SynapseBeside]:
    settings.CONFIG = replace(django_settings.CONFIG, homeserver_url=running_synapse.url)
    _forget_where_synapse_is()
    yield running_synapse
    _forget_where_synapse_is()


@pytest.fixture
def web_app(synapse: SynapseBeside, live_server: LiveServer) -> Callable[[], App]:
    """Our own client on a new device."""

    def make() -> App:
        asking = Asking()
        asking.scope = (
            f"urn:matrix:client:api:* urn:matrix:client:device:{asking.device_id} urn:dk:os2:samtale:api"
        )
        return App(live_server.url, asking=asking)

    return make


@pytest.fixture
def element_x(synapse: SynapseBeside, live_server: LiveServer) -> Callable[[], App]:
    """Element X on a new phone."""

    def make() -> App:
        client_id = registered().client_id
        asking = Asking(client_id=client_id, redirect_uri="io.element.android:/", more={"prompt": "consent"})
        asking.scope = (
            "urn:matrix:org.matrix.msc2967.client:api:* "
            f"urn:matrix:org.matrix.msc2967.client:device:{asking.device_id}"
        )
        return App(live_server.url, asking=asking)

    return make


def _forget_where_synapse_is() -> None:
    provisioning.synapse.cache_clear()
    provisioning.as_samtale.cache_clear()
