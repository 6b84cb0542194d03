"""Answers that providers really sent, without the person in them: each must be accepted."""

import base64
import copy
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from samtale.oiosaml import response, signatures
from samtale.oiosaml.algorithms import PROFILE
from samtale.oiosaml.names import DS, SAML, SAMLP, XENC, XENC11
from samtale.oiosaml.recording import MADE
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import NotSignedIn, Provider, Request
from samtale_testidp.answers import PLACE, Keys, Sealing, encrypted, signed

CASES = sorted((Path(__file__).parent / "recorded").glob("*.xml"))


def read(case: Path) -> tuple[etree._Element, etree._Element | None]:
    """The Response and the Assertion."""
    recorded = etree.parse(case).getroot()
    assert recorded.tag == "recorded"
    return recorded[0], recorded[1] if len(recorded) == 2 else None


def sealing(answer: etree._Element) -> Sealing:
    """How it was encrypted."""

    def named(path: str) -> str | None:
        found = answer.find(path)
        return None if found is None else found.get("Algorithm")

    data, key = f".//{{{XENC}}}EncryptedData/{{{XENC}}}", f".//{{{XENC}}}EncryptedKey/{{{XENC}}}"
    return Sealing(
        block=named(f"{data}EncryptionMethod") or "",
        transport=named(f"{key}EncryptionMethod") or "",
        digest=named(f"{key}EncryptionMethod/{{{DS}}}DigestMethod"),
        mgf=named(f"{key}EncryptionMethod/{{{XENC11}}}MGF"),
    )


def sent(answer: etree._Element, assertion: etree._Element | None, idp: Keys, own: rsa.RSAPrivateKey) -> str:
    """The form's field: the recorded form with new signature and new cipher text in it."""
    if assertion is not None:
        assertion = copy.deepcopy(assertion)
        old_signature = assertion.find(f"{{{DS}}}Signature")
        assert old_signature is not None
        # The new one comes to where the old one was.
        assertion.replace(old_signature, etree.fromstring(PLACE))
        plain = signed(etree.tostring(assertion).decode(), idp)
        fresh = etree.fromstring(encrypted(plain, own.public_key(), sealing(answer)))
        for old, new in zip(
            answer.iter(f"{{{XENC}}}CipherValue"), fresh.iter(f"{{{XENC}}}CipherValue"), strict=True
        ):
            old.text = new.text
    return base64.b64encode(etree.tostring(answer)).decode()


def accepted(
    answer: etree._Element, assertion: etree._Element | None, idp: Keys, own: rsa.RSAPrivateKey
) -> response.SignedIn:
    audience = "" if assertion is None else assertion.findtext(f".//{{{SAML}}}Audience")
    request = Request(
        answer.get("InResponseTo", ""),
        answer.get("Destination", ""),
        audience or "",
        MADE + timedelta(seconds=1),
    )
    issuer = answer.findtext(f"{{{SAML}}}Issuer") or ""
    provider = Provider(issuer, [idp.pem], None, PROFILE, accept_old_level=True)
    field = sent(copy.deepcopy(answer), assertion, idp, own)
    return response.accept(field, request, provider, [own], lambda *_: True)


def test_there_is_one() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_it_is_accepted(case: Path, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> None:
    answer, assertion = read(case)
    if assertion is None:
        with pytest.raises(NotSignedIn):
            accepted(answer, assertion, idp_keys, own_key)
        return
    found = accepted(answer, assertion, idp_keys, own_key)
    assert found.subject.cvr == found.claims.cvr
    assert found.subject.name
    assert found.subject.serial


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_its_signature_had_the_form_that_we_ask_for(case: Path, idp_keys: Keys) -> None:
    _, assertion = read(case)
    if assertion is not None:
        alone = etree.fromstring(etree.tostring(assertion))
        with pytest.raises(Refused, match="no key of the metadata"):
            signatures.verify(alone, [idp_keys.pem], PROFILE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_nothing_is_left_of_what_was_sealed(case: Path) -> None:
    root = etree.parse(case).getroot()
    for tag in (f"{{{XENC}}}CipherValue", f"{{{DS}}}SignatureValue", f"{{{DS}}}X509Certificate"):
        assert not [one for one in root.iter(tag) if one.text]
    assert {one.get("IssueInstant", "")[:10] for one in root.iter(f"{{{SAMLP}}}Response")} == {"2026-01-01"}
