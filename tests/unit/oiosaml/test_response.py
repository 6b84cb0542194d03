"""The only accepted way in: a right answer goes through, and each way in which it can be wrong does not."""

import base64
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from certificates import rsa_key
from cryptography.hazmat.primitives.asymmetric import rsa
from right_answer import ANNA, EID, NOW

from samtale.oiosaml import algorithms, documents, response
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import NotSignedIn, Provider, Request, SignedIn
from samtale_testidp import evil
from samtale_testidp.answers import Answer, Keys, Person, Sealing, encrypted, form_value
from samtale_testidp.evil.attack import Attack, Earlier, Scene, sub
from samtale_testidp.names import NSIS, SAML

FREJA = Person(
    "C = DK, O = 41849983, CN = Freja Lund, Serial = 7f1e6b0d-52c4-4ec7-8f35-1c9d0a4b7e03",
    dict(ANNA.attributes) | {f"{EID}professional/cvr": "41849983"},
)
#: Which step refuses an attack of a kind; the ones that get further, or not so far, are named.
STEPS = {
    "form": "response",
    "envelope": "response",
    "encryption": "decryption",
    "signature": "signature",
    "wrapping": "signature",
    "assertion": "assertion",
    "person": "NameID",
    "encrypted-in-encrypted": "signature",
    "only-response-signed": "signature",
    "replay": "replay",
    "used-assertion": "replay",
    **{f"xsw{number}": "response" for number in range(1, 9)},
    "sealed-in-extensions": "response",
    "response-in-extensions": "response",
    "assertion-no-id": "signature",
    **{f"level-{which}": "level of assurance" for which in ("low", "unknown", "differs", "missing")},
    "no-cvr": "attributes",
    "cvr-not-eight-digits": "attributes",
    "cvr-other-digits": "attributes",
    "two-cvrs": "attributes",
    "cvr-with-comment": "attributes",
    "cvr-other-than-name": "CVR",
    "cvr-foreign": "CVR",
    "spec-version": "specVersion",
    "no-spec-version": "specVersion",
    "no-kombit-version": "KombitSpecVer",
    **{
        f"privileges-{which}": "privileges"
        for which in ("not-base64", "of-another-kind", "with-entity", "without-scope")
    },
}
ATTACKS = {attack.slug: (kind.slug, attack) for kind in evil.KINDS for attack in kind.attacks}


class Door:
    """Lets answers in, and remembers them."""

    def __init__(
        self, request: Request, provider: Provider, keys: list[rsa.RSAPrivateKey], idp: Keys, stranger: Keys
    ) -> None:
        self.request = request
        self.provider = provider
        self.keys = keys
        self.idp = idp
        self.stranger = stranger
        self.seen: dict[str, datetime] = {}

    def remember(self, assertion_id: str, until: datetime) -> bool:
        if assertion_id in self.seen:
            return False
        self.seen[assertion_id] = until
        return True

    def let_in(self, field: str) -> SignedIn:
        return response.accept(field, self.request, self.provider, self.keys, self.remember)

    def scene(self, answer: Answer, earlier: Earlier | None = None) -> Scene:
        """Where ``answer`` is made."""
        return Scene(answer, self.idp, self.stranger, self.keys[0].public_key(), FREJA, earlier=earlier)

    def send(self, answer: Answer, **changes: Any) -> SignedIn:
        """Let a right answer in, with changes as `Scene.send` has them."""
        return self.let_in(self.scene(answer).send(**changes))

    def refuses(self, field: str) -> Refused:
        """Why it is refused; nothing of the person stands in it."""
        with pytest.raises(Refused) as refused:
            self.let_in(field)
        for personal in ("Anna", "anna@", "0101010101", "555ed208", "Freja", "7f1e6b0d"):
            assert personal not in str(refused.value)
        return refused.value


@pytest.fixture
def door(
    request_: Request, provider: Provider, own_key: rsa.RSAPrivateKey, idp_keys: Keys, evil_keys: Keys
) -> Door:
    return Door(request_, provider, [own_key], idp_keys, evil_keys)


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


