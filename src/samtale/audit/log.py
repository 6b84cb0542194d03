"""The one way to write to the audit log."""

from typing import TYPE_CHECKING

from samtale.audit.models import Entry

if TYPE_CHECKING:
    from samtale.identity.models import Person


def record(
    act: str,
    *,
    by: "Person | None" = None,
    on: "Person | None" = None,
    subject: str = "",
    address: str | None = None,
    **detail: str | int | bool | list[str] | None,
) -> Entry:
    """Append an entry, in the caller's transaction.

    Args:
        act: dotted verb, e.g. ``person.locked``.
        by: who did it; None when the platform did it by itself.
        on: the person it was done to.
        subject: what it was done to when that is no person, e.g. ``os2display/support``.
        address: the IP address the act came from.
        detail: what one needs to understand the act later; never a secret.
    """
    return Entry.objects.create(
        act=act,
        by=by,
        by_name=by.name if by else "",
        on=on,
        on_name=on.name if on else "",
        subject=subject,
        address=address,
        detail=detail,
    )
