"""Throwing away what is over. A site calls it every few minutes."""

from datetime import datetime, timedelta

from samtale.oiosaml import pending
from samtale.oiosaml.models import PendingRequest, ProviderSession, UsedAssertion


def forget_old(now: datetime, *, session_age: timedelta) -> int:
    """``session_age``: how long a session of the site can live. Returns how many rows went."""
    over = (
        PendingRequest.objects.filter(at__lt=now - pending.LIFETIME),
        # These hold what is known of a person.
        PendingRequest.objects.filter(
            kind=PendingRequest.Kind.SIGN_IN, content__isnull=False, at__lt=now - pending.ANSWER_LIFETIME
        ),
        UsedAssertion.objects.filter(until__lt=now),
        ProviderSession.objects.filter(at__lt=now - session_age),
    )
    return sum(rows.delete()[0] for rows in over)
