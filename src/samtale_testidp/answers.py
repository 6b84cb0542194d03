"""Answers in the shape of Context Handler 2: encrypted, the assertion signed, the response not."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.x509 import Certificate
from lxml import etree
from signxml.algorithms import SignatureConstructionMethod
from signxml.signer import XMLSigner

from samtale_testidp.names import DS, NSIS, SAML, SAMLP, STATUS

_NAMESPACES = f'xmlns:saml="{SAML}" xmlns:samlp="{SAMLP}"'
NAME_ID_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
#: Where a signature goes, once it is made.
PLACE = f'<ds:Signature xmlns:ds="{DS}" Id="placeholder"/>'
_XENC = "http://www.w3.org/2001/04/xmlenc#"
_XENC11 = "http://www.w3.org/2009/xmlenc11#"


@dataclass(frozen=True)
class Person:
    """Who answers are about. ``attributes``: values by full name."""

    name_id: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """Everything an answer says. ``valid``: how long it holds; ``person``: the subject."""

    issuer: str
    recipient: str
    audience: str
    request_id: str
    person: Person
    now: datetime
    valid: timedelta = timedelta(minutes=5)
    level: str = "Substantial"
    name_id_format: str = NAME_ID_FORMAT
    assertion_id: str = field(default_factory=lambda: f"_{secrets.token_hex(16)}")
    session_index: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def assertion(self) -> str:
        """The assertion, with a place where its signature goes."""
        attributes = "".join(
            f"<saml:Attribute Name={quoteattr(name)} "
            'NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">'
            f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue></saml:Attribute>"
            for name, value in ({NSIS: self.level} | dict(self.person.attributes)).items()
        )
        ends = instant(self.now + self.valid, digits=3)
        return (
            f'<saml:Assertion {_NAMESPACES} ID={quoteattr(self.assertion_id)} Version="2.0" '
            f"IssueInstant={quoteattr(instant(self.now, digits=3))}>"
            f"<saml:Issuer>{escape(self.issuer)}</saml:Issuer>"
            f"{PLACE}<saml:Subject><saml:NameID Format={quoteattr(self.name_id_format)}>"
            f"{escape(self.person.name_id)}</saml:NameID>"
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f"<saml:SubjectConfirmationData InResponseTo={quoteattr(self.request_id)} "
            f"Recipient={quoteattr(self.recipient)} NotOnOrAfter={quoteattr(ends)}/>"
            "</saml:SubjectConfirmation></saml:Subject>"
            f"<saml:Conditions NotBefore={quoteattr(instant(self.now, digits=3))} "
            f"NotOnOrAfter={quoteattr(ends)}><saml:AudienceRestriction>"
            f"<saml:Audience>{escape(self.audience)}</saml:Audience>"
            "</saml:AudienceRestriction></saml:Conditions>"
            f"<saml:AuthnStatement AuthnInstant={quoteattr(instant(self.now, digits=3))} "
            f"SessionIndex={quoteattr(self.session_index)}><saml:AuthnContext>"
            f"<saml:AuthnContextClassRef>{NSIS}/{escape(self.level)}</saml:AuthnContextClassRef>"
            "<saml:AuthenticatingAuthority>https://idp.kommune.example</saml:AuthenticatingAuthority>"
            "</saml:AuthnContext></saml:AuthnStatement>"
            f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
        )

    def response(self, content: str, *, status: str = f'<samlp:StatusCode Value="{STATUS}Success"/>') -> str:
        """The envelope around an encrypted assertion, or around anything. ``status``: its StatusCode."""
        return (
            f'<samlp:Response {_NAMESPACES} ID="_{secrets.token_hex(16)}" Version="2.0" '
            f"IssueInstant={quoteattr(instant(self.now, digits=7))} "
            f"Destination={quoteattr(self.recipient)} InResponseTo={quoteattr(self.request_id)} "
            'Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified">'
            f"<saml:Issuer>{escape(self.issuer)}</saml:Issuer>"
            f"<samlp:Status>{status}</samlp:Status>{content}</samlp:Response>"
        )

    def without_person(self, status: str) -> str:
        """An answer that says why there is nobody in it: the name of a second-level status code."""
        inner = f"<samlp:StatusCode Value={quoteattr(STATUS + status)}/>"
        return self.response(
            "", status=f'<samlp:StatusCode Value="{STATUS}Responder">{inner}</samlp:StatusCode>'
        )

    def but(self, **changes: object) -> "Answer":
        """The same, except for what is named."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Keys:
    """The provider's own key for signing, with its certificate."""

    private: RSAPrivateKey
    certificate: Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


class _Signer(XMLSigner):
    """Signs with SHA-1 as well, which nobody should accept any more."""

    def check_deprecated_methods(self) -> None:
        """The library's own refusal is left out."""


