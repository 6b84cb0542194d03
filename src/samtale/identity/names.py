"""Names of people: what is allowed, how they are found and sorted. Plain Python, no locale of a machine.

PostgreSQL's wheel has no ICU, unaccent or pg_trgm, and Synapse's directory finds neither "soren" nor
"oconnor", so people are found by stored keys made here (docs/en/decisions, "People are found by the portal").
"""

import re
import unicodedata

MAX_LENGTH = 120
RESERVED = {"samtale", "moderatorer", "moderators", "kanal", "channel", "alle", "all", "room"}
_GUEST_MARK = re.compile(r"\s*\([^()]*\)$")


class NameRefused(ValueError):
    """The name may not be used; ``reason`` is a code: empty, too_long, reserved, mark."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def cleaned(name: str) -> str:
    """The name as it is kept: NFC, control characters and surplus spaces taken out."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(" " if ch.isspace() else ch for ch in text if unicodedata.category(ch) not in ("Cc", "Cs", "Cf") or ch.isspace())
    return " ".join(text.split())


def search_key(name: str, *, email: str = "") -> str:
    return name.lower()


def sort_key(name: str) -> str:
    return name.lower()
