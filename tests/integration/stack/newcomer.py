"""The first member of a platform without the demo."""

from collections.abc import Callable
from secrets import token_urlsafe

from matrix_client import access_token
from platform_under_test import Platform

_MEMBER = """
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from samtale.identity.models import Organisation, Person
from samtale.lifecycle.conduct import VERSION
here = Organisation.objects.create(name="Aarhus Kommune", email_domain="aarhus.dk", state="joined")
her = Person.objects.create_person(name="Anna Jensen", email="{email}", organisation=here, role="member")
her.welcomed_at = timezone.now()
her.accepted_conduct = VERSION
her.password = make_password("{password}")
her.save()
"""


def newcomer(platform: Platform) -> Callable[[], str]:
    """Make her; each call of what is returned is her sign-in on a new device, through the real pages."""
    email, password = "anna.jensen@aarhus.dk", token_urlsafe(12)
    platform.portal("shell", "--no-imports", "-c", _MEMBER.format(email=email, password=password))
    return lambda: access_token(platform.url, email, password)
