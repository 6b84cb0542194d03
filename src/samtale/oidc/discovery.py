"""What a provider says about itself (OpenID Connect Discovery 1.0), remembered for some minutes."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from jwt import PyJWKSet
from jwt.exceptions import PyJWTError

from samtale.oidc.http import Unreachable, ask

#: Seconds. A key that a provider withdrew is not believed for longer than this.
FRESH = 600.0
#: Seconds between two looks at the keys because of one that is not known, and until a provider that did not
#: answer is asked again: each try keeps a thread waiting, and anybody can begin a sign-in.
PATIENCE = 10.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Provider:
    """``names_itself``: its answers say who it is (RFC 9207). ``basic``: our secret goes into a header.

    ``end_session_endpoint``: None when it has none that could be used.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_itself: bool
    basic: bool
    end_session_endpoint: str | None = None


_providers: dict[str, tuple[float, Provider]] = {}
_keys: dict[str, tuple[float, PyJWKSet]] = {}
_away: dict[str, tuple[float, str]] = {}


def provider(issuer: str) -> Provider:
    """Raises :class:`Unreachable`."""
    known, now = _providers.get(issuer), time.monotonic()
    if known is not None and now - known[0] <= FRESH:
        return known[1]
    away = _away.get(issuer)
    if away is not None and now - away[0] < PATIENCE:
        raise Unreachable(away[1])
    try:
        found = _discovered(issuer)
    except Unreachable as problem:
        _away[issuer] = (time.monotonic(), str(problem))
        raise
    _providers[issuer] = (now, found)
    return found


def keys(provider: Provider, *, with_key: str | None) -> PyJWKSet:
    """Its public keys. Asked for anew when they have none that is called ``with_key``.

    Raises :class:`Unreachable`.
    """
    known = _keys.get(provider.jwks_uri)
    now = time.monotonic()
    if known is None or now - known[0] > (FRESH if _has(known[1], with_key) else PATIENCE):
        known = _keys[provider.jwks_uri] = (now, _fetched_keys(provider.jwks_uri))
    return known[1]


def forget() -> None:
    """Whatever is remembered."""
    _providers.clear()
    _keys.clear()
    _away.clear()


def _has(known: PyJWKSet, name: str | None) -> bool:
    return name is None or any(key.key_id == name for key in known)


def _discovered(issuer: str) -> Provider:
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    status, said = ask("GET", address)
    if status != httpx.codes.OK:
        raise Unreachable(f"{address}: answered {status}")
    if said.get("issuer") != issuer:
        raise Unreachable(f"{address}: is about the issuer {said.get('issuer')!r}, not {issuer!r}")
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=issuer,
        authorization_endpoint=_address(said, "authorization_endpoint", issuer),
        token_endpoint=_address(said, "token_endpoint", issuer),
        jwks_uri=_address(said, "jwks_uri", issuer),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        basic="client_secret_basic" in methods,
        end_session_endpoint=_optional(said, "end_session_endpoint", issuer),
    )


def _address(said: dict[str, Any], name: str, issuer: str) -> str:
    """HTTPS; a provider on this machine may do without."""
    value = said.get(name)
    if not isinstance(value, str):
        raise Unreachable(f"{issuer}: {name} is missing")
    parts = urlsplit(value)
    local = issuer.startswith("http://") and parts.scheme == "http" and parts.hostname in _LOOPBACK
    if (parts.scheme != "https" and not local) or not parts.hostname or "#" in value:
        raise Unreachable(f"{issuer}: {name} is not HTTPS")
    return value


def _optional(said: dict[str, Any], name: str, issuer: str) -> str | None:
    try:
        return _address(said, name, issuer)
    except Unreachable:
        return None


def _fetched_keys(address: str) -> PyJWKSet:
    status, said = ask("GET", address)
    if status != httpx.codes.OK:
        raise Unreachable(f"{address}: answered {status}")
    try:
        return PyJWKSet.from_dict(said)
    except PyJWTError as error:
        raise Unreachable(f"{address}: holds no key that can be used") from error
