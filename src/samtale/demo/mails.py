"""The mails that the demo did not send: files in the data folder, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

#: What Django's file backend writes after each mail.
_BETWEEN = b"-" * 79
MOST = 20


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    at: datetime | None


def newest(folder: Path) -> list[Mail]:
    """At most :data:`MOST`."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    mails: list[Mail] = []
    for file in files:
        mails.extend(reversed(list(_mails(file))))
        if len(mails) >= MOST:
            break
    return mails[:MOST]


def _mails(file: Path) -> Iterator[Mail]:
    for raw in file.read_bytes().split(_BETWEEN):
        if raw.strip():
            yield _mail(raw.strip())


def _mail(raw: bytes) -> Mail:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    return Mail(
        to=str(message["to"] or ""),
        subject=str(message["subject"] or ""),
        text=body.get_content() if body is not None else "",
        at=_when(message["date"]),
    )


def _when(date: object) -> datetime | None:
    """Django writes UTC as ``-0000``: the sender's own time zone is unknown (RFC 5322, section 3.3)."""
    if not date:
        return None
    when = parsedate_to_datetime(str(date))
    return when if when.tzinfo else when.replace(tzinfo=UTC)
