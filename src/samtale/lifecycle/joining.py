"""Two accounts of one person become one. An administrator does it, and whoever is concerned hears of it."""

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from samtale.audit.log import record
from samtale.communities import privileges
from samtale.identity import actions, jobs
from samtale.identity.access import may_manage
from samtale.identity.models import Person
from samtale.identity.people import reachable
from samtale.identity.signals import person_changed
from samtale.identity.views import whom_to_ask
from samtale.lifecycle.accounts import Link, links_of


class NotJoined(Exception):
    """Base of the reasons."""


class Forbidden(NotJoined):
    """``by`` may not manage both."""


class Unfit(NotJoined):
    """They are one account, one of them is locked, or the one to close has no way in to move."""


@dataclass(frozen=True)
class Pair:
    """``kept`` gets the ways in of ``closed``, which is then locked."""

    kept: Person
    closed: Person

    @property
    def moved(self) -> list[Link]:
        return links_of(self.closed)


def pair_for(by: Person, kept: str, closed: str) -> Pair:
    """The two whose Matrix localparts these are, to be joined by ``by``. Raises :class:`NotJoined`."""
    return _pair(by, {person.localpart: person for person in _both(kept, closed)}, kept, closed)


@transaction.atomic
def join(pair: Pair, *, by: Person, address: str | None) -> None:
    """From now on whoever came to ``closed`` comes to ``kept``; an address moves where there is none.

    What ``closed`` wrote, follows and was invited to stays with it.

    Raises:
        NotJoined: it may not be, or may not be any more.
    """
    kept, closed = pair.kept.localpart, pair.closed.localpart
    held = {
        person.localpart: person
        for person in _both(kept, closed).select_for_update(of=("self",)).order_by("pk")
    }
    pair = _pair(by, held, kept, closed)
    sources = [f"{link.account.provider} {link.organisation}" for link in pair.moved]
    concerned = {email for email in (pair.kept.email, pair.closed.email) if email}
    SocialAccount.objects.filter(user_id=pair.closed.pk).update(user_id=pair.kept.pk)
    privileges.follow(pair.closed, [])
    _move_address(pair)
    record(
        "account.joined", by=by, on=pair.kept, subject=pair.closed.localpart, address=address, sources=sources
    )
    record(
        "account.emptied",
        by=by,
        on=pair.closed,
        subject=pair.kept.localpart,
        address=address,
        sources=sources,
    )
    actions.lock_person(pair.closed, by=by, address=address, why=f"joined with {pair.kept.localpart}")
    _tell(pair, concerned, by)


def _both(kept: str, closed: str) -> QuerySet[Person]:
    return reachable().filter(localpart__in=[kept, closed])


def _pair(by: Person, found: dict[str, Person], kept: str, closed: str) -> Pair:
    if kept == closed or len(found) != 2:
        raise Unfit
    pair = Pair(found[kept], found[closed])
    if not (may_manage(by, pair.kept) and may_manage(by, pair.closed)):
        raise Forbidden
    if not pair.moved:
        raise Unfit
    return pair


def _move_address(pair: Pair) -> None:
    freed, pair.closed.email = pair.closed.email, None
    _save_address(pair.closed)
    if freed and not pair.kept.email:
        pair.kept.email = freed
        _save_address(pair.kept)
        person_changed.send(sender=Person, person=pair.kept)


def _save_address(person: Person) -> None:
    # People are found by its domain too.
    person.rename(person.name)
    person.save(update_fields=["email", "search_key"])


def _tell(pair: Pair, addresses: set[str], by: Person) -> None:
    name, contact = whom_to_ask(pair.kept.organisation)
    context = {
        "kept": pair.kept,
        "closed": pair.closed,
        "by": by,
        "at": timezone.now(),
        "contact": " ".join(filter(None, [name, contact])),
    }
    with override(pair.kept.language):
        subject = render_to_string("lifecycle/mail/joined_subject.txt", context).strip()
        text = render_to_string("lifecycle/mail/joined.txt", context)
    for address in sorted(addresses):
        jobs.send_mail.defer(address=address, subject=subject, text=text)
