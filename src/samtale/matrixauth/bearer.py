"""Who sent this request, by its bearer token."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone

from samtale.identity.access import refusal
from samtale.matrixauth import scopes
from samtale.matrixauth.models import AccessToken, Session, checksum

if TYPE_CHECKING:
    from samtale.identity.models import Person

#: Longer than any token of ours: nothing else is looked up.
LONGEST_TOKEN = 256


@dataclass(frozen=True)
class Signed:
    """A request that may use the portal's API."""

    person: "Person"
    session: Session
    scopes: frozenset[str]


def token_of(request: HttpRequest) -> str | None:
    """The token of the `Authorization` header (RFC 6750, section 2.1); nowhere else is it looked for."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        return None
    return token


#: What introspection reads, and what decides whether a person may be here. Every column costs time.
_FOR_INTROSPECTION = (
    "used",
    "scope",
    "created",
    "expires",
    "session__device_id",
    "session__ended_at",
    "session__application__client_id",
    "session__person__localpart",
    "session__person__role",
    "session__person__is_active",
    "session__person__locked_at",
    "session__person__expires_at",
    "session__person__organisation__state",
)


def living(token: str, *, for_introspection: bool = False) -> AccessToken | None:
    """The access token if it counts now, with session, client and person, in one query; marked as used."""
    found: AccessToken
    rows = AccessToken.objects.select_related("session__person__organisation", "session__application")
    if for_introspection:
        rows = rows.only(*_FOR_INTROSPECTION)
    try:
        found = rows.get(token_checksum=checksum(token))
    except AccessToken.DoesNotExist:
        return None
    session = found.session
    if found.expires <= timezone.now() or session.ended_at is not None:
        return None
    if refusal(session.person) is not None:
        return None
    if not found.used:
        # Once in a token's life: the pair reached the client, so its predecessor is spent for good.
        AccessToken.objects.filter(pk=found.pk).update(used=True)
    return found


def authenticate(request: HttpRequest) -> Signed | None:
    """The person behind a request to the portal's API.

    None when the token is missing, unknown or expired, its session ended, its person locked, or it was not
    issued for :data:`samtale.matrixauth.scopes.PORTAL_API`.
    """
    token = token_of(request)
    found = living(token) if token is not None else None
    if found is None:
        return None
    granted = frozenset(found.scope.split())
    if scopes.PORTAL_API not in granted:
        return None
    return Signed(found.session.person, found.session, granted)
