"""The kinds of value a configuration key takes: how a text becomes one, what is accepted, how to say so."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+")
_SIZE = re.compile(r"(\d+)\s*([KMG]?)B?", re.IGNORECASE)
_CVR = re.compile(r"\d{8}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ENTITY_ID = re.compile(r"(?:https?|urn):[\x21-\x7e]{1,1000}")
#: A claim or a scope (RFC 6749, section 3.3); SAML's attributes are often named by addresses.
_CLAIM = re.compile(r"[A-Za-z0-9._:/-]{1,200}")
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


@dataclass(frozen=True)
class Kind:
    """One kind of value.

    Attributes:
        allowed: ends the sentence "must be …".
        accept: makes the value of what TOML gave, or raises ValueError.
        from_text: makes of an environment variable what TOML would have given, or leaves it as it is.
    """

    allowed: str
    accept: Callable[[object], Any]
    from_text: Callable[[str], object] = str


def _text(value: object) -> str:
    if not isinstance(value, str) or any(ord(character) < 32 for character in value):
        raise ValueError(value)
    return value


def _matching(pattern: re.Pattern[str], *, empty: bool = False) -> Callable[[object], str]:
    def accept(value: object) -> str:
        text = _text(value)
        if (empty and not text) or pattern.fullmatch(text):
            return text
        raise ValueError(value)

    return accept


def one_of(*choices: str) -> Kind:
    """One of a few words."""

    def accept(value: object) -> str:
        if value not in choices:
            raise ValueError(value)
        return str(value)

    return Kind(f"one of {', '.join(choices)}", accept)


def _number_from_text(text: str) -> object:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def whole_number(least: int, most: int) -> Kind:
    """A whole number between two bounds, both allowed."""

    def accept(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(value)
        return value

    return Kind(f"a whole number from {least} to {most}", accept, _number_from_text)


def _rate(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 1000:
        raise ValueError(value)
    return float(value)


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _boolean_from_text(text: str) -> object:
    return {"true": True, "false": False, "1": True, "0": False}.get(text.lower(), text)


def _size(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise ValueError(value)
    return int(match[1]) * _UNITS[match[2].upper()]


def _texts(accept: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    """A list of texts, each of which ``accept`` takes."""

    def accept_all(value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(value)
        return tuple(accept(one) for one in value)

    return accept_all


def _texts_from_text(text: str) -> object:
    return [part.strip() for part in text.split(",") if part.strip()]


def _some(accept: Callable[[object], str]) -> Callable[[object], str]:
    """Not the empty text."""

    def accept_some(value: object) -> str:
        if not value:
            raise ValueError(value)
        return accept(value)

    return accept_some


def _any_or_cvrs(value: object) -> str | tuple[str, ...]:
    found = _texts(_matching(_CVR))(value) if value != "any" else "any"
    if not found:
        raise ValueError(value)
    return found


def _short_name(value: object) -> str:
    text = _some(_text)(value)
    if len(text) > 100:
        raise ValueError(value)
    return text


def _address(value: object) -> str:
    """https, or http on this machine. A fragment is refused (RFC 6749, section 3.1.2)."""
    text = _text(value)
    parts = urlsplit(text)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not secure or not parts.hostname or parts.username or "#" in text or not text.isascii() or " " in text:
        raise ValueError(value)
    _ = parts.port  # raises ValueError itself
    return text


def _optional_address(value: object) -> str:
    return _address(value) if value else _text(value)


def some_of(*choices: str, empty: bool = False) -> Kind:
    """A list of a few words, in any order."""

    def accept(value: object) -> tuple[str, ...]:
        found = _texts(one_of(*choices).accept)(value)
        if not (found or empty):
            raise ValueError(value)
        return found

    return Kind(f"a list of {', '.join(choices)}", accept, _texts_from_text)


def _some_texts(accept: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    """A list that holds at least one."""

    def accept_some(value: object) -> tuple[str, ...]:
        found = _texts(accept)(value)
        if not found:
            raise ValueError(value)
        return found

    return accept_some


def _dsn(value: object) -> str:
    text = _text(value)
    if not text:
        return text
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError(value)
    try:
        parts = conninfo_to_dict(text)
    except ProgrammingError as error:
        raise ValueError(value) from error
    if not parts.get("user") or not parts.get("dbname") or not 0 < int(parts.get("port") or 5432) < 65536:
        raise ValueError(value)
    # The rest of a password with an @ in it, which would be told as the name of a host that is not found.
    if any("@" in str(parts.get(name, "")) for name in ("host", "dbname")):
        raise ValueError(value)
    return text


BOOLEAN = Kind("true or false", _boolean, _boolean_from_text)
HOSTNAME = Kind("a host name in small letters, such as samtale.example.dk", _matching(_HOST))
SERVER_NAME = Kind(
    "a Matrix server name in small letters, such as example.dk, or empty for the host name",
    _matching(_HOST, empty=True),
)
LANGUAGE = one_of("da", "en")
PRESENCE = one_of("on", "off", "untracked")
TLS = one_of("off", "acme", "files")
SECURITY = one_of("starttls", "tls", "none")
PORT = whole_number(1, 65535)
RATE = Kind("a number above 0 and at most 1000", _rate, _number_from_text)
SIZE = Kind("a size such as 50M, 512K or 1G", _size)
OPTIONAL_TEXT = Kind("a text on one line", _text)
OPTIONAL_PATH = Kind("a path on one line", _text)
PATHS = Kind("a list of paths", _texts(_some(_text)), _texts_from_text)
SOME_TEXT = Kind("a text on one line that is not empty", _some(_text))
SHORT_NAME = Kind("a text on one line of 1 to 100 characters", _short_name)
SLUG = Kind("2 to 40 small letters, digits and hyphens that begins with a letter or digit", _matching(_SLUG))
CVR_LIST = Kind("a list of CVR numbers of eight digits", _texts(_matching(_CVR)), _texts_from_text)
SOME_CVRS = Kind(
    "a list of at least one CVR number of eight digits", _some_texts(_matching(_CVR)), _texts_from_text
)
CVR_NUMBERS = Kind("any, or a list of CVR numbers of eight digits", _any_or_cvrs)
LEVEL = one_of("low", "substantial", "high")
ALGORITHMS = one_of("ch2", "profile")
OPTIONAL_ENTITY_ID = Kind(
    "an address or a urn such as https://saml.example.dk, or empty for the public address",
    _matching(_ENTITY_ID, empty=True),
)
OPTIONAL_MAIL_ADDRESS = Kind(
    "a mail address such as samtale@example.dk, or empty", _matching(_MAIL, empty=True)
)
_ADDRESS = "such as https://service.example.dk/callback (http on this machine only)"
ADDRESSES = Kind(f"a list of addresses {_ADDRESS}", _texts(_address), _texts_from_text)
SOME_ADDRESSES = Kind(f"a list of at least one address {_ADDRESS}", _some_texts(_address), _texts_from_text)
ISSUER = Kind(
    "an address such as https://login.example.dk/realms/ansatte, as its own discovery document writes it",
    _some(_address),
)
SUBJECT = one_of("sub", "oid")
CLAIM = Kind("the name of a claim", _matching(_CLAIM))
OPTIONAL_CLAIM = Kind("the name of a claim, or empty", _matching(_CLAIM, empty=True))
OIDC_SCOPES = Kind(
    "a list of scopes of letters, digits and . : / _ -", _texts(_matching(_CLAIM)), _texts_from_text
)
OPTIONAL_ADDRESS = Kind(f"an address {_ADDRESS}, or empty", _optional_address)
SCOPES = some_of("profile", "email", "organisation", "role", "groups", empty=True)
ROLES = some_of("member", "guest", "administrator", "owner")
ORGANISATIONS = some_of("municipality", "region", "state", "supplier", "os2", empty=True)
OPTIONAL_DSN = Kind(
    "empty for the bundled PostgreSQL, or like postgresql://user:password@host:5432/database, "
    "where a password has %40 for @, %2F for / and %25 for %",
    _dsn,
)
