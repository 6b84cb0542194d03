"""The cast of all tests: six people one knows by name, from the organisations they work for.

Each factory makes the person in the test database, or returns the one that is there.
"""

from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from samtale.communities.models import Community, Moderation
from samtale.identity.models import Organisation, Person
from samtale.lifecycle.conduct import VERSION

PASSWORD = "grøn hest på stigen"

_ORGANISATIONS: dict[str, dict[str, Any]] = {
    "Aarhus Kommune": {
        "short": "Aarhus",
        "cvr": "55133018",
        "kind": "municipality",
        "email_domain": "aarhus.dk",
    },
    "Viborg Kommune": {
        "short": "Viborg",
        "cvr": "29189846",
        "kind": "municipality",
        "email_domain": "viborg.dk",
    },
    "Region Midtjylland": {
        "short": "Region Midt",
        "cvr": "29190925",
        "kind": "region",
        "email_domain": "rm.dk",
    },
    "OS2": {"short": "OS2", "cvr": "40107054", "kind": "os2", "email_domain": "os2.eu"},
    "Leverandøren ApS": {"short": "Leverandøren", "kind": "supplier", "email_domain": "supplier.example"},
    "Udenfor ApS": {
        "short": "Udenfor",
        "kind": "supplier",
        "email_domain": "outsider.example",
        "state": "invited",
        "contact": "Lise Kaas <lise.kaas@os2.eu>",
    },
}


def organisation(name: str) -> Organisation:
    """One of the cast's organisations; all have joined, save Udenfor ApS."""
    facts = {"state": "joined", **_ORGANISATIONS[name]}
    return Organisation.objects.get_or_create(name=name, defaults=facts)[0]


def person(name: str, email: str, of: str | None, role: str = "member", **more: Any) -> Person:
    """Anybody else, with the cast's password. They have been here before, unless `welcomed_at` is None."""
    known = Person.objects.filter(email=email).first()
    if known is not None:
        return known
    made = Person.objects.create_person(
        name=name,
        email=email,
        organisation=organisation(of) if of else None,
        role=role,
        **{"welcomed_at": timezone.now(), "accepted_conduct": VERSION, **more},
    )
    made.password = _hashed(PASSWORD)
    made.save()
    return made


@lru_cache
def _hashed(password: str) -> str:
    """Made once for all: the hash is slow on purpose."""
    return make_password(password)


def anna() -> Person:
    """The ordinary user."""
    return person("Anna Jensen", "anna.jensen@aarhus.dk", "Aarhus Kommune")


def bo() -> Person:
    """Moderator of OS2display."""
    made = person("Bo Ek", "bo.ek@aarhus.dk", "Aarhus Kommune")
    Moderation.objects.get_or_create(person=made, community=os2display(), source="file")
    return made


def carla() -> Person:
    """From a region."""
    return person("Carla Holt", "carla.holt@rm.dk", "Region Midtjylland")


def dorthe() -> Person:
    """A guest; Bo answers for her."""
    return person("Dorthe Holm", "dorthe.holm@supplier.example", "Leverandøren ApS", "guest", sponsor=bo())


def egon() -> Person:
    """His organisation is invited and has not joined."""
    return person("Egon", "egon@outsider.example", "Udenfor ApS")


def freja() -> Person:
    """Administrator."""
    return person("Freja Lund", "freja.lund@os2.eu", "OS2", "administrator")


def os2display() -> Community:
    """The product that Bo moderates."""
    return Community.objects.get_or_create(
        slug="os2display", defaults={"name": "OS2display", "hue": "himmel"}
    )[0]


def client_for(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client
