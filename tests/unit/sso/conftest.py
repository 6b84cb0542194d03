"""Three services, and the people who use them."""

from dataclasses import replace
from typing import Any

import people
import pytest
from django.test import Client
from matrix_oauth import browser_of
from sso_client import SERVICES

from samtale.identity.models import Person
from samtale.sso import keys, registered


@pytest.fixture(autouse=True)
def _services(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # The real size takes longer to make, and each test makes one.
    monkeypatch.setattr(keys, "_BITS", 2048)
    settings.CONFIG = replace(settings.CONFIG, sso=SERVICES)
    registered.ensure()


@pytest.fixture
def anna() -> Person:
    return people.anna()


@pytest.fixture
def browser(anna: Person) -> Client:
    """Anna's, in which she just signed in."""
    return browser_of(anna)


@pytest.fixture
def nobody() -> Client:
    """A browser in which nobody is signed in."""
    return Client()
