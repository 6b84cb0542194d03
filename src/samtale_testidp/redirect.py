"""The HTTP-Redirect binding, signed (SAML Bindings 2.0, section 3.4)."""

import base64
import binascii
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from lxml import etree

from samtale_testidp import documents
from samtale_testidp.names import RSA_SHA256
from samtale_testidp.rejected import Rejected

Kind = Literal["SAMLRequest", "SAMLResponse"]
_LARGEST = 64 * 1024


@dataclass(frozen=True)
class Message:
    """What came with a verified query string."""

    root: etree._Element
    relay_state: str | None


def address(
    destination: str,
    kind: Kind,
    message: str,
    relay_state: str | None,
    key: RSAPrivateKey | None,
    *,
    lower_case: bool = False,
) -> str:
    """Where to send the browser. Without ``key`` it is not signed.

    ``lower_case``: percent signs are followed by small letters, as .NET writes them.
    """

    def quoted(value: str | bytes) -> str:
        text = quote(value, safe="")
        return re.sub("%..", lambda found: found[0].lower(), text) if lower_case else text

    parts = [f"{kind}={quoted(base64.b64encode(zlib.compress(message.encode(), wbits=-15)))}"]
    if relay_state is not None:
        parts.append(f"RelayState={quoted(relay_state)}")
    if key is not None:
        parts.append(f"SigAlg={quoted(RSA_SHA256)}")
        signature = key.sign("&".join(parts).encode(), PKCS1v15(), hashes.SHA256())
        parts.append(f"Signature={quoted(base64.b64encode(signature))}")
    return f"{destination}{'&' if '?' in destination else '?'}{'&'.join(parts)}"


def verified(query: str, kind: Kind, keys: Sequence[RSAPublicKey]) -> Message:
    """``query``: as it was sent, since the signature is over that. Raises :class:`Rejected`."""
    names = [piece.partition("=")[0] for piece in query.split("&")]
    parts = {name: value for name, _, value in (piece.partition("=") for piece in query.split("&"))}
    if len(names) != len(parts):
        raise Rejected("a parameter is there twice")
    if kind not in parts:
        raise Rejected(f"{kind} is missing")
    if "Signature" not in parts or unquote(parts.get("SigAlg", "")) != RSA_SHA256:
        raise Rejected("the message must be signed with rsa-sha256")
    signed = "&".join(f"{name}={parts[name]}" for name in (kind, "RelayState", "SigAlg") if name in parts)
    signature = _decoded(parts["Signature"])
    if not any(_is_signed_by(key, signature, signed.encode()) for key in keys):
        raise Rejected("the signature is by none of the keys in the service provider's metadata")
    relay_state = unquote(parts["RelayState"]) if "RelayState" in parts else None
    return Message(documents.parse(_inflated(_decoded(parts[kind]))), relay_state)


def _is_signed_by(key: RSAPublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=-15)
    try:
        found = inflater.decompress(data, _LARGEST)
    except zlib.error as error:
        raise Rejected("the message is not deflated") from error
    if not inflater.eof:
        raise Rejected(f"the message is cut off, or has more than {_LARGEST} bytes")
    return found


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(unquote(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected("a parameter is not base64") from error
