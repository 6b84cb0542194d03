"""Times as SAML writes them (Core 2.0, section 1.3.3)."""

import re
from datetime import UTC, datetime

from samtale.oiosaml.refusal import Refused

#: Context Handler writes up to seven digits of a second.
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)", re.ASCII)


def instant(value: str, *, step: str) -> datetime:
    """An ``xs:dateTime`` in UTC; below a microsecond it is cut off. Raises :class:`Refused`."""
    match = _INSTANT.fullmatch(value)
    if match is None:
        raise Refused(step, "a time is not an xs:dateTime in UTC")
    seconds, fraction = match.groups()
    try:
        whole = datetime.fromisoformat(seconds).replace(tzinfo=UTC)
    except ValueError as error:
        raise Refused(step, "a time does not exist") from error
    return whole.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))
