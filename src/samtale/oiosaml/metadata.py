"""Our own metadata, as KOMBIT's validator wants it (SAML Metadata 2.0).

Signed, with separate keys for signing and encryption, one address for each binding, and what we ask for in
Danish. It is valid as long as the certificates are, so that a copy that somebody uploaded does not run out
between two visits.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xmlsec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509 import Certificate
from lxml import etree
from xmlsec import constants

from samtale.oiosaml import algorithms
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.messages import new_id
from samtale.oiosaml.names import DS, MD, POST, REDIRECT, SAMLP

#: What KOMBIT's own example asks for, though Context Handler sends an X.509 subject name whatever is asked.
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class AddressProblem(ValueError):
    """An address that metadata may not name."""


@dataclass(frozen=True)
class KeyPair:
    """A private key with its certificate."""

    private: RSAPrivateKey
    certificate: Certificate


@dataclass(frozen=True)
class Contact:
    """Whom the federation can write to; a function, not a person."""

    company: str
    email: str


@dataclass(frozen=True)
class ServiceProvider:
    """``signing`` and ``encryption``: the current certificate first, then the other one during a rollover.

    ``attributes``: full names with whether each is required.
    """

    entity_id: str
    acs_url: str
    slo_url: str
    name: str
    contact: Contact
    signing: Sequence[Certificate]
    encryption: Sequence[Certificate]
    attributes: Sequence[tuple[str, bool]]
    allowed: Allowed


def signed(provider: ServiceProvider, key: KeyPair, *, require_https: bool = True) -> bytes:
    """The EntityDescriptor as it is published. Raises :class:`AddressProblem` for plain HTTP."""
    for address in (provider.acs_url, provider.slo_url):
        if require_https and not address.startswith("https://"):
            raise AddressProblem(f"{address}: metadata may name HTTPS addresses only")
    root = _descriptor(provider)
    template = xmlsec.template.create(
        root, constants.TransformExclC14N, constants.TransformRsaSha256, ns="ds"
    )
    root.insert(0, template)
    reference = xmlsec.template.add_reference(template, constants.TransformSha256, uri=f"#{root.get('ID')}")
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, constants.TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(template))
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(_pem(key.private), constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(
        key.certificate.public_bytes(serialization.Encoding.PEM), constants.KeyDataFormatCertPem
    )
    context.sign(template)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def valid_until(provider: ServiceProvider) -> datetime:
    """When the first of the current certificates runs out."""
    return min(provider.signing[0].not_valid_after_utc, provider.encryption[0].not_valid_after_utc)


def _descriptor(provider: ServiceProvider) -> etree._Element:
    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={"md": MD, "ds": DS})
    root.set("ID", new_id())
    root.set("entityID", provider.entity_id)
    root.set("validUntil", f"{valid_until(provider).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    role = _add(
        root,
        "SPSSODescriptor",
        AuthnRequestsSigned="true",
        WantAssertionsSigned="true",
        protocolSupportEnumeration=SAMLP,
    )
    for certificate in provider.signing:
        _key(role, "signing", certificate)
    for certificate in provider.encryption:
        _encryption_methods(_key(role, "encryption", certificate), provider.allowed)
    _add(role, "SingleLogoutService", Binding=REDIRECT, Location=provider.slo_url)
    _add(role, "NameIDFormat").text = PERSISTENT
    _add(
        role,
        "AssertionConsumerService",
        Binding=POST,
        Location=provider.acs_url,
        index="0",
        isDefault="true",
    )
    _asked(role, provider)
    contact = _add(root, "ContactPerson", contactType="administrative")
    _add(contact, "Company").text = provider.contact.company
    _add(contact, "EmailAddress").text = f"mailto:{provider.contact.email}"
    return root


def _key(role: etree._Element, use: str, certificate: Certificate) -> etree._Element:
    descriptor = _add(role, "KeyDescriptor", use=use)
    data = etree.SubElement(etree.SubElement(descriptor, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    content = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
    etree.SubElement(data, f"{{{DS}}}X509Certificate").text = content
    return descriptor


def _encryption_methods(descriptor: etree._Element, allowed: Allowed) -> None:
    """A hint what to encrypt with: some providers take the first, some nothing of it.

    Without `xenc11:MGF`: the schema wants a declaration of all that is in there, and KOMBIT judges by it.
    """
    for name in (*sorted(allowed.blocks), *sorted(allowed.key_transports)):
        method = _add(descriptor, "EncryptionMethod", Algorithm=name)
        if name == algorithms.RSA_OAEP:
            etree.SubElement(method, f"{{{DS}}}DigestMethod", Algorithm=algorithms.SHA256)


def _asked(role: etree._Element, provider: ServiceProvider) -> None:
    service = _add(role, "AttributeConsumingService", index="0", isDefault="true")
    name = _add(service, "ServiceName")
    name.set(_LANGUAGE, "da")
    name.text = provider.name
    for attribute, required in provider.attributes:
        _add(
            service,
            "RequestedAttribute",
            Name=attribute,
            NameFormat=_URI,
            isRequired="true" if required else "false",
        )


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{MD}}}{name}", attributes)


def _pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
