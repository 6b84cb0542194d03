"""Which person a way in leads to. Rows are django-allauth's, for every way in alike."""

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from samtale.audit.log import record
from samtale.identity import jobs, last_way, ways_in
from samtale.identity.models import Organisation, Person
from samtale.lifecycle.arrival import Arrival


@dataclass(frozen=True)
class Link:
    """A way in that leads to a person, as they know it.

    Attributes:
        name: what the way in is called, its slug when samtale.toml does not name it any more.
        organisation: its name, or its CVR number when nobody here knows it.
        usable: whether anybody can come this way.
        removable: whether the person has another way.
    """

    account: SocialAccount
    name: str
    organisation: str
    usable: bool
    removable: bool


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
    if by is not None:
        said = _("Du kan nu også logge ind på din konto med »{name}« ({organisation}).")
        what = format_lazy(said, **_in_words(arrival.source, arrival.cvr))
        jobs.tell_of_change(person, what, address=address)


@transaction.atomic
def disconnect(person: Person, account: SocialAccount, *, by: Person, address: str | None) -> bool:
    """From now on this way in leads to the person no more. Who is signed in stays so.

    Returns:
        False when it is the last way to sign in, and stays.
    """
    # Two that are removed at once must not each count on the other.
    held = Person.objects.select_for_update().get(pk=person.pk)
    if not last_way.is_left(held, without=account):
        return False
    gone = SocialAccount.objects.filter(user_id=held.pk, pk=account.pk).delete()[0]
    if gone:
        source, cvr = account.provider, _cvr(account)
        record("sign_in.unlinked", by=by, on=held, address=address, source=source, cvr=cvr)
        said = _("Du kan ikke længere logge ind på din konto med »{name}« ({organisation}).")
        jobs.tell_of_change(held, format_lazy(said, **_in_words(source, cvr)), address=address)
    return True


def links_of(person: Person) -> list[Link]:
    """All of a person's, the oldest first."""
    return [
        Link(
            account=account,
            **_in_words(account.provider, _cvr(account)),
            usable=ways_in.find(account.provider) is not None,
            removable=last_way.is_left(person, without=account),
        )
        for account in SocialAccount.objects.filter(user_id=person.pk).order_by("date_joined", "pk")
    ]


def note_use(person: Person, arrival: Arrival) -> None:
    """The row's own clock: its last sign-in is now."""
    for account in SocialAccount.objects.filter(user=person, provider=arrival.source, uid=arrival.uid):
        account.save(update_fields=["last_login"])


def _cvr(account: SocialAccount) -> str:
    """The first part of :attr:`Arrival.uid`."""
    return str(account.uid).partition(":")[0]


def _in_words(source: str, cvr: str) -> dict[str, str]:
    """``name`` and ``organisation`` of a :class:`Link`."""
    way = ways_in.find(source)
    known = Organisation.objects.filter(cvr=cvr).first()
    return {"name": way.name if way else source, "organisation": known.name if known else f"CVR {cvr}"}
