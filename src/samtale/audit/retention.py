"""How long entries are kept, and what one person may have of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from samtale.audit.models import Entry

DAYS_KEPT = 180


def forget(now: datetime, *, days: int = DAYS_KEPT) -> int:
    """Delete what is older than ``days``. Returns how many entries went."""
    gone, _ = Entry.objects.filter(at__lt=now - timedelta(days=days)).delete()
    return gone


def about(person_id: int) -> Iterator[dict[str, Any]]:
    """Every entry that names the person, newest first, as plain values: what a person may ask for.

    Yields:
        ``{"at", "act", "by", "on", "subject", "address", "detail"}``; times in ISO 8601.
    """
    for entry in Entry.objects.filter(Q(by_id=person_id) | Q(on_id=person_id)).iterator():
        yield {
            "at": entry.at.isoformat(),
            "act": entry.act,
            "by": entry.by_name,
            "on": entry.on_name,
            "subject": entry.subject,
            "address": entry.address,
            "detail": entry.detail,
        }
