"""Who is there, and a browser in which nobody is signed in."""

import people
import pytest
from django.test import Client

from samtale.identity.models import Person


@pytest.fixture
def anna(db: None) -> Person:
    return people.anna()


@pytest.fixture
def bo(db: None) -> Person:
    return people.bo()


@pytest.fixture
def nobody(db: None) -> Client:
    """A browser in which nobody is signed in."""
    return Client()
