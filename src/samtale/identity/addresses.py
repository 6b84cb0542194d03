"""Where a request comes from."""

import ipaddress

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The visitor's IP address, or None when the connection has none (a unix socket).

    ``X-Forwarded-For`` counts only when the connection itself comes from this machine, and then only its
    last entry: that one is written by our proxy, what stands before it anybody can send.
    """
    peer = _address(str(request.META.get("REMOTE_ADDR", "")))
    if peer is not None and not peer.is_loopback:
        return str(peer)
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2]
    client = _address(forwarded) or peer
    return str(client) if client else None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None
