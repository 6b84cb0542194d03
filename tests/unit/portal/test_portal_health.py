"""The health probe asks the database, and tells a stranger nothing."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

HEALTH = "/adgang/sundhed"


@pytest.mark.django_db
def test_it_works(client: Client) -> None:
    answer = client.get(HEALTH)
    assert (answer.status_code, answer.json()) == (200, {"healthy": True})
    assert answer.headers["Cache-Control"].startswith("max-age=0")


@pytest.mark.django_db
def test_a_portal_without_its_database_is_not_healthy(client: Client) -> None:
    def away(*_arguments: object) -> None:
        raise DatabaseError("gone")

    with connection.execute_wrapper(away):
        answer = client.get(HEALTH)
    assert (answer.status_code, answer.json()) == (503, {"healthy": False})


@pytest.mark.django_db
def test_it_only_allows_get(client: Client) -> None:
    assert client.post(HEALTH).status_code == 405
