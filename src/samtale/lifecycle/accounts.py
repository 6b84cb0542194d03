"""Which person a way in leads to. Rows are django-allauth's, for every way in alike."""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from samtale.audit.log import record
from samtale.identity.models import Person
from samtale.lifecycle.arrival import Arrival


def person_of(arrival: Arrival) -> Person | None:
    """Who came this way before."""
    account = (
        SocialAccount.objects.filter(provider=arrival.source, uid=arrival.uid)
        .select_related("user__organisation")
        .first()
    )
    return account.user if account else None


@transaction.atomic
def connect(person: Person, arrival: Arrival, *, by: Person | None, address: str | None) -> None:
    """From now on this way in leads to the person. Raises IntegrityError when it leads to somebody."""
    SocialAccount.objects.create(user=person, provider=arrival.source, uid=arrival.uid)
    record("sign_in.linked", by=by, on=person, address=address, source=arrival.source, cvr=arrival.cvr)


def note_use(person: Person, arrival: Arrival) -> None:
    """The row's own clock: its last sign-in is now."""
    for account in SocialAccount.objects.filter(user=person, provider=arrival.source, uid=arrival.uid):
        account.save(update_fields=["last_login"])
