"""The document that a provider publishes about itself, from its address or a file."""

from pathlib import Path

import httpx

from samtale.oiosaml.provider_metadata import LARGEST, STEP
from samtale.oiosaml.refusal import Refused

SECONDS = 10


class Unreachable(Exception):
    """There is no document; the text says why."""


def fetch(source: str, *, require_https: bool = True) -> bytes:
    """``source``: an address, or the path of a file.

    Raises:
        Unreachable: nothing is there, or it cannot be read.
        Refused: it must not be asked for, or what came cannot be metadata.
    """
    try:
        return _download(source, require_https=require_https) if "://" in source else _read(Path(source))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def _read(file: Path) -> bytes:
    return _bounded(file.read_bytes())


def _download(address: str, *, require_https: bool) -> bytes:
    if require_https and not address.startswith("https://"):
        raise Refused(STEP, "its address is not HTTPS")
    # Redirects are not followed: they could lead off HTTPS, or into the inner network.
    with httpx.stream("GET", address, timeout=SECONDS) as answer:
        if answer.status_code != httpx.codes.OK:
            raise Refused(STEP, f"its address answered {answer.status_code}")
        found = bytearray()
        for piece in answer.iter_bytes():
            found += piece
            _bounded(found)
        return bytes(found)


def _bounded(data: bytes | bytearray) -> bytes:
    if len(data) > LARGEST:
        raise Refused(STEP, f"it has more than {LARGEST} bytes")
    return bytes(data)
