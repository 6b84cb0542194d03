"""What a service learns about a person: what its scopes say, and nothing else."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from samtale.identity.models import Person

#: By scope. `openid` alone gives `sub`.
SCOPES = ("openid", "profile", "email", "organisation", "role", "groups")


def sub(person: Person) -> str:
    """The subject identifier: random, for life, nothing personal in it and never given to anybody else."""
    return person.localpart


def of(person: Person, scopes: Iterable[str]) -> dict[str, Any]:
    """The claims for these scopes (OpenID Connect Core 1.0, section 5.1; the last three are our own)."""
    claims: dict[str, Any] = {"sub": sub(person)}
    for scope in scopes:
        if scope in _GIVES:
            claims |= _GIVES[scope](person)
    return claims


def _profile(person: Person) -> dict[str, Any]:
    return {"name": person.name, "preferred_username": person.localpart, "locale": person.language}


def _email(person: Person) -> dict[str, Any]:
    """Only an address that somebody vouches for.

    Services find an account of theirs by the address, and not all look at `email_verified`: with an address
    that is not the person's own, one would come into somebody else's account. An organisation vouches for the
    addresses of its own domain.
    """
    domain = person.organisation.email_domain if person.organisation else ""
    address = person.email or ""
    if not domain or address.rpartition("@")[2].lower() != domain.lower():
        return {}
    return {"email": address, "email_verified": True}


def _organisation(person: Person) -> dict[str, Any]:
    if person.organisation is None:
        return {}
    return {"organisation": {"name": person.organisation.name, "cvr": person.organisation.cvr}}


def _role(person: Person) -> dict[str, Any]:
    return {"role": person.role}


def _groups(person: Person) -> dict[str, Any]:
    groups_of: Callable[[Person], list[str]] = import_string(settings.SSO_GROUPS)
    return {"groups": groups_of(person)}


_GIVES: dict[str, Callable[[Person], dict[str, Any]]] = {
    "profile": _profile,
    "email": _email,
    "organisation": _organisation,
    "role": _role,
    "groups": _groups,
}
