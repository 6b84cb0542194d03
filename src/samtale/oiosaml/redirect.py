"""The HTTP-Redirect binding, signed both ways (SAML Bindings 2.0, section 3.4).

A signature covers the query string as it was sent, so it is verified over that and never over what decoding
and encoding again makes of it: .NET writes what follows its percent signs in lower case.
"""

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote_to_bytes

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree

from samtale.oiosaml import algorithms, documents
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.names import SAML
from samtale.oiosaml.refusal import Refused

STEP = "redirect"
Kind = Literal["SAMLRequest", "SAMLResponse"]
#: Bytes of a message once it is inflated; a logout has some hundred.
LARGEST = 64 * 1024
_HASHES = {algorithms.RSA_SHA256: hashes.SHA256, algorithms.RSA_SHA512: hashes.SHA512}


@dataclass(frozen=True)
class Message:
    """What came with a verified query string."""

    kind: Kind
    root: etree._Element
    relay_state: str | None


def address(destination: str, kind: Kind, message: str, relay_state: str | None, key: RSAPrivateKey) -> str:
    """Where to send the browser, signed with RSA and SHA-256.

    ``relay_state``: of an answer exactly what came with the request, which some providers leave empty or make
    longer than the 80 bytes of the binding.
    """
    deflated = zlib.compress(message.encode(), wbits=-15)
    parts = [f"{kind}={_quoted(base64.b64encode(deflated))}"]
    if relay_state is not None:
        parts.append(f"RelayState={_quoted(relay_state)}")
    parts.append(f"SigAlg={_quoted(algorithms.RSA_SHA256)}")
    signed = "&".join(parts)
    signature = key.sign(signed.encode(), PKCS1v15(), hashes.SHA256())
    joint = "&" if "?" in destination else "?"
    return f"{destination}{joint}{signed}&Signature={_quoted(base64.b64encode(signature))}"


def verified(query: str, certificates: Sequence[bytes], allowed: Allowed) -> Message:
    """``query``: the raw query string. ``certificates``: PEM, from the metadata. Raises :class:`Refused`."""
    parts = _parts(query)
    kinds: list[Kind] = [kind for kind in ("SAMLRequest", "SAMLResponse") if kind in parts]
    if len(kinds) != 1:
        raise Refused(STEP, "there must be one of SAMLRequest and SAMLResponse")
    kind = kinds[0]
    if "SigAlg" not in parts or "Signature" not in parts:
        raise Refused(STEP, "it is not signed")
    algorithm = _text(parts["SigAlg"])
    if algorithm not in allowed.signatures or algorithm not in _HASHES:
        raise Refused(STEP, "its signature's algorithm is not allowed")
    names = [name for name in (kind, "RelayState", "SigAlg") if name in parts]
    signed = "&".join(f"{name}={parts[name]}" for name in names).encode()
    signature = _decoded(parts["Signature"])
    if not any(_is_signed_by(one, signature, signed, algorithm) for one in certificates):
        raise Refused(STEP, "no key of the metadata has signed it")
    root = documents.parse(_inflated(_decoded(parts[kind])), step=STEP, limit=LARGEST)
    return Message(kind, root, _text(parts["RelayState"]) if "RelayState" in parts else None)


def claimed_issuer(query: str) -> str:
    """Who says that they sent it, to know whose keys to ask and for nothing else. Raises :class:`Refused`."""
    parts = _parts(query)
    sent = [parts[kind] for kind in ("SAMLRequest", "SAMLResponse") if kind in parts]
    if len(sent) != 1:
        raise Refused(STEP, "there must be one of SAMLRequest and SAMLResponse")
    root = documents.parse(_inflated(_decoded(sent[0])), step=STEP, limit=LARGEST)
    issuers = root.findall(f"{{{SAML}}}Issuer")
    if len(issuers) != 1:
        raise Refused(STEP, "it must have one issuer")
    return documents.text_of(issuers[0])


def _parts(query: str) -> dict[str, str]:
    """Values as they were sent; a name that comes twice could be read in two ways."""
    if not query.isascii():
        raise Refused(STEP, "it is not percent-encoded")
    parts: dict[str, str] = {}
    for piece in query.split("&"):
        name, _, value = piece.partition("=")
        if name in parts:
            raise Refused(STEP, "a parameter is there twice")
        parts[name] = value
    return parts


def _is_signed_by(certificate: bytes, signature: bytes, signed: bytes, algorithm: str) -> bool:
    key = load_pem_x509_certificate(certificate).public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(signature, signed, PKCS1v15(), _HASHES[algorithm]())
    except InvalidSignature:
        return False
    return True


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=-15)
    try:
        found = inflater.decompress(data, LARGEST + 1)
    except zlib.error as error:
        raise Refused(STEP, "the message is not deflated") from error
    if not inflater.eof:
        raise Refused(STEP, f"the message is cut off, or has more than {LARGEST} bytes")
    return found


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(STEP, "a parameter is not base64") from error


def _text(value: str) -> str:
    try:
        return unquote_to_bytes(value.replace("+", " ")).decode()
    except UnicodeDecodeError as error:
        raise Refused(STEP, "a parameter is not UTF-8") from error


def _quoted(value: str | bytes) -> str:
    return quote(value, safe="")