def signed(assertion: str, keys: Keys, *, algorithm: str = "rsa-sha256", digest: str = "sha256") -> str:
    """With an enveloped signature over the whole, where the place for it is."""
    root = etree.fromstring(assertion)
    signer = _Signer(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=algorithm,
        digest_algorithm=digest,
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    )
    made = signer.sign(root, key=keys.private, cert=[keys.certificate], reference_uri=root.get("ID"))
    return etree.tostring(made).decode()


@dataclass(frozen=True)
class Sealing:
    """How an assertion is encrypted; the default is Context Handler 2's way.

    ``mgf`` None: not stated. ``beside``: the encrypted key lies beside the data, not in its KeyInfo.
    """

    block: str = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
    transport: str = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
    digest: str | None = "http://www.w3.org/2001/04/xmlenc#sha256"
    mgf: str | None = "http://www.w3.org/2009/xmlenc11#mgf1sha256"
    beside: bool = False

    @property
    def method(self) -> str:
        """The EncryptionMethod of the key."""
        digest = f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{self.digest}"/>' if self.digest else ""
        mgf = f'<xenc11:MGF xmlns:xenc11="{_XENC11}" Algorithm="{self.mgf}"/>' if self.mgf else ""
        return f'<xenc:EncryptionMethod Algorithm="{self.transport}">{digest}{mgf}</xenc:EncryptionMethod>'

    @property
    def padding(self) -> padding.AsymmetricPadding:
        if self.transport.endswith("rsa-1_5"):
            return padding.PKCS1v15()
        return padding.OAEP(padding.MGF1(_hash(self.mgf)), _hash(self.digest), None)

    def seal(self, plain: bytes) -> tuple[bytes, bytes]:
        """A new key, and the content with it."""
        bits = int("".join(filter(str.isdigit, self.block.rpartition("#aes")[2])))
        key = secrets.token_bytes(bits // 8)
        if self.block.endswith("-gcm"):
            nonce = secrets.token_bytes(12)
            return key, nonce + AESGCM(key).encrypt(nonce, plain, None)
        start = secrets.token_bytes(16)
        encryptor = Cipher(AES(key), CBC(start)).encryptor()
        filled = 16 - len(plain) % 16
        padded = plain + secrets.token_bytes(filled - 1) + bytes([filled])
        return key, start + encryptor.update(padded) + encryptor.finalize()


CONTEXT_HANDLER_2 = Sealing()
#: What the reference implementation OIOSAML.Java's own identity provider does.
OIOSAML_JAVA = Sealing(
    block=f"{_XENC}aes256-cbc", transport=f"{_XENC}rsa-oaep-mgf1p", digest=None, mgf=None, beside=True
)
SHAPES: Mapping[str, Sealing] = {"ch2": CONTEXT_HANDLER_2, "java": OIOSAML_JAVA}


def encrypted(plain: str, to: RSAPublicKey, how: Sealing = CONTEXT_HANDLER_2) -> str:
    """An EncryptedAssertion."""
    key, content = how.seal(plain.encode())
    wrapped = to.encrypt(key, how.padding)
    own = f' xmlns:xenc="{_XENC}" xmlns:ds="{DS}" Id="key"' if how.beside else ""
    encrypted_key = (
        f"<xenc:EncryptedKey{own}>{how.method}"
        f"<xenc:CipherData><xenc:CipherValue>{_base64(wrapped)}</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedKey>"
    )
    reference = f'<ds:RetrievalMethod Type="{_XENC}EncryptedKey" URI="#key"/>'
    return (
        f'<saml:EncryptedAssertion xmlns:saml="{SAML}">'
        f'<xenc:EncryptedData xmlns:xenc="{_XENC}" Type="{_XENC}Element">'
        f'<xenc:EncryptionMethod Algorithm="{how.block}"/>'
        f'<ds:KeyInfo xmlns:ds="{DS}">{reference if how.beside else encrypted_key}</ds:KeyInfo>'
        f"<xenc:CipherData><xenc:CipherValue>{_base64(content)}</xenc:CipherValue></xenc:CipherData>"
        f"</xenc:EncryptedData>{encrypted_key if how.beside else ''}</saml:EncryptedAssertion>"
    )


def form_value(response: str) -> str:
    """What the browser carries in the field SAMLResponse."""
    return _base64(response.encode())


def _hash(name: str | None) -> hashes.HashAlgorithm:
    """SHA-1 where nothing is stated, as XML Encryption says."""
    bits = (name or "").rpartition("sha")[2]
    known: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "512": hashes.SHA512()}
    return known.get(bits, hashes.SHA1())  # noqa: S303


def instant(when: datetime, *, digits: int) -> str:
    """``digits``: of the fraction of a second; Context Handler has seven in a response, three elsewhere."""
    fraction = f"{when.microsecond:06d}0"[:digits]
    return f"{when:%Y-%m-%dT%H:%M:%S}.{fraction}Z"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
