"""Links that sign one of the demo's people in, once. Only the demo has them, and it is on loopback alone."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from samtale.demo.models import SignInLink
from samtale.identity.models import Person

LIFETIME = timedelta(hours=24)
#: Whom `demo_links` prints one for.
PEOPLE = ("anna.jensen@aarhus.dk", "bo.ek@aarhus.dk", "freja.lund@os2.eu")


def make(person: Person, *, now: datetime) -> str:
    """The whole address. The token is in it only: the database keeps its hash."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(token_hash=_hash(token), person=person, expires_at=now + LIFETIME)
    return f"{settings.CONFIG.public_url}{reverse('demo_sign_in', args=[token])}"


@transaction.atomic
def take(token: str, *, now: datetime) -> Person | None:
    """Whom the link signs in; None when there is no such link, it was used, or its time is over."""
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("person__organisation")
        .filter(token_hash=_hash(token), used_at=None, expires_at__gt=now, person__is_demo=True)
        .first()
    )
    if link is None:
        return None
    link.used_at = now
    link.save(update_fields=["used_at"])
    person: Person = link.person
    return person


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
