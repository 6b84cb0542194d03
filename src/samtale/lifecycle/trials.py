"""An operator tries a way in: one sign-in, of which the terminal is told and nothing is kept.

Whoever has the machine begins it and gets an address that works once, within ten minutes. What came is handed
over in the shared cache, and gone when it was read.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from samtale.identity.access import refusal
from samtale.identity.models import Organisation
from samtale.lifecycle import accounts, newcomers, roles
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.onward import Onward

LIFETIME = 600  # seconds


@dataclass(frozen=True)
class Outcome:
    """``kind``: how it ended; ``told``: lines for the operator."""

    kind: Literal["admitted", "turned_away", "nobody", "refused", "cannot"]
    told: tuple[str, ...]


def begin(slug: str) -> tuple[str, str]:
    """The trial's key, and the address to open."""
    token = secrets.token_urlsafe(32)
    key = _key(token)
    cache.set(f"trial-of:{key}", slug, LIFETIME)
    return key, f"{settings.CONFIG.public_url}{reverse('trial', args=[token])}"


def open_once(token: str) -> tuple[str, Onward] | None:
    """Which way in is tried; None when the address is none, too old, or was opened before."""
    key = _key(token)
    slug = cache.get(f"trial-of:{key}")
    if slug is None or not cache.add(f"trial-opened:{key}", True, LIFETIME):
        return None
    return slug, Onward(purpose="trial", trial=key)


def outcome(key: str) -> Outcome | None:
    """What became of it, once."""
    found = cache.get(f"trial-outcome:{key}")
    if found is None:
        return None
    forget(key)
    return Outcome(found["kind"], tuple(found["told"]))


def forget(key: str) -> None:
    cache.delete_many([f"trial-{what}:{key}" for what in ("of", "opened", "outcome")])


def report(request: HttpRequest, arrival: Arrival, onward: Onward) -> HttpResponse:
    """Somebody is back: what came along, and what it would give. Nobody is signed in, nothing is made."""
    kind, told = _would_give(arrival)
    return finish(request, onward, Outcome(kind, told))


def finish(request: HttpRequest, onward: Onward, made: Outcome) -> HttpResponse:
    """Tell the terminal, and the browser that the terminal knows."""
    tell(onward, made)
    return render(request, "lifecycle/trial.html", {"over": False})


def tell(onward: Onward, made: Outcome) -> None:
    cache.set(f"trial-outcome:{onward.trial}", {"kind": made.kind, "told": list(made.told)}, LIFETIME)


def _would_give(arrival: Arrival) -> tuple[Literal["admitted", "turned_away"], tuple[str, ...]]:
    organisation = Organisation.objects.filter(cvr=arrival.cvr).first()
    person = accounts.person_of(arrival)
    rights = [
        "administrator" if arrival.administrator else "member",
        *(f"moderator of {slug}, if that is approved" for slug in sorted(arrival.products)),
    ]
    told = [
        f"claims that came: {', '.join(sorted(arrival.received)) or 'none'}",
        f"key: {arrival.source} {arrival.uid}",
        f"organisation: {arrival.cvr} {_named(organisation, arrival)}",
        f"name: {newcomers.name_of(arrival)}",
        f"e-mail: {newcomers.valid_address(arrival) or 'none that can be used'}",
        f"rights: {', '.join(rights)}",
        f"account: {person.name if person else 'a new one'}",
    ]
    if organisation is None or not organisation.takes_part:
        return "turned_away", (*told, "would be turned away: the organisation does not take part")
    if roles.is_missing_membership(arrival):
        return "turned_away", (*told, "would be turned away: the privilege »medlem« is missing")
    if person is not None and not person.is_guest:
        person.organisation = organisation  # as a sign-in would; it is not saved
    reason = refusal(person) if person else None
    if reason is not None:
        return "turned_away", (*told, f"would be turned away: the account is refused ({reason})")
    return "admitted", (*told, "would be let in")


def _named(organisation: Organisation | None, arrival: Arrival) -> str:
    if organisation is None:
        return f"{arrival.organisation or 'without a name'}, which is not known here"
    return organisation.name


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
