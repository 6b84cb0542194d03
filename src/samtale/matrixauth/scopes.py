"""The scopes of the Matrix specification (Client-Server API, "Scope") and our own.

A request names the API and exactly one device. Synapse finds the device by the token, and a token without one
would outlive a revocation by two minutes, so it is never given out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

API = "urn:matrix:client:api:*"
DEVICE = "urn:matrix:client:device:"
#: The spelling before the scopes were stable (MSC2967); Element X still sends it.
API_UNSTABLE = "urn:matrix:org.matrix.msc2967.client:api:*"
DEVICE_UNSTABLE = "urn:matrix:org.matrix.msc2967.client:device:"
#: The portal's JSON API, for our own client only.
PORTAL_API = "urn:dk:os2:samtale:api"
#: Synapse's administration. Nobody gets it by asking.
ADMIN = "urn:synapse:admin:*"

_DEVICE_ID = re.compile(r"[A-Za-z0-9._~-]{10,255}")


class ScopeRefused(Exception):
    """The scopes ask for too much, too little, or for what does not exist; the text is for developers."""


@dataclass(frozen=True)
class Asked:
    """What a client asks for, in the stable spelling."""

    device_id: str
    portal_api: bool = False

    @property
    def stable(self) -> str:
        """Space-separated, as Synapse reads it."""
        scopes = [API, DEVICE + self.device_id]
        if self.portal_api:
            scopes.append(PORTAL_API)
        return " ".join(scopes)


def parse(scopes: Iterable[str]) -> Asked:
    """Read a list of scopes.

    Raises:
        ScopeRefused: the API is missing; no device, or two; a device id that is short or holds what RFC 3986
            reserves; the administration scope; a scope nobody knows.
    """
    api = portal_api = False
    devices: set[str] = set()
    for scope in scopes:
        if scope in (API, API_UNSTABLE):
            api = True
        elif scope == PORTAL_API:
            portal_api = True
        elif (device_id := _device_id(scope)) is not None:
            devices.add(device_id)
        else:
            raise ScopeRefused(f"unknown scope {scope!r}")
    if not api:
        raise ScopeRefused(f"{API} is missing")
    if len(devices) != 1:
        raise ScopeRefused(f"exactly one {DEVICE}… is needed, got {len(devices)}")
    return Asked(devices.pop(), portal_api)


def _device_id(scope: str) -> str | None:
    for prefix in (DEVICE, DEVICE_UNSTABLE):
        if scope.startswith(prefix):
            device_id = scope.removeprefix(prefix)
            if not _DEVICE_ID.fullmatch(device_id):
                raise ScopeRefused("a device id has 10 to 255 letters, digits, '-', '.', '_' or '~'")
            return device_id
    return None
