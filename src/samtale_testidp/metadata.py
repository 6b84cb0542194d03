"""Our own metadata."""

import base64

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from lxml import etree

from samtale_testidp.names import DS, MD, REDIRECT, SAMLP


def document(
    *, entity_id: str, sso_url: str, slo_url: str, slo_answer_url: str, certificate: Certificate
) -> bytes:
    """An EntityDescriptor with one IDPSSODescriptor."""
    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={"md": MD, "ds": DS}, entityID=entity_id)
    role = _add(root, "IDPSSODescriptor", WantAuthnRequestsSigned="true", protocolSupportEnumeration=SAMLP)
    info = etree.SubElement(_add(role, "KeyDescriptor", use="signing"), f"{{{DS}}}KeyInfo")
    data = etree.SubElement(info, f"{{{DS}}}X509Data")
    content = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    etree.SubElement(data, f"{{{DS}}}X509Certificate").text = content
    # As KOMBIT has it: what answers a logout goes to another address than what asks for one.
    _add(role, "SingleLogoutService", Binding=REDIRECT, Location=slo_url, ResponseLocation=slo_answer_url)
    _add(role, "SingleSignOnService", Binding=REDIRECT, Location=sso_url)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{MD}}}{name}", attributes)
