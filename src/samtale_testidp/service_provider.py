"""What the service provider's metadata says, fetched when it is needed: it may start after us."""

import base64
import binascii
import threading
import time
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_der_x509_certificate
from lxml import etree

from samtale_testidp import documents
from samtale_testidp.names import DS, MD, POST, REDIRECT
from samtale_testidp.rejected import Rejected, Unreachable

#: Seconds. Short, so that new keys count at once.
_FRESH = 5.0
_PATIENCE = 10.0
_LARGEST = 1024 * 1024


@dataclass(frozen=True)
class ServiceProvider:
    """``slo_answer_url``: where answers about logging out go."""

    entity_id: str
    acs_urls: tuple[str, ...]
    slo_url: str
    slo_answer_url: str
    signing: tuple[RSAPublicKey, ...]
    encryption: RSAPublicKey

    @property
    def host(self) -> str:
        """The host in its entityID, which names of privileges begin with."""
        return urlsplit(self.entity_id).hostname or ""

    @property
    def origin(self) -> str:
        """Scheme, host and port of where answers go."""
        parts = urlsplit(self.acs_urls[0])
        return f"{parts.scheme}://{parts.netloc}"


class Published:
    """The metadata at an address, remembered for some seconds."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._known: tuple[float, ServiceProvider] | None = None
        self._lock = threading.Lock()

    def current(self) -> ServiceProvider:
        """Raises :class:`Unreachable`."""
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _FRESH:
                self._known = (time.monotonic(), self._fetch())
            return self._known[1]

    def _fetch(self) -> ServiceProvider:
        try:
            # The address is the operator's own choice on the command line.
            with urllib.request.urlopen(self._address, timeout=_PATIENCE) as answer:  # noqa: S310
                data: bytes = answer.read(_LARGEST)
        except (OSError, ValueError) as error:
            raise Unreachable(f"{self._address}: {getattr(error, 'reason', error)}") from error
        try:
            return read(data)
        except Rejected as rejected:
            raise Unreachable(f"{self._address}: {rejected}") from rejected


def read(data: bytes) -> ServiceProvider:
    """An EntityDescriptor. Raises :class:`Rejected`."""
    root = documents.parse(data)
    role = root.find(f"{{{MD}}}SPSSODescriptor")
    if root.tag != f"{{{MD}}}EntityDescriptor" or role is None:
        raise Rejected("it is no EntityDescriptor with an SPSSODescriptor")
    acs = [one for one in role.findall(f"{{{MD}}}AssertionConsumerService") if one.get("Binding") == POST]
    slo = [one for one in role.findall(f"{{{MD}}}SingleLogoutService") if one.get("Binding") == REDIRECT]
    signing, encryption = _keys(role, "signing"), _keys(role, "encryption")
    if not (acs and slo and signing and encryption):
        raise Rejected(
            "it must have AssertionConsumerService by HTTP-POST, SingleLogoutService by HTTP-Redirect, and "
            "RSA certificates for signing and encryption"
        )
    slo_url = slo[0].get("Location", "")
    return ServiceProvider(
        entity_id=root.get("entityID", ""),
        acs_urls=tuple(one.get("Location", "") for one in acs),
        slo_url=slo_url,
        slo_answer_url=slo[0].get("ResponseLocation") or slo_url,
        signing=signing,
        encryption=encryption[0],
    )


def _keys(role: etree._Element, use: str) -> tuple[RSAPublicKey, ...]:
    """In the order of the metadata: the current one first."""
    found = []
    for descriptor in role.findall(f"{{{MD}}}KeyDescriptor"):
        if descriptor.get("use", use) != use:
            continue
        for element in descriptor.iter(f"{{{DS}}}X509Certificate"):
            try:
                certificate = load_der_x509_certificate(base64.b64decode(element.text or ""))
            except (binascii.Error, ValueError) as error:
                raise Rejected("a certificate cannot be read") from error
            key = certificate.public_key()
            if isinstance(key, RSAPublicKey):
                found.append(key)
    return tuple(found)
