"""Our metadata as KOMBIT's validator wants it, and a provider's as we want it."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from certificates import self_signed
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from right_answer import ACS, IDP, NOW, SP
from signxml.verifier import XMLVerifier

from samtale.oiosaml import metadata, names, provider_metadata, signatures
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, PROFILE
from samtale.oiosaml.metadata import Contact, KeyPair, ServiceProvider
from samtale.oiosaml.provider_metadata import Metadata
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import Keys

MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
CVR = "https://data.gov.dk/model/core/eid/professional/cvr"


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, days: int, *, pss: bool = False
) -> x509.Certificate:
    return self_signed(key, "x", NOW, days, pss=pss)


@pytest.fixture
def ours(idp_keys: Keys, evil_keys: Keys) -> ServiceProvider:
    return ServiceProvider(
        entity_id=SP,
        acs_url=ACS,
        slo_url="https://os2samtale.example/adgang/fka/slo/",
        name="OS2samtale",
        contact=Contact("OS2", "drift@os2.example"),
        signing=[idp_keys.certificate, certificate(idp_keys.private, 2000)],
        encryption=[certificate(evil_keys.private, 300), evil_keys.certificate],
        attributes=[(CVR, True), ("https://data.gov.dk/model/core/eid/email", False)],
        allowed=CONTEXT_HANDLER_2,
    )


def made(ours: ServiceProvider, keys: Keys) -> etree._Element:
    data = metadata.signed(ours, KeyPair(keys.private, keys.certificate))
    # By a library that shares nothing with the one that signed.
    verified = XMLVerifier().verify(data, x509_cert=keys.certificate, id_attribute="ID")
    assert verified.signed_xml is not None
    return etree.fromstring(data)


def test_it_is_signed_and_holds_both_keys_of_both_uses(ours: ServiceProvider, idp_keys: Keys) -> None:
    root = made(ours, idp_keys)
    assert root.tag == f"{MD}EntityDescriptor"
    assert root.get("entityID") == SP
    assert root[0].tag == f"{DS}Signature"
    uses = [one.get("use") for one in root.iter(f"{MD}KeyDescriptor")]
    assert uses == ["signing", "signing", "encryption", "encryption"]
    published = [one.text for one in root.iterfind(f"{MD}SPSSODescriptor//{DS}X509Certificate")]
    wanted = [
        base64.b64encode(one.public_bytes(serialization.Encoding.DER)).decode()
        for one in (*ours.signing, *ours.encryption)
    ]
    assert published == wanted


def test_it_is_valid_as_long_as_the_first_certificate_to_run_out(
    ours: ServiceProvider, idp_keys: Keys
) -> None:
    ends = NOW + timedelta(days=300)
    assert made(ours, idp_keys).get("validUntil") == f"{ends:%Y-%m-%dT%H:%M:%SZ}"


def test_it_says_where_and_for_what(ours: ServiceProvider, idp_keys: Keys) -> None:
    (role,) = made(ours, idp_keys).findall(f"{MD}SPSSODescriptor")
    assert (role.get("AuthnRequestsSigned"), role.get("WantAssertionsSigned")) == ("true", "true")
    (acs,) = role.findall(f"{MD}AssertionConsumerService")
    assert (acs.get("Location"), acs.get("Binding"), acs.get("isDefault")) == (ACS, names.POST, "true")
    (slo,) = role.findall(f"{MD}SingleLogoutService")
    assert (slo.get("Location"), slo.get("Binding")) == (ours.slo_url, names.REDIRECT)
    (service,) = role.findall(f"{MD}AttributeConsumingService")
    (name,) = service.findall(f"{MD}ServiceName")
    assert (name.text, name.get("{http://www.w3.org/XML/1998/namespace}lang")) == ("OS2samtale", "da")
    asked = [(one.get("Name"), one.get("isRequired")) for one in service.findall(f"{MD}RequestedAttribute")]
    assert asked == [(CVR, "true"), ("https://data.gov.dk/model/core/eid/email", "false")]
    assert [one.get("Algorithm") for one in role.iter(f"{MD}EncryptionMethod")][:2] == [
        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        "http://www.w3.org/2009/xmlenc11#rsa-oaep",
    ]


def test_it_keeps_to_the_schema_that_the_validator_judges_by(ours: ServiceProvider, idp_keys: Keys) -> None:
    """That of OASIS as python3-saml brings it, and, as there, nothing in it that no schema declares."""
    file = files("onelogin.saml2") / "schemas" / "saml-schema-metadata-2.0.xsd"
    schema = etree.XMLSchema(etree.parse(str(file)))
    schema.assertValid(made(ours, idp_keys))
    profile = replace(ours, allowed=PROFILE)
    schema.assertValid(made(profile, idp_keys))


def test_somebody_can_be_written_to(ours: ServiceProvider, idp_keys: Keys) -> None:
    (contact,) = made(ours, idp_keys).findall(f"{MD}ContactPerson")
    assert contact.findtext(f"{MD}EmailAddress") == "mailto:drift@os2.example"


def test_an_address_without_tls_is_not_published(ours: ServiceProvider, idp_keys: Keys) -> None:
    plain = ServiceProvider(**(ours.__dict__ | {"acs_url": "http://os2samtale.example/acs/"}))
    with pytest.raises(ValueError, match="HTTPS addresses only"):
        metadata.signed(plain, KeyPair(idp_keys.private, idp_keys.certificate))


def described(*certificates: x509.Certificate, use: str = ' use="signing"', extra: str = "") -> str:
    keys = "".join(
        f"<md:KeyDescriptor{use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n"
        f"{base64.encodebytes(one.public_bytes(serialization.Encoding.DER)).decode()}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for one in certificates
    )
    return (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ID="_m" entityID="{IDP}"{extra}>'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{keys}"
        f'<md:SingleLogoutService Binding="{names.REDIRECT}" Location="{IDP}/saml2/issue.idp" '
        f'ResponseLocation="{IDP}/saml2/signoff.idp"/>'
        f'<md:SingleSignOnService Binding="{names.POST}" Location="{IDP}/post"/>'
        f'<md:SingleSignOnService Binding="{names.REDIRECT}" Location="{IDP}/saml2/issue.idp"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


def read(text: str | bytes, *pinned: bytes) -> Metadata:
    data = text.encode() if isinstance(text, str) else text
    return provider_metadata.read(data, now=NOW, pinned=pinned, allowed=CONTEXT_HANDLER_2)


def test_a_provider_is_read(idp_keys: Keys) -> None:
    found = read(described(idp_keys.certificate))
    assert (found.entity_id, found.sso_url) == (IDP, f"{IDP}/saml2/issue.idp")
    assert (found.slo_url, found.slo_response_url) == (f"{IDP}/saml2/issue.idp", f"{IDP}/saml2/signoff.idp")
    assert found.pems == [idp_keys.pem]
    assert found.valid_until is None
    assert found.certificates_until == idp_keys.certificate.not_valid_after_utc


def test_two_keys_during_a_rollover_and_none_that_has_run_out(idp_keys: Keys, evil_keys: Keys) -> None:
    old = certificate(evil_keys.private, -1)
    found = read(described(old, idp_keys.certificate, evil_keys.certificate))
    assert found.certificates == (idp_keys.certificate, evil_keys.certificate)


def test_a_key_without_use_signs_too_and_one_for_encryption_does_not(idp_keys: Keys) -> None:
    assert read(described(idp_keys.certificate, use="")).certificates == (idp_keys.certificate,)
    with pytest.raises(Refused):
        read(described(idp_keys.certificate, use=' use="encryption"'))


def test_a_certificate_may_be_signed_with_pss_as_oces3_is(idp_keys: Keys) -> None:
    pss = certificate(idp_keys.private, 100, pss=True)
    assert read(described(pss)).certificates == (pss,)


def test_a_provider_without_logout(idp_keys: Keys) -> None:
    found = read(re.sub(r"<md:SingleLogoutService[^>]*>", "", described(idp_keys.certificate)))
    assert (found.slo_url, found.slo_response_url) == (None, None)


def test_answers_about_logging_out_go_where_requests_go_when_nothing_else_is_said(idp_keys: Keys) -> None:
    found = read(re.sub(r' ResponseLocation="[^"]*"', "", described(idp_keys.certificate)))
    assert found.slo_response_url == found.slo_url


Change = Callable[[str], str]
WRONG: dict[str, Change] = {
    "no XML": lambda text: text[:-1],
    "something else": lambda text: text.replace("EntityDescriptor", "EntitiesDescriptor"),
    "no entity": lambda text: re.sub(r' entityID="[^"]*"', "", text),
    "run out": lambda text: text.replace(" entityID", ' validUntil="2026-11-24T09:00:00Z" entityID'),
    "an end that is no time": lambda text: text.replace(" entityID", ' validUntil="soon" entityID'),
    "a service provider": lambda text: text.replace("IDPSSODescriptor", "SPSSODescriptor"),
    "no sign-in by redirect": lambda text: text.replace("SingleSignOnService", "ArtifactResolutionService"),
    "an address without TLS": lambda text: text.replace(f'Location="{IDP}', 'Location="http://evil.example'),
    "no key": lambda text: re.sub(r"(?s)<md:KeyDescriptor.*</md:KeyDescriptor>", "", text),
    "a key that is no base64": lambda text: text.replace("<ds:X509Certificate>", "<ds:X509Certificate>%"),
    "a key that is no certificate": lambda text: re.sub(
        r"(?s)(<ds:X509Certificate>).*(</ds:X509Certificate>)", r"\1QUJD\2", text
    ),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_metadata_that_is_wrong_is_refused(idp_keys: Keys, change: Change) -> None:
    text = described(idp_keys.certificate)
    assert change(text) != text
    with pytest.raises(Refused) as refused:
        read(change(text))
    assert refused.value.step == "metadata"


def test_weak_and_other_keys_are_refused() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505  # this is what is refused
    for key in (weak, ec.generate_private_key(ec.SECP256R1())):
        with pytest.raises(Refused, match="RSA with at least 2048 bits"):
            read(described(certificate(key, 100)))


def test_a_pinned_key_must_have_signed_it(ours: ServiceProvider, idp_keys: Keys, evil_keys: Keys) -> None:
    with pytest.raises(Refused) as unsigned:
        read(described(idp_keys.certificate), idp_keys.pem)
    assert unsigned.value.step == "signature"
    data = metadata.signed(ours, KeyPair(idp_keys.private, idp_keys.certificate))
    with pytest.raises(Refused) as others:
        read(data, evil_keys.pem)
    assert others.value.reason == "no key of the metadata has made it"
    # Signed rightly; that it is a service provider's is seen afterwards.
    with pytest.raises(Refused, match="exactly one IDPSSODescriptor"):
        read(data, idp_keys.pem)
    signatures.verify(etree.fromstring(data), [idp_keys.pem], CONTEXT_HANDLER_2)
