"""What KOMBIT's validator asks of a service provider's metadata, so that one hears of it before the upload.

Its other rules are the schema, which what we make keeps to, and that no other system has the same
certificate, which only KOMBIT can see.
"""

import base64
from collections.abc import Iterator

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_der_x509_certificate
from lxml import etree

from samtale.oiosaml import signatures
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.names import DS, MD, POST, REDIRECT
from samtale.oiosaml.refusal import Refused

_SERVICES = (("AssertionConsumerService", POST), ("SingleLogoutService", REDIRECT))


def broken(root: etree._Element, *, plain: bool = False) -> Iterator[str]:
    """Each broken rule in a few words. ``plain``: addresses need not be HTTPS."""
    if root.tag != f"{{{MD}}}EntityDescriptor":
        yield "its root must be EntityDescriptor"
        return
    signing = [one.public_bytes(Encoding.PEM) for one in certificates(root, "signing")]
    try:
        signatures.verify(root, signing, CONTEXT_HANDLER_2)
    except Refused as refused:
        yield f"its signature: {refused.reason}"
    if not signing or not certificates(root, "encryption"):
        yield "there must be a KeyDescriptor for signing and one for encryption"
    for name, binding in _SERVICES:
        if [one.get("Binding") for one in root.iter(f"{{{MD}}}{name}")] != [binding]:
            yield f"{name} must be there once, by {binding.rpartition(':')[2]}"
    addresses = [value for one in root.iter() for key, value in one.items() if key.endswith("Location")]
    for address in addresses:
        if not plain and not address.startswith("https://"):
            yield f"{address} must be HTTPS"
    if root.find(f"{{{MD}}}ContactPerson/{{{MD}}}EmailAddress") is None:
        yield "there must be a ContactPerson with an EmailAddress"


def certificates(root: etree._Element, use: str) -> list[Certificate]:
    """Those of the KeyDescriptors of this ``use``, in order."""
    return [
        load_der_x509_certificate(base64.b64decode(element.text or ""))
        for descriptor in root.iter(f"{{{MD}}}KeyDescriptor")
        if descriptor.get("use") == use
        for element in descriptor.iter(f"{{{DS}}}X509Certificate")
    ]
