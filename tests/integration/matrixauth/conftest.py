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
from synapse_beside import PORTAL_PORT, SYNAPSE_PORT, SynapseBeside

from samtale.matrixauth import provisioning


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveServer]:
    """At the port that Synapse asks."""
    server = LiveServer(f"127.0.0.1:{PORTAL_PORT}")
    yield server
    server.stop()
    # Its threads kept their connections, and the test database could not be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def running_synapse(live_server: LiveServer) -> Iterator[SynapseBeside]:
    synapse = SynapseBeside()
    synapse.start()
    yield synapse
    synapse.stop()


@pytest.fixture
def synapse(
    settings: Any, live_server: LiveServer, running_synapse: SynapseBeside
) -> Iterator[SynapseBeside]:
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CONFIG = replace(django_settings.CONFIG, homeserver_url=f"http://127.0.0.1:{SYNAPSE_PORT}")
    provisioning.synapse.cache_clear()
    yield running_synapse
    provisioning.synapse.cache_clear()


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
