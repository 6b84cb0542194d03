"""The only accepted way in: a right answer goes through, and each way in which it can be wrong does not."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from right_answer import ACS, ANNA, EID, IDP, NOW

from samtale.oiosaml import algorithms, response
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import NotSignedIn, Provider, Request, SignedIn
from samtale_testidp.answers import Answer, Keys, Person, Sealing, encrypted, form_value, signed

Change = Callable[[str], str]
NAMESPACES = 'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'


def same(text: str) -> str:
    return text


class Door:
    """Lets answers in, and remembers them."""

    def __init__(
        self, request: Request, provider: Provider, keys: list[rsa.RSAPrivateKey], idp: Keys
    ) -> None:
        self.request = request
        self.provider = provider
        self.keys = keys
        self.idp = idp
        self.seen: dict[str, datetime] = {}

    def remember(self, assertion_id: str, until: datetime) -> bool:
        if assertion_id in self.seen:
            return False
        self.seen[assertion_id] = until
        return True

    def let_in(self, field: str) -> SignedIn:
        return response.accept(field, self.request, self.provider, self.keys, self.remember)

    def send(
        self,
        answer: Answer,
        *,
        before_signing: Change = same,
        after_signing: Change = same,
        encrypted_: Change = same,
        envelope: Change = same,
        keys: Keys | None = None,
        **signing: str,
    ) -> SignedIn:
        assertion = after_signing(signed(before_signing(answer.assertion()), keys or self.idp, **signing))
        sealed = encrypted_(encrypted(assertion, self.keys[0].public_key()))
        return self.let_in(form_value(envelope(answer.response(sealed))))

    def refuses(self, answer: Answer, step: str, **changes: object) -> str:
        """The reason; nothing of the person stands in it."""
        with pytest.raises(Refused) as refused:
            self.send(answer, **changes)  # type: ignore[arg-type]
        assert refused.value.step == step
        for personal in ("Anna", "anna@", "0101010101", "555ed208"):
            assert personal not in str(refused.value)
        return refused.value.reason


@pytest.fixture
def door(request_: Request, provider: Provider, own_key: rsa.RSAPrivateKey, idp_keys: Keys) -> Door:
    return Door(request_, provider, [own_key], idp_keys)


def test_a_right_answer_goes_through(door: Door, answer: Answer) -> None:
    found = door.send(answer)
    assert (found.subject.cvr, found.subject.name) == ("55133018", "Anna Jensen")
    assert found.subject.serial == "555ed208-2ed1-4739-8d79-119908219311"
    assert found.claims.email == "anna@aarhus.example"
    assert found.level is Level.SUBSTANTIAL
    assert found.groups == ()
    assert found.statement.name_id == ANNA.name_id
    assert found.statement.session_index == answer.session_index
    assert found.statement.authority == "https://idp.kommune.example"
    assert door.seen == {answer.assertion_id: NOW.replace(microsecond=589000) + timedelta(minutes=10)}


def test_a_name_with_a_comment_in_it_is_whole(door: Door, answer: Answer) -> None:
    found = door.send(
        answer, after_signing=lambda text: text.replace("CN = Anna Jensen", "CN = Anna<!-- --> Jensen")
    )
    assert found.subject.name == "Anna Jensen"


def test_an_answer_is_used_once(door: Door, answer: Answer) -> None:
    door.send(answer)
    assert door.refuses(answer, "replay") == "the assertion was used before"


def test_the_previous_key_opens_too(door: Door, answer: Answer) -> None:
    sealed = encrypted(signed(answer.assertion(), door.idp), door.keys[0].public_key())
    door.keys = [rsa.generate_private_key(65537, 2048), *door.keys]
    assert door.let_in(form_value(answer.response(sealed))).subject.cvr == "55133018"


def test_any_key_of_the_metadata_may_sign(door: Door, answer: Answer, evil_keys: Keys) -> None:
    door.provider = replace(door.provider, certificates=[evil_keys.pem, door.idp.pem])
    assert door.send(answer).subject.cvr == "55133018"


def replaced(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


ENVELOPE = {
    "another address": replaced(f'Destination="{ACS}"', 'Destination="https://evil.example/acs/"'),
    "no address": replaced(f' Destination="{ACS}"', ""),
    "another issuer": replaced(
        f"<saml:Issuer>{IDP}</saml:Issuer>", "<saml:Issuer>https://evil.example</saml:Issuer>"
    ),
    "no issuer": replaced(f"<saml:Issuer>{IDP}</saml:Issuer>", ""),
    "issuer of another format": replaced("<saml:Issuer>", '<saml:Issuer Format="urn:other">'),
    "another request": replaced('InResponseTo="_request"', 'InResponseTo="_other"'),
    "no request": replaced(' InResponseTo="_request"', ""),
    "no time": lambda text: re.sub(r' IssueInstant="[^"]*"', "", text, count=1),
    "another version": replaced('Version="2.0"', 'Version="1.1"'),
    "no response": replaced("samlp:Response", "samlp:LogoutResponse"),
    "no status": lambda text: re.sub(r"<samlp:Status>.*</samlp:Status>", "", text),
    "a status without a code": lambda text: re.sub(r"<samlp:StatusCode[^>]*>", "", text),
    "two encrypted assertions": lambda text: re.sub(
        r"(<saml:EncryptedAssertion.*</saml:EncryptedAssertion>)", r"\1\1", text
    ),
    "an encrypted assertion elsewhere": lambda text: re.sub(
        r"(<saml:EncryptedAssertion.*</saml:EncryptedAssertion>)",
        r"<samlp:Extensions>\1</samlp:Extensions>",
        text,
    ),
    "no encrypted assertion": lambda text: re.sub(
        r"<saml:EncryptedAssertion.*</saml:EncryptedAssertion>", "", text
    ),
    "a plain assertion beside it": replaced("</samlp:Response>", "<saml:Assertion/></samlp:Response>"),
    "a plain assertion in extensions": replaced(
        "<samlp:Status>", "<samlp:Extensions><saml:Assertion/></samlp:Extensions><samlp:Status>"
    ),
    "a document type": lambda text: "<!DOCTYPE x>" + text,
    "an entity": lambda text: f'<!DOCTYPE x [<!ENTITY i "{IDP}">]>' + text.replace(f">{IDP}<", ">&i;<"),
    "no XML": lambda text: text[:-1],
}


@pytest.mark.parametrize("change", ENVELOPE.values(), ids=ENVELOPE)
def test_an_envelope_that_is_wrong(door: Door, answer: Answer, change: Change) -> None:
    door.refuses(answer, "response", envelope=change)
    assert door.seen == {}


def test_a_plain_signed_assertion_is_not_enough(door: Door, answer: Answer) -> None:
    plain = signed(answer.assertion(), door.idp)
    with pytest.raises(Refused):
        door.let_in(form_value(answer.response(plain)))


@pytest.mark.parametrize("field", ["", "%%%", "QQ=", "PD94bWw+", "A" * (response.LARGEST + 1)])
def test_a_field_that_is_no_answer(door: Door, field: str) -> None:
    with pytest.raises(Refused) as refused:
        door.let_in(field)
    assert refused.value.step == "response"


def test_a_field_with_line_breaks_is_read(door: Door, answer: Answer) -> None:
    sealed = encrypted(signed(answer.assertion(), door.idp), door.keys[0].public_key())
    field = base64.encodebytes(answer.response(sealed).encode()).decode()
    assert door.let_in(field).subject.cvr == "55133018"


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_an_answer_of_another_time(door: Door, answer: Answer, minutes: int) -> None:
    door.request = replace(door.request, now=NOW + timedelta(minutes=minutes))
    door.refuses(answer, "response")


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_a_little(door: Door, answer: Answer, minutes: int) -> None:
    door.request = replace(door.request, now=NOW + timedelta(minutes=minutes))
    assert door.send(answer).subject.cvr == "55133018"


@pytest.mark.parametrize("status", ["NoPassive", "AuthnFailed", "RequestDenied"])
def test_nobody_signed_in_is_no_attack(door: Door, answer: Answer, status: str) -> None:
    code = "urn:oasis:names:tc:SAML:2.0:status:"
    inner = f'<samlp:StatusCode Value="{code}{status}"/>'
    said = f'<samlp:StatusCode Value="{code}Responder">{inner}</samlp:StatusCode>'
    with pytest.raises(NotSignedIn) as told:
        door.let_in(form_value(answer.response("", status=said)))
    assert told.value.status == status


SEALED = {
    "an unknown key transport": replaced("xmlenc11#rsa-oaep", "nothing#"),
    "an older key transport": replaced(algorithms.RSA_OAEP, algorithms.RSA_OAEP_MGF1P),
    "key transport RSA 1.5": replaced(algorithms.RSA_OAEP, algorithms.RSA_1_5),
    "CBC": replaced(algorithms.AES256_GCM, algorithms.AES256_CBC),
    "SHA-1 in the key transport": replaced(algorithms.SHA256, algorithms.SHA1),
    "MGF1 with SHA-1": replaced(algorithms.MGF1_SHA256, algorithms.MGF1_SHA1),
    "OAEP parameters": replaced(
        "<ds:DigestMethod", "<xenc:OAEPparams>QQ==</xenc:OAEPparams><ds:DigestMethod"
    ),
    "encrypted content": replaced("xmlenc#Element", "xmlenc#Content"),
    "two keys": lambda text: re.sub(r"(<xenc:EncryptedKey>.*</xenc:EncryptedKey>)", r"\1\1", text),
    "no key": lambda text: re.sub(r"<xenc:EncryptedKey>.*</xenc:EncryptedKey>", "", text),
    "no value": lambda text: re.sub(r"<xenc:CipherValue>[^<]*</xenc:CipherValue>", "", text),
    "no base64": lambda text: re.sub(r"<xenc:CipherValue>", "<xenc:CipherValue>%", text),
    "changed": lambda text: text[: (at := text.rindex("</xenc:CipherValue>") - 30)] + "AAAA" + text[at + 4 :],
    "too short": lambda text: re.sub(r"(.*<xenc:CipherValue>)[^<]*(.*)", r"\1QUJD\2", text),
}


@pytest.mark.parametrize("change", SEALED.values(), ids=SEALED)
def test_an_encryption_that_is_wrong(door: Door, answer: Answer, change: Change) -> None:
    door.refuses(answer, "decryption", encrypted_=change)


OTHER_SEALINGS = {
    "AES-128-GCM": Sealing(block=algorithms.AES128_GCM),
    "AES-192-GCM": Sealing(block=algorithms.AES192_GCM),
    "AES-128-CBC": Sealing(block=algorithms.AES128_CBC),
    "AES-256-CBC": Sealing(block=algorithms.AES256_CBC),
    "the older transport": Sealing(transport=algorithms.RSA_OAEP_MGF1P, digest=None, mgf=None),
    "the older transport with SHA-256": Sealing(transport=algorithms.RSA_OAEP_MGF1P, mgf=None),
    "MGF1 not stated": Sealing(mgf=None),
    "RSA 1.5": Sealing(transport=algorithms.RSA_1_5, digest=None, mgf=None),
}


@pytest.mark.parametrize("how", OTHER_SEALINGS.values(), ids=OTHER_SEALINGS)
def test_an_encryption_counts_only_when_the_provider_may_use_it(
    door: Door, answer: Answer, how: Sealing
) -> None:
    sealed = encrypted(signed(answer.assertion(), door.idp), door.keys[0].public_key(), how)
    field = form_value(answer.response(sealed))
    with pytest.raises(Refused) as refused:
        door.let_in(field)
    assert refused.value.step == "decryption"
    more = replace(
        door.provider.allowed,
        key_transports=frozenset({algorithms.RSA_OAEP, how.transport}),
        key_digests=frozenset(
            {algorithms.SHA256, algorithms.MGF1_SHA256, algorithms.SHA1, algorithms.MGF1_SHA1}
        ),
        blocks=frozenset({algorithms.AES256_GCM, how.block}),
    )
    door.provider = replace(door.provider, allowed=more)
    assert door.let_in(field).subject.cvr == "55133018"


def test_a_padding_that_is_none_is_refused_as_anything_else(door: Door, answer: Answer) -> None:
    allowed = replace(door.provider.allowed, blocks=frozenset({algorithms.AES256_CBC}))
    door.provider = replace(door.provider, allowed=allowed)
    sealed = encrypted("x" * 64, door.keys[0].public_key(), Sealing(block=algorithms.AES256_CBC))
    # Without its last block another byte stands where the padding is counted.
    cut = re.sub(r"(.*<xenc:CipherValue>)([^<]*)(.*)", lambda m: m[1] + shorter(m[2]) + m[3], sealed)
    with pytest.raises(Refused) as refused:
        door.let_in(form_value(answer.response(cut)))
    assert refused.value.reason == "none of our keys opens it"


def shorter(value: str) -> str:
    return base64.b64encode(base64.b64decode(value)[:-16]).decode()


def test_a_key_of_another_length_is_refused(door: Door, answer: Answer) -> None:
    sealed = encrypted("<x/>", door.keys[0].public_key(), Sealing(block=algorithms.AES128_GCM))
    door.refuses(answer, "decryption", encrypted_=lambda _: sealed.replace("#aes128-gcm", "#aes256-gcm"))


def test_somebody_elses_key_does_not_open(door: Door, answer: Answer) -> None:
    sealed = encrypted(
        signed(answer.assertion(), door.idp), rsa.generate_private_key(65537, 2048).public_key()
    )
    with pytest.raises(Refused) as refused:
        door.let_in(form_value(answer.response(sealed)))
    assert refused.value.reason == "none of our keys opens it"


def test_unknown_key_info_does_not_matter(door: Door, answer: Answer) -> None:
    token = '<o:SecurityTokenReference xmlns:o="urn:wsse"><X509IssuerSerial/></o:SecurityTokenReference>'
    found = door.send(answer, encrypted_=replaced("<xenc:EncryptedKey>", token + "<xenc:EncryptedKey>"))
    assert found.subject.cvr == "55133018"


def test_the_key_may_lie_beside_the_data(door: Door, answer: Answer) -> None:
    def beside(text: str) -> str:
        key = re.search(r"<xenc:EncryptedKey>.*</xenc:EncryptedKey>", text)
        assert key is not None
        moved = replaced("<xenc:EncryptedKey>", f"<xenc:EncryptedKey {NAMESPACES}>")(key[0])
        return replaced("</saml:EncryptedAssertion>", moved + "</saml:EncryptedAssertion>")(
            text.replace(key[0], "")
        )

    assert door.send(answer, encrypted_=beside).subject.cvr == "55133018"


def test_a_signature_by_somebody_else(door: Door, answer: Answer, evil_keys: Keys) -> None:
    assert door.refuses(answer, "signature", keys=evil_keys) == "no key of the metadata has made it"


SIGNED = {
    "changed content": replaced("Anna Jensen", "Anna Hansen"),
    "changed level": replaced("Substantial", "High"),
    "no signature": lambda text: re.sub(r"<ds:Signature.*</ds:Signature>", "", text, flags=re.DOTALL),
    "two signatures": lambda text: re.sub(
        r"(<ds:Signature.*</ds:Signature>)", r"\1\1", text, flags=re.DOTALL
    ),
    "an object": replaced("</ds:Signature>", "<ds:Object/></ds:Signature>"),
    "a reference to the whole document": lambda text: re.sub(r'URI="#[^"]*"', 'URI=""', text),
    "a reference to something else": lambda text: re.sub(r'URI="#[^"]*"', 'URI="#other"', text),
    "another canonicalisation": replaced(
        '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
        '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"',
    ),
    "a transform": replaced(
        f'<ds:Transform Algorithm="{algorithms.ENVELOPED}"',
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
    ),
    "HMAC": replaced(algorithms.RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
    "a second element with the id": lambda text: text.replace(
        "</saml:Assertion>",
        f'<saml:Advice Id="{re.findall(r"ID=.([^ ]*?). ", text)[0]}"/></saml:Assertion>',
    ),
}


@pytest.mark.parametrize("change", SIGNED.values(), ids=SIGNED)
def test_a_signature_that_does_not_hold(door: Door, answer: Answer, change: Change) -> None:
    door.refuses(answer, "signature", after_signing=change)


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [("rsa-sha512", "sha256"), ("rsa-sha256", "sha512"), ("sha256-rsa-MGF1", "sha256")],
)
def test_an_algorithm_counts_only_when_the_provider_may_use_it(
    door: Door, answer: Answer, algorithm: str, digest: str
) -> None:
    door.refuses(answer, "signature", algorithm=algorithm, digest=digest)
    more = replace(
        door.provider.allowed,
        signatures=frozenset({algorithms.RSA_SHA256, algorithms.RSA_SHA512, algorithms.RSA_PSS_SHA256}),
        signature_digests=frozenset({algorithms.SHA256, algorithms.SHA512}),
    )
    door.provider = replace(door.provider, allowed=more)
    assert door.send(answer, algorithm=algorithm, digest=digest).subject.cvr == "55133018"


WRAPPED = {
    "evil before the signed one": "<saml:Assertion {ns} ID='_evil'>{evil}{signed}</saml:Assertion>",
    "signed one in an object": (
        "<saml:Assertion {ns} ID='_evil'>{evil}<ds:Object>{signed}</ds:Object></saml:Assertion>"
    ),
    "signed one in advice": (
        "<saml:Assertion {ns} ID='_evil'>{evil}<saml:Advice>{signed}</saml:Advice></saml:Assertion>"
    ),
    "same id": "<saml:Assertion {ns} ID='{id}'>{evil}<saml:Advice>{signed}</saml:Advice></saml:Assertion>",
    "both in a list": "<x {ns}>{signed}<saml:Assertion ID='_evil'>{evil}</saml:Assertion></x>",
}


@pytest.mark.parametrize("shape", WRAPPED.values(), ids=WRAPPED)
def test_a_signed_assertion_wrapped_in_another(door: Door, answer: Answer, shape: str) -> None:
    evil = "<saml:Subject><saml:NameID>C=DK,O=55133018,CN=Evil,Serial=1</saml:NameID></saml:Subject>"

    namespaces = NAMESPACES + ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'

    def wrap(text: str) -> str:
        return shape.format(ns=namespaces, id=answer.assertion_id, evil=evil, signed=text)

    door.refuses(answer, "signature", after_signing=wrap)


def test_an_entity_inside_what_was_encrypted(door: Door, answer: Answer) -> None:
    def with_entity(text: str) -> str:
        return f'<!DOCTYPE x [<!ENTITY e "Anna">]>{text}'

    assert "document type" in door.refuses(answer, "assertion", after_signing=with_entity)


ASSERTION = {
    "another issuer": replaced(f"<saml:Issuer>{IDP}<", "<saml:Issuer>https://evil.example<"),
    "another audience": replaced("<saml:Audience>", "<saml:Audience>x"),
    "no audience": lambda text: re.sub(r"<saml:AudienceRestriction>.*</saml:AudienceRestriction>", "", text),
    "one of two audiences": replaced(
        "<saml:AudienceRestriction>",
        "<saml:AudienceRestriction><saml:Audience>other</saml:Audience></saml:AudienceRestriction>"
        "<saml:AudienceRestriction>",
    ),
    "an unknown condition": replaced(
        "<saml:AudienceRestriction>", "<saml:Condition/><saml:AudienceRestriction>"
    ),
    "no conditions": lambda text: re.sub(r"<saml:Conditions.*</saml:Conditions>", "", text),
    "no end": lambda text: re.sub(r'(<saml:Conditions[^>]*) NotOnOrAfter="[^"]*"', r"\1", text),
    "not yet": lambda text: re.sub(r'NotBefore="2026', 'NotBefore="2027', text),
    "over": lambda text: re.sub(r'(<saml:Conditions.*NotOnOrAfter=")2026', r"\g<1>2025", text),
    "no confirmation": lambda text: re.sub(
        r"<saml:SubjectConfirmation .*</saml:SubjectConfirmation>", "", text
    ),
    "not a bearer's": replaced("cm:bearer", "cm:holder-of-key"),
    "another recipient": replaced("Recipient=", "Recipient='https://evil.example' Was="),
    "confirmed for another request": replaced('InResponseTo="_request"', 'InResponseTo="_other"'),
    "confirmed for no request": replaced(' InResponseTo="_request"', ""),
    "confirmed without end": lambda text: re.sub(
        r'(<saml:SubjectConfirmationData[^>]*) NotOnOrAfter="[^"]*"', r"\1", text
    ),
    "confirmed too long ago": lambda text: re.sub(
        r'(<saml:SubjectConfirmationData[^>]*NotOnOrAfter=")2026', r"\g<1>2025", text
    ),
    "confirmed from a time on": replaced(
        "<saml:SubjectConfirmationData", '<saml:SubjectConfirmationData NotBefore="2026-11-24T09:30:00Z"'
    ),
    "two subjects": lambda text: re.sub(r"(<saml:Subject>.*</saml:Subject>)", r"\1\1", text),
    "two names": lambda text: re.sub(r"(<saml:NameID.*</saml:NameID>)", r"\1\1", text),
    "two statements": lambda text: re.sub(r"(<saml:AuthnStatement.*</saml:AuthnStatement>)", r"\1\1", text),
    "no statement": lambda text: re.sub(r"<saml:AuthnStatement.*</saml:AuthnStatement>", "", text),
    "two lists of attributes": lambda text: re.sub(
        r"(<saml:AttributeStatement.*</saml:AttributeStatement>)", r"\1\1", text
    ),
    "a session that is over": replaced(
        "<saml:AuthnStatement ", '<saml:AuthnStatement SessionNotOnOrAfter="2026-11-24T08:00:00Z" '
    ),
    "another version": replaced('Version="2.0"', 'Version="1.1"'),
    "made long ago": lambda text: re.sub(r'IssueInstant="2026', 'IssueInstant="2025', text),
}


@pytest.mark.parametrize("change", ASSERTION.values(), ids=ASSERTION)
def test_an_assertion_that_is_signed_and_wrong(door: Door, answer: Answer, change: Change) -> None:
    door.refuses(answer, "assertion", before_signing=change)
    assert door.seen == {}


def test_one_of_several_confirmations_is_enough(door: Door, answer: Answer) -> None:
    other = (
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        '<saml:SubjectConfirmationData Recipient="https://other.example"/></saml:SubjectConfirmation>'
    )
    found = door.send(answer, before_signing=replaced("</saml:NameID>", "</saml:NameID>" + other))
    assert found.subject.cvr == "55133018"


def another(answer: Answer) -> Answer:
    """The same, but not used before."""
    return answer.but(assertion_id=f"_{token_hex(16)}")


def with_attributes(answer: Answer, **changes: str | None) -> Answer:
    names = {
        "cvr": f"{EID}professional/cvr",
        "version": "https://data.gov.dk/model/core/specVersion",
        "kombit": "dk:gov:saml:attribute:KombitSpecVer",
        "privileges": f"{EID}privilegesIntermediate",
    }
    attributes = dict(ANNA.attributes)
    for name, value in changes.items():
        attributes.pop(names[name], None)
        if value is not None:
            attributes[names[name]] = value
    return another(answer).but(person=Person(ANNA.name_id, attributes))


def test_a_level_below_the_demanded_one(door: Door, answer: Answer) -> None:
    assert door.refuses(answer.but(level="Low"), "level of assurance") == "LOW is below SUBSTANTIAL"
    assert door.send(another(answer).but(level="High")).level is Level.HIGH


def test_other_versions(door: Door, answer: Answer) -> None:
    door.refuses(with_attributes(answer, version="2.0"), "specVersion")
    door.refuses(with_attributes(answer, kombit=None), "KombitSpecVer")


def test_the_organisation_must_be_the_same_everywhere(door: Door, answer: Answer) -> None:
    door.refuses(with_attributes(answer, cvr="29190623"), "CVR")
    door.refuses(with_attributes(answer, cvr=None), "attributes")


def test_a_provider_speaks_for_its_own_organisations_only(door: Door, answer: Answer) -> None:
    door.provider = replace(door.provider, cvrs=frozenset({"29190623"}))
    assert door.refuses(answer, "CVR") == "the provider may not speak for this organisation"
    door.provider = replace(door.provider, cvrs=None)
    assert door.send(another(answer)).subject.cvr == "55133018"


def test_another_kind_of_subject(door: Door, answer: Answer) -> None:
    door.refuses(answer.but(name_id_format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"), "NameID")
    person = Person("C=DK,O=55133018,CN=Anna,Serial=555ed208,Serial=1", ANNA.attributes)
    door.refuses(another(answer).but(person=person), "NameID")


def test_privileges_that_cannot_be_read_refuse_the_whole(door: Door, answer: Answer) -> None:
    door.refuses(with_attributes(answer, privileges="PHg+"), "privileges")
