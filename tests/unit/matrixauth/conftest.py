"""The portal's pages without collected static files, and passwords that are quick to check."""

import people
import pytest
from django.test import Client

from samtale.identity.models import Person


@pytest.fixture(autouse=True)
def _quick(settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


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
