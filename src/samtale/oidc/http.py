"""Asking a provider, with bounds: nothing that it answers is larger or slower than it must be."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

SECONDS = 10
LARGEST = 256 * 1024


class Unreachable(Exception):
    """The provider does not answer, or with what is no answer; the text says what, without secrets."""


def with_query(endpoint: str, query: Mapping[str, str]) -> str:
    """An endpoint may have a query of its own, which stays (RFC 6749, section 3.1)."""
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def ask(method: str, address: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """The status, and the JSON object that came. ``options``: httpx's. Raises :class:`Unreachable`."""
    try:
        # Redirects are not followed: they could lead off HTTPS, or into the inner network.
        with httpx.stream(method, address, timeout=SECONDS, **options) as answer:
            content = bytearray()
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > LARGEST:
                    raise Unreachable(f"{address}: answered more than {LARGEST} bytes")
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(f"{address}: {type(error).__name__}") from error
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unreachable(f"{address}: answered {status} and no JSON") from error
    if not isinstance(found, dict):
        raise Unreachable(f"{address}: answered {status} and no JSON object")
    return status, found
