"""An account with the same address as somebody at the door. Never theirs just because of that.

An account that was made for somebody and never used can be claimed by whoever signs in with its address, at a
provider that may speak for the account's organisation, and reads the address's mail. Everything else is for
the person, signed in to both, or for an administrator.
"""

import hashlib
import hmac
import secrets
from dataclasses import asdict
from datetime import timedelta

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from samtale.audit.log import record
from samtale.identity.addresses import client_address
from samtale.identity.models import Organisation, Person
from samtale.lifecycle import newcomers
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.models import Claim
from samtale.lifecycle.onward import Onward

LIFETIME = timedelta(minutes=30)
#: In the session: the secret that ties a claim to this browser, and who waits at the door.
BROWSER, WAITING = "claim_browser", "waiting_arrival"


class NotHere(Exception):
    """The link is none, was used, is too old, or was opened in another browser; ``reason`` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def with_the_same_address(arrival: Arrival) -> Person | None:
    """Who has the address already."""
    address = newcomers.valid_address(arrival)
    return Person.objects.with_email(address) if address else None


def is_unclaimed(person: Person) -> bool:
    """Made for somebody by an invitation or an import, and never signed in to."""
    return person.last_login is None and not SocialAccount.objects.filter(user_id=person.pk).exists()


def offer(
    request: HttpRequest, person: Person, arrival: Arrival, organisation: Organisation, onward: Onward
) -> HttpResponse:
    """Send a link to the address, or ask which of the two ways on is right."""
    if is_unclaimed(person) and person.organisation == organisation:
        _send_link(request, person, arrival, onward)
        return HttpResponseRedirect(reverse("claim_sent"))
    record("account.same_address", on=person, address=client_address(request), source=arrival.source)
    request.session[WAITING] = {
        "arrival": arrival.to_json(),
        "onward": asdict(onward),
        "at": timezone.now().timestamp(),
    }
    return HttpResponseRedirect(reverse("same_address"))


def waiting(request: HttpRequest) -> tuple[Arrival, Onward] | None:
    """Who was asked, in this browser, not long ago."""
    kept = request.session.get(WAITING)
    if kept is None or kept["at"] < (timezone.now() - LIFETIME).timestamp():
        return None
    return Arrival.from_json(kept["arrival"]), Onward(**kept["onward"])


def stop_waiting(request: HttpRequest) -> None:
    request.session.pop(WAITING, None)


def look_at(request: HttpRequest, token: str) -> Claim:
    """The claim that a link stands for. Raises :class:`NotHere`."""
    claim = Claim.objects.filter(token=_hash(token)).select_related("person__organisation").first()
    if claim is None:
        raise NotHere("used")
    if claim.at < timezone.now() - LIFETIME:
        raise NotHere("expired")
    if not hmac.compare_digest(_hash(request.session.get(BROWSER, "")), claim.browser):
        raise NotHere("browser")
    return claim


@transaction.atomic
def take(request: HttpRequest, token: str) -> tuple[Person, Arrival, Onward]:
    """Join the account with the way in, once. Raises :class:`NotHere`."""
    claim = look_at(request, token)
    gone, _ = Claim.objects.filter(pk=claim.pk).delete()
    if not gone or not is_unclaimed(claim.person):
        raise NotHere("used")
    arrival = Arrival.from_json(claim.arrival)
    SocialAccount.objects.create(user=claim.person, provider=arrival.source, uid=arrival.uid)
    record("account.claimed", on=claim.person, address=client_address(request), source=arrival.source)
    request.session.pop(BROWSER, None)
    return claim.person, arrival, Onward.from_text(claim.onward)


def forget_old() -> int:
    """Claims whose time is over. Returns how many."""
    return Claim.objects.filter(at__lt=timezone.now() - LIFETIME).delete()[0]


@transaction.atomic
def _send_link(request: HttpRequest, person: Person, arrival: Arrival, onward: Onward) -> None:
    from samtale.lifecycle import jobs  # noqa: PLC0415 - jobs imports us

    browser = request.session.setdefault(BROWSER, secrets.token_urlsafe(32))
    # One at a time: the newest mail is the one that works.
    Claim.objects.filter(person=person).delete()
    claim = Claim.objects.create(
        browser=_hash(browser), person=person, arrival=arrival.to_json(), onward=onward.to_text()
    )
    record("account.claim_sent", on=person, address=client_address(request), source=arrival.source)
    jobs.send_claim.defer(claim_id=claim.pk)


def new_link(claim: Claim) -> str:
    """The link for the mail; an earlier one works no more."""
    token = secrets.token_urlsafe(32)
    claim.token = _hash(token)
    claim.save(update_fields=["token"])
    return f"{settings.CONFIG.public_url}{reverse('claim', args=[token])}"


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
