"""Issuing and rotating a session's pair of tokens.

A refresh token is spent once and names its successor. Presented again:

- its successor was never used: the answer was lost on the way (phones on bad networks). The successor is
  withdrawn and the replay forgiven.
- its successor was used: two parties hold the token. The whole session ends.
- it has no successor: it was withdrawn, by a sign-out or by forgiving. Refused, and nothing else: it proves
  nothing about the token in use.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from django.utils import timezone

from samtale.matrixauth.models import AccessToken, RefreshToken, Session, checksum

if TYPE_CHECKING:
    from samtale.matrixauth.models import Application


@dataclass(frozen=True)
class Pair:
    """What the client gets. `lifetime` of the access token, in seconds."""

    access: str
    refresh: str
    lifetime: int


class Verdict(Enum):
    """What presenting a refresh token means."""

    GOOD = auto()
    FORGIVEN = auto()
    WITHDRAWN = auto()
    REPLAYED = auto()


def judge(token: RefreshToken) -> Verdict:
    """Lock the session's row first when something follows from the answer."""
    if token.revoked is None:
        return Verdict.GOOD
    successor = token.successor
    if successor is None:
        return Verdict.WITHDRAWN
    if (
        successor.revoked is None
        and not AccessToken.objects.filter(refresh_token=successor, used=True).exists()
    ):
        return Verdict.FORGIVEN
    return Verdict.REPLAYED


def issue(session: Session, pair: Pair) -> RefreshToken:
    """Store a pair for a session. Only checksums reach the database."""
    access = AccessToken.objects.create(
        token="",
        token_checksum=checksum(pair.access),
        user_id=session.person_id,
        application_id=session.application_id,
        session=session,
        scope=session.scope,
        expires=timezone.now() + timedelta(seconds=pair.lifetime),
    )
    token: RefreshToken = RefreshToken.objects.create(
        token="",
        token_checksum=checksum(pair.refresh),
        user_id=session.person_id,
        application_id=session.application_id,
        session=session,
        access_token=access,
        token_family=uuid.uuid4(),
    )
    return token


def rotate(spent: RefreshToken, pair: Pair) -> None:
    """Spend a token judged good or forgiven: its pair is over, the new one follows it."""
    now = timezone.now()
    if spent.successor is not None:
        _withdraw(spent.successor)
    else:
        _withdraw(spent)
    session = spent.session
    spent.successor = issue(session, pair)
    RefreshToken.objects.filter(pk=spent.pk).update(successor=spent.successor)
    Session.objects.filter(pk=session.pk).update(last_active=now)


def find(token: str, application: "Application") -> RefreshToken | None:
    """A client finds only its own."""
    found: RefreshToken | None = (
        RefreshToken.objects.filter(token_checksum=checksum(token), application=application)
        .select_related("session__person__organisation", "session__application", "successor")
        .first()
    )
    return found


def _withdraw(token: RefreshToken) -> None:
    AccessToken.objects.filter(refresh_token=token).delete()
    RefreshToken.objects.filter(pk=token.pk).update(revoked=timezone.now(), access_token=None)
