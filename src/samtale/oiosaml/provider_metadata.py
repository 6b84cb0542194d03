"""What an identity provider's metadata says (SAML Metadata 2.0), read with care.

Its keys decide whom we believe, so a pinned key is the better way; without one the metadata is as good as the
connection it came over, or the hands that put the file there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates
from lxml import etree

from samtale.oiosaml import documents, signatures
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.instants import instant
from samtale.oiosaml.names import DS, MD, REDIRECT
from samtale.oiosaml.refusal import Refused

STEP = "metadata"
LARGEST = 1024 * 1024


@dataclass(frozen=True)
class Metadata:
    """``slo_response_url``: where answers about logging out go, which need not be where requests go.

    ``valid_until``: None when the metadata does not say; ``certificates``: for signing.
    """

    entity_id: str
    sso_url: str
    slo_url: str | None
    slo_response_url: str | None
    certificates: tuple[Certificate, ...]
    valid_until: datetime | None

    @property
    def pems(self) -> list[bytes]:
        return [one.public_bytes(serialization.Encoding.PEM) for one in self.certificates]

    @property
    def certificates_until(self) -> datetime:
        """When the last of the certificates runs out."""
        return max(one.not_valid_after_utc for one in self.certificates)


def read(data: bytes, *, now: datetime, pinned: Sequence[bytes], allowed: Allowed) -> Metadata:
    """``pinned``: PEM certificates of which one must have signed it; empty: no signature is asked for.

    Raises :class:`Refused`.
    """
    root = documents.parse(data, step=STEP, limit=LARGEST)
    if root.tag != f"{{{MD}}}EntityDescriptor" or not root.get("entityID"):
        raise Refused(STEP, "it is no EntityDescriptor")
    if pinned:
        signatures.verify(root, pinned, allowed)
    ends = root.get("validUntil")
    valid_until = instant(ends, step=STEP) if ends is not None else None
    if valid_until is not None and valid_until <= now:
        raise Refused(STEP, "it has run out")
    roles = root.findall(f"{{{MD}}}IDPSSODescriptor")
    if len(roles) != 1:
        raise Refused(STEP, "there must be exactly one IDPSSODescriptor")
    slo = _service(roles[0], "SingleLogoutService")
    slo_url = None if slo is None else _https(slo.get("Location", ""))
    sso = _service(roles[0], "SingleSignOnService")
    if sso is None:
        raise Refused(STEP, "it has no SingleSignOnService for HTTP-Redirect")
    return Metadata(
        entity_id=root.get("entityID", ""),
        sso_url=_https(sso.get("Location", "")),
        slo_url=slo_url,
        slo_response_url=None if slo is None else _https(slo.get("ResponseLocation") or slo_url or ""),
        certificates=_certificates(roles[0], now),
        valid_until=valid_until,
    )


def pinned_in(file: bytes) -> list[bytes]:
    """The certificates of a PEM file, each by itself; several while the provider changes its key.

    Raises :class:`Refused`.
    """
    try:
        found = load_pem_x509_certificates(file)
    except ValueError as error:
        raise Refused(STEP, "what must have signed it is no certificate in PEM") from error
    return [one.public_bytes(serialization.Encoding.PEM) for one in found]


def _service(role: etree._Element, name: str) -> etree._Element | None:
    """The first one for HTTP-Redirect."""
    found = [one for one in role.findall(f"{{{MD}}}{name}") if one.get("Binding") == REDIRECT]
    return found[0] if found else None


def _https(address: str) -> str:
    """A provider on this machine may do without TLS."""
    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise Refused(STEP, "an address is not HTTPS")
    return address


def _certificates(role: etree._Element, now: datetime) -> tuple[Certificate, ...]:
    """Those for signing that have not run out; a rollover publishes two."""
    found = []
    for descriptor in role.findall(f"{{{MD}}}KeyDescriptor"):
        if descriptor.get("use", "signing") != "signing":
            continue
        for element in descriptor.iter(f"{{{DS}}}X509Certificate"):
            certificate = _certificate(element.text or "")
            if certificate.not_valid_after_utc > now:
                found.append(certificate)
    if not found:
        raise Refused(STEP, "it has no certificate for signing that is still valid")
    return tuple(found)


def _certificate(value: str) -> Certificate:
    unreadable = Refused(STEP, "a certificate cannot be read")
    try:
        certificate = load_der_x509_certificate(documents.unbase64(value, unreadable))
        key = certificate.public_key()
    except ValueError as error:
        raise unreadable from error
    if not isinstance(key, RSAPublicKey) or key.key_size < 2048:
        raise Refused(STEP, "a certificate's key must be RSA with at least 2048 bits")
    return certificate
