"""A platform without the demo, for tests that hurt it."""

from collections.abc import Callable, Iterator
from secrets import token_urlsafe

import pytest
from matrix_client import access_token
from platform_under_test import Place, Platform


@pytest.fixture(scope="module")
def bare() -> Iterator[Platform]:
    place = Place("bare", first_port=19400)
    running = Platform(place.root, place.first_port, with_demo=False)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        place.leave()


_MEMBER = """
from django.contrib.auth.hashers import make_password
from samtale.identity.models import Organisation, Person
here = Organisation.objects.create(name="Aarhus Kommune", email_domain="aarhus.dk", state="joined")
her = Person.objects.create_person(name="Anna Jensen", email="{email}", organisation=here, role="member")
her.password = make_password("{password}")
her.save()
"""


@pytest.fixture(scope="module")
def new_token(bare: Platform) -> Callable[[], str]:
    """Each call is a member's sign-in on a new device, through the real pages."""
    email, password = "anna.jensen@aarhus.dk", token_urlsafe(12)
    bare.portal("shell", "--no-imports", "-c", _MEMBER.format(email=email, password=password))
    return lambda: access_token(bare.url, email, password)
