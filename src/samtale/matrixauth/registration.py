"""Rules for clients that register themselves (Client-Server API, "Client registration"; RFC 7591).

`client_uri` is who the client says it is; everything else must belong to that host, so that a name on the
consent page and the place a code is sent to are the same party's.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.db import IntegrityError, transaction

from samtale.matrixauth.models import Application

LOOPBACK = ("localhost", "127.0.0.1", "::1")
LONGEST_URI = 500
MOST_REDIRECTS = 10
#: A host name as browsers take it. Anything else could mean one host to us and another to them, and would
#: stand in the consent page's Content-Security-Policy as it is.
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")
#: What a client may ask for; the answer names those that exist here.
GRANTS = ("authorization_code", "refresh_token")


class RegistrationRefused(Exception):
    """`code`: an error code of RFC 7591, section 3.2.2."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


@dataclass(frozen=True)
class Metadata:
    """A registration that keeps the rules."""

    name: str
    application_type: str
    client_uri: str
    logo_uri: str
    tos_uri: str
    policy_uri: str
    redirect_uris: tuple[str, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def parse(content: bytes, *, loopback_clients: bool = False) -> Metadata:
    """Read a registration.

    Args:
        loopback_clients: also take web clients of this very machine over http (the demo).

    Raises:
        RegistrationRefused: not JSON, not a public client, no code grant, or a URI off the client's host.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise RegistrationRefused("invalid_client_metadata", "a JSON object is expected")
    _public_with_code(given)
    rules = _Rules(_client(_text(given, "client_uri"), loopback_clients=loopback_clients))
    native = given.get("application_type", "web") == "native"
    return Metadata(
        name=_text(given, "client_name")[:100] or rules.host,
        application_type=Application.Type.NATIVE if native else Application.Type.WEB,
        client_uri=_text(given, "client_uri"),
        logo_uri=rules.page(given, "logo_uri"),
        tos_uri=rules.page(given, "tos_uri"),
        policy_uri=rules.page(given, "policy_uri"),
        redirect_uris=rules.redirects(given.get("redirect_uris"), native=native),
    )


def register(metadata: Metadata) -> Application:
    """The client with this metadata: the same one each time."""
    known: Application | None = Application.objects.filter(digest=metadata.digest).first()
    if known is not None:
        return known
    fields = asdict(metadata)
    fields["redirect_uris"] = " ".join(metadata.redirect_uris)
    try:
        with transaction.atomic():
            made: Application = Application.objects.create(
                **fields,
                digest=metadata.digest,
                client_type=Application.CLIENT_PUBLIC,
                authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
                client_secret="",
                registration_source=Application.RegistrationSource.DCR,
            )
            return made
    except IntegrityError:
        # Registered by another request in the meantime.
        faster: Application = Application.objects.get(digest=metadata.digest)
        return faster


def _public_with_code(given: dict[str, Any]) -> None:
    if given.get("token_endpoint_auth_method", "client_secret_basic") != "none":
        raise RegistrationRefused(
            "invalid_client_metadata",
            "token_endpoint_auth_method must be none: only public clients may register",
        )
    grants = given.get("grant_types", ["authorization_code"])
    if not isinstance(grants, list) or "authorization_code" not in grants:
        raise RegistrationRefused("invalid_client_metadata", "grant_types must hold authorization_code")
    responses = given.get("response_types", ["code"])
    if not isinstance(responses, list) or "code" not in responses:
        raise RegistrationRefused("invalid_client_metadata", "response_types must hold code")


def _client(uri: str, *, loopback_clients: bool) -> SplitResult:
    parts = _split(uri)
    if parts is None or not parts.hostname or parts.username is not None:
        raise RegistrationRefused("invalid_client_metadata", "client_uri must be an https URL")
    if parts.scheme == "https" and _is_name(parts.hostname):
        return parts
    if loopback_clients and parts.scheme == "http" and parts.hostname in LOOPBACK:
        return parts
    raise RegistrationRefused("invalid_client_metadata", "client_uri must be an https URL with a host name")


class _Rules:
    """What belongs to the client at `client`."""

    def __init__(self, client: SplitResult) -> None:
        self.scheme = client.scheme
        self.host = client.hostname or ""

    def page(self, given: dict[str, Any], key: str) -> str:
        uri = _text(given, key)
        if uri and not self._on_host(uri):
            raise RegistrationRefused("invalid_client_metadata", f"{key} must be on the host of client_uri")
        return uri

    def redirects(self, given: object, *, native: bool) -> tuple[str, ...]:
        if not isinstance(given, list) or not 0 < len(given) <= MOST_REDIRECTS:
            raise RegistrationRefused(
                "invalid_redirect_uri", f"1 to {MOST_REDIRECTS} redirect_uris are needed"
            )
        for uri in given:
            if not (isinstance(uri, str) and self._may_redirect(uri, native=native)):
                raise RegistrationRefused(
                    "invalid_redirect_uri", "a redirect URI does not belong to client_uri"
                )
        return tuple(given)

    def _may_redirect(self, uri: str, *, native: bool) -> bool:
        parts = _split(uri)
        if parts is None or "#" in uri or parts.username is not None:
            return False
        if native and parts.scheme == "http":
            # RFC 8252, section 7.3: the app listens on this machine, on any port.
            return parts.hostname in LOOPBACK
        if native and parts.scheme not in ("http", "https"):
            return self._is_our_scheme(uri, parts)
        return self._on_host(uri)

    def _is_our_scheme(self, uri: str, parts: SplitResult) -> bool:
        """RFC 8252, section 7.1: a domain in reverse (`io.element.android:/callback` of element.io)."""
        reversed_host = self.host.split(".")[::-1]
        ours = parts.scheme.split(".")[: len(reversed_host)] == reversed_host and len(reversed_host) > 1
        rest = uri[len(parts.scheme) + 1 :]
        return ours and rest.startswith("/") and not rest.startswith("//")

    def _on_host(self, uri: str) -> bool:
        parts = _split(uri)
        if parts is None or parts.scheme != self.scheme or parts.username is not None:
            return False
        host = parts.hostname or ""
        return host == self.host or host.endswith(f".{self.host}")


def _text(given: dict[str, Any], key: str) -> str:
    value = given.get(key) or ""
    if not isinstance(value, str) or len(value) > LONGEST_URI or not value.isprintable():
        raise RegistrationRefused(
            "invalid_client_metadata", f"{key} must be a text of at most {LONGEST_URI} characters"
        )
    return value


def _split(uri: str) -> SplitResult | None:
    """None for what is no URI: white space inside, no host name, a port that is no number, too long."""
    if not uri or len(uri) > LONGEST_URI or not uri.isascii() or any(ord(mark) <= 32 for mark in uri):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    if parts.netloc and not _HOST.fullmatch(parts.hostname or ""):
        return None
    return parts if parts.scheme else None


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host
    return False