@pytest.mark.parametrize(("kind", "attack"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_refused_where_it_should_be(
    door: Door, answer: Answer, kind: str, attack: Attack
) -> None:
    before = answer.but(assertion_id="_before")
    field = door.scene(before).send()
    door.let_in(field)
    scene = door.scene(answer, Earlier(field, before.assertion_id))
    assert door.refuses(attack.make(scene)).step == STEPS.get(attack.slug, STEPS[kind])


def test_a_name_with_a_comment_in_it_is_whole(door: Door, answer: Answer) -> None:
    found = door.send(
        answer, after_signing=lambda text: text.replace("CN = Anna Jensen", "CN = Anna<!-- --> Jensen")
    )
    assert found.subject.name == "Anna Jensen"


def test_an_answer_is_used_once(door: Door, answer: Answer) -> None:
    door.send(answer)
    assert door.refuses(door.scene(answer).send()).step == "replay"


def test_the_previous_key_opens_too(door: Door, answer: Answer) -> None:
    field = door.scene(answer).send()
    door.keys = [rsa_key("next"), *door.keys]
    assert door.let_in(field).subject.cvr == "55133018"


def test_any_key_of_the_metadata_may_sign(door: Door, answer: Answer, evil_keys: Keys) -> None:
    door.provider = replace(door.provider, certificates=[evil_keys.pem, door.idp.pem])
    assert door.send(answer).subject.cvr == "55133018"


@pytest.mark.parametrize("field", ["", "%%%", "QQ=", "PD94bWw+", "A" * (response.LARGEST + 1)])
def test_a_field_that_is_no_answer(door: Door, field: str) -> None:
    assert door.refuses(field).step == "response"


def test_the_largest_field_is_still_read(door: Door) -> None:
    assert door.refuses("A" * response.LARGEST).reason == "it is not well-formed XML"
    assert door.refuses("A" * (response.LARGEST + 1)).reason.endswith(f"at most {response.LARGEST} are read")


def test_a_field_with_line_breaks_is_read(door: Door, answer: Answer) -> None:
    field = base64.encodebytes(base64.b64decode(door.scene(answer).send())).decode()
    assert door.let_in(field).subject.cvr == "55133018"


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_a_little(door: Door, answer: Answer, minutes: int) -> None:
    door.request = replace(door.request, now=NOW + timedelta(minutes=minutes))
    assert door.send(answer).subject.cvr == "55133018"


@pytest.mark.parametrize("status", ["NoPassive", "AuthnFailed", "RequestDenied"])
def test_nobody_signed_in_is_no_attack(door: Door, answer: Answer, status: str) -> None:
    with pytest.raises(NotSignedIn) as told:
        door.let_in(form_value(answer.without_person(status)))
    assert told.value.status == str(told.value) == status


def code(status: str, inner: str = "") -> str:
    return f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}">{inner}</samlp:StatusCode>'


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (code("Responder"), "Responder"),
        (code("Responder", code("AuthnFailed", code("Innermost"))), "Innermost"),
        (code("x" * 65), "x" * 64),
        ("<samlp:StatusCode/>", ""),
    ],
)
def test_the_innermost_status_is_told(door: Door, answer: Answer, codes: str, status: str) -> None:
    with pytest.raises(NotSignedIn) as told:
        door.let_in(form_value(answer.response("", status=codes)))
    assert told.value.status == status


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
    field = door.scene(answer).send(how=how)
    assert door.refuses(field).step == "decryption"
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
    assert door.refuses(form_value(answer.response(cut))).reason == "none of our keys opens it"


def shorter(value: str) -> str:
    return base64.b64encode(base64.b64decode(value)[:-16]).decode()


def test_unknown_key_info_does_not_matter(door: Door, answer: Answer) -> None:
    token = '<o:SecurityTokenReference xmlns:o="urn:wsse"><X509IssuerSerial/></o:SecurityTokenReference>'
    found = door.send(answer, sealed=sub("<xenc:EncryptedKey>", f"{token}<xenc:EncryptedKey>"))
    assert found.subject.cvr == "55133018"


def test_the_key_may_lie_beside_the_data(door: Door, answer: Answer) -> None:
    assert door.send(answer, how=Sealing(beside=True)).subject.cvr == "55133018"


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [("rsa-sha512", "sha256"), ("rsa-sha256", "sha512"), ("sha256-rsa-MGF1", "sha256")],
)
def test_an_algorithm_counts_only_when_the_provider_may_use_it(
    door: Door, answer: Answer, algorithm: str, digest: str
) -> None:
    field = door.scene(answer).send(algorithm=algorithm, digest=digest)
    assert door.refuses(field).step == "signature"
    more = replace(
        door.provider.allowed,
        signatures=frozenset({algorithms.RSA_SHA256, algorithms.RSA_SHA512, algorithms.RSA_PSS_SHA256}),
        signature_digests=frozenset({algorithms.SHA256, algorithms.SHA512}),
    )
    door.provider = replace(door.provider, allowed=more)
    assert door.let_in(field).subject.cvr == "55133018"


def test_one_of_several_confirmations_is_enough(door: Door, answer: Answer) -> None:
    other = (
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        '<saml:SubjectConfirmationData Recipient="https://other.example"/></saml:SubjectConfirmation>'
    )
    found = door.send(answer, before_signing=sub("</saml:NameID>", f"</saml:NameID>{other}"))
    assert found.subject.cvr == "55133018"


def test_a_level_above_the_demanded_one(door: Door, answer: Answer) -> None:
    assert door.send(answer.but(level="High")).level is Level.HIGH


def test_the_lower_of_two_levels_holds(door: Door, answer: Answer) -> None:
    lower = sub(">Substantial</saml:AttributeValue>", ">Low</saml:AttributeValue>")
    assert door.refuses(door.scene(answer).send(before_signing=lower)).step == "level of assurance"


def test_the_older_level_counts_only_when_the_provider_may_state_it(door: Door, answer: Answer) -> None:
    def as_it_was(text: str) -> str:
        old = sub(f'Name="{NSIS}"', 'Name="dk:gov:saml:attribute:AssuranceLevel"')(text)
        old = sub(">Substantial</saml:AttributeValue>", ">3</saml:AttributeValue>")(old)
        return sub(f"{NSIS}/Substantial", "urn:oasis:names:tc:SAML:2.0:ac:classes:X509")(old)

    assert door.refuses(door.scene(answer).send(before_signing=as_it_was)).step == "level of assurance"
    door.provider = replace(door.provider, accept_old_level=True)
    another = answer.but(assertion_id="_another")
    assert door.send(another, before_signing=as_it_was).level is Level.SUBSTANTIAL


def test_a_provider_that_may_speak_for_anybody(door: Door, answer: Answer) -> None:
    door.provider = replace(door.provider, cvrs=None)
    assert door.send(answer.but(person=FREJA)).subject.cvr == "41849983"


def test_what_stands_around_a_plain_assertion_is_gone() -> None:
    around = f'<r xmlns:saml="{SAML}">before<saml:Assertion ID="_a"/>after</r>'
    cut_out = response.only_plain_assertion(documents.parse(around.encode(), step="x", limit=1000))
    assert cut_out == f'<saml:Assertion xmlns:saml="{SAML}" ID="_a"/>'.encode()
