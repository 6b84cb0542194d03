"""A provider that speaks plain SAML 2.0: the same checks, other names, encrypted or not."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from right_answer import ACS, IDP, NOW, SP

from samtale.oiosaml import algorithms, response
from samtale.oiosaml.plain import TRANSIENT, Attributes
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import NotSignedIn, Provider, Request, SignedIn
from samtale_testidp import evil
from samtale_testidp.answers import Answer, Keys, Person, form_value, signed
from samtale_testidp.evil.attack import Attack, Change, Earlier, Scene, same, sub

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
NAME, MAIL, CVR, ROLE = "displayName", "mail", "cvr", "http://schemas.example/role"
REGION, OTHER, FOREIGN = "29190925", "29190623", "55133018"
CARLA = Person("carla-7f1e", {NAME: "Carla Holt", MAIL: "carla.holt@rm.dk"})
NAMES = Attributes(name=NAME, email=MAIL)
#: Those of the kind »person« are about OIOSAML's own attributes.
ATTACKS = [(kind.slug, attack) for kind in evil.KINDS if kind.slug != "person" for attack in kind.attacks]
#: Only what is encrypted can be wrong in this way.
ABOUT_ENCRYPTION = frozenset(
    {
        "plain",
        "encrypted-in-encrypted",
        "no-assertion",
        "same-assertion-twice",
        "two-assertions",
        "encrypted-in-extensions",
    }
)
HERE = [
    pytest.param(encrypted, attack, id=f"{'encrypted' if encrypted else 'plain'}-{attack.slug}")
    for encrypted in (True, False)
    for kind, attack in ATTACKS
    if encrypted or (kind != "encryption" and attack.slug not in ABOUT_ENCRYPTION)
]


@dataclass(frozen=True)
class PlainScene(Scene):
    """The same answers without encryption."""

    def send(
        self,
        answer: Answer | None = None,
        *,
        keys: Keys | None = None,
        how: Any = None,
        before_signing: Change = same,
        after_signing: Change = same,
        sealed: Change = same,
        envelope: Change = same,
        algorithm: str = "rsa-sha256",
        digest: str = "sha256",
    ) -> str:
        answer = answer or self.answer
        assertion = signed(
            before_signing(answer.assertion()), keys or self.keys, algorithm=algorithm, digest=digest
        )
        return form_value(envelope(answer.response(sealed(after_signing(assertion)))))

    def sealed(self, assertion: str) -> str:
        return assertion


class Door:
    """Lets answers of a plain provider in, and remembers them."""

    def __init__(self, provider: Provider, idp: Keys, stranger: Keys, own: rsa.RSAPrivateKey) -> None:
        self.provider, self.idp, self.stranger, self.own = provider, idp, stranger, own
        self.seen: set[str] = set()

    def remember(self, assertion_id: str, _until: datetime) -> bool:
        is_new = assertion_id not in self.seen
        self.seen.add(assertion_id)
        return is_new

    def let_in(self, field: str) -> SignedIn:
        return response.accept(
            field, Request("_request", ACS, SP, NOW), self.provider, [self.own], self.remember
        )

    def scene(self, answer: Answer, earlier: Earlier | None = None) -> Scene:
        shape = Scene if self.provider.encrypted else PlainScene
        victim = Person("freja-1d90", {NAME: "Freja Lund"})
        return shape(answer, self.idp, self.stranger, self.own.public_key(), victim, earlier=earlier)

    def send(self, answer: Answer, **changes: Any) -> SignedIn:
        return self.let_in(self.scene(answer).send(**changes))

    def by(self, **changes: str) -> None:
        """From now on its attributes are called otherwise."""
        names = replace(self.provider.attributes or NAMES, **changes)
        self.provider = replace(self.provider, attributes=names)


@pytest.fixture
def carla() -> Answer:
    return Answer(
        issuer=IDP,
        recipient=ACS,
        audience=SP,
        request_id="_request",
        person=CARLA,
        now=NOW,
        name_id_format=PERSISTENT,
    )


def door_of(request: pytest.FixtureRequest, *, encrypted: bool) -> Door:
    idp, stranger, own = (request.getfixturevalue(name) for name in ("idp_keys", "evil_keys", "own_key"))
    provider = Provider(IDP, [idp.pem], frozenset({REGION}), attributes=NAMES, encrypted=encrypted)
    return Door(provider, idp, stranger, own)


@pytest.fixture(params=[True, False], ids=["encrypted", "plain"])
def door(request: pytest.FixtureRequest) -> Door:
    return door_of(request, encrypted=request.param)


def test_a_right_answer_goes_through(door: Door, carla: Answer) -> None:
    found = door.send(carla)
    assert (found.subject.cvr, found.subject.serial, found.subject.name) == (
        REGION,
        "carla-7f1e",
        "Carla Holt",
    )
    assert (found.claims.cvr, found.claims.email) == (REGION, "carla.holt@rm.dk")
    assert (found.level, found.groups) == (None, ())
    assert found.statement.name_id == "carla-7f1e"


@pytest.mark.parametrize(("encrypted", "attack"), HERE)
def test_an_attack_makes_nobody_of_anybody(
    request: pytest.FixtureRequest, carla: Answer, encrypted: bool, attack: Attack
) -> None:
    door = door_of(request, encrypted=encrypted)
    before = carla.but(assertion_id="_before")
    field = door.scene(before).send()
    door.let_in(field)
    scene = door.scene(carla, Earlier(field, before.assertion_id))
    with pytest.raises(Refused):
        door.let_in(attack.make(scene))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda _: "",
        lambda assertion: assertion * 2,
        lambda assertion: assertion + assertion.replace("carla-7f1e", "freja-1d90").replace("ID=", "ID2="),
        lambda assertion: f"<samlp:Extensions>{assertion}</samlp:Extensions>",
        lambda assertion: f"{assertion}<samlp:Extensions>{assertion}</samlp:Extensions>",
    ],
    ids=["none", "twice", "beside-a-forged-one", "in-extensions", "also-in-extensions"],
)
def test_one_assertion_and_in_its_place(request: pytest.FixtureRequest, carla: Answer, wrap: Change) -> None:
    door = door_of(request, encrypted=False)
    with pytest.raises(Refused) as refused:
        door.let_in(form_value(carla.response(wrap(signed(carla.assertion(), door.idp)))))
    assert refused.value.step == "response"


def test_neither_takes_the_others_form(door: Door, carla: Answer) -> None:
    field = door.scene(carla).send()
    door.provider = replace(door.provider, encrypted=not door.provider.encrypted)
    with pytest.raises(Refused) as refused:
        door.let_in(field)
    assert refused.value.step == "response"


def test_what_its_profile_allows_is_all_that_is_allowed(door: Door, carla: Answer) -> None:
    door.provider = replace(door.provider, allowed=algorithms.PROFILE)
    door.send(carla, algorithm="rsa-sha512", digest="sha512")
    with pytest.raises(Refused):
        door.send(carla.but(assertion_id="_other"), algorithm="rsa-sha1", digest="sha1")


def test_an_attribute_can_be_the_key(door: Door, carla: Answer) -> None:
    door.by(subject="oid")
    with_oid = Person("mail@address", {**CARLA.attributes, "oid": "7f1e"})
    assert door.send(carla.but(person=with_oid)).subject.serial == "7f1e"
    with pytest.raises(Refused):
        door.send(carla.but(assertion_id="_without"))


@pytest.mark.parametrize("name_id", ["", " ", "a" * 181, "car\u0085la"])
def test_a_key_that_is_none(door: Door, carla: Answer, name_id: str) -> None:
    with pytest.raises(Refused) as refused:
        door.send(carla.but(person=Person(name_id, CARLA.attributes)))
    assert refused.value.step == "attributes"


def test_the_longest_key_that_is_taken(door: Door, carla: Answer) -> None:
    assert door.send(carla.but(person=Person("a" * 180, CARLA.attributes))).subject.serial == "a" * 180


def test_a_name_that_changes_each_time_is_no_key(door: Door, carla: Answer) -> None:
    with pytest.raises(Refused) as refused:
        door.send(carla.but(name_id_format=TRANSIENT))
    assert refused.value.step == "NameID"
    door.by(subject=MAIL)
    assert (
        door.send(carla.but(name_id_format=TRANSIENT, assertion_id="_other")).subject.serial
        == "carla.holt@rm.dk"
    )


@pytest.mark.parametrize("cvr", [None, "", FOREIGN, "2919092", f"{REGION}0", "any"])
def test_an_organisation_that_it_may_not_speak_for(door: Door, carla: Answer, cvr: str | None) -> None:
    door.by(cvr=CVR)
    door.provider = replace(door.provider, cvrs=frozenset({REGION, OTHER}))
    said = {} if cvr is None else {CVR: cvr}
    with pytest.raises(Refused):
        door.send(carla.but(person=Person("carla", {**CARLA.attributes, **said})))


def test_with_several_the_attribute_says_which(door: Door, carla: Answer) -> None:
    door.by(cvr=CVR)
    door.provider = replace(door.provider, cvrs=frozenset({REGION, OTHER}))
    found = door.send(carla.but(person=Person("carla", {**CARLA.attributes, CVR: OTHER})))
    assert found.subject.cvr == OTHER


def test_without_a_list_it_speaks_for_nobody(door: Door, carla: Answer) -> None:
    for cvrs in (None, frozenset[str]()):
        door.provider = replace(door.provider, cvrs=cvrs)
        with pytest.raises(Refused) as refused:
            door.send(carla.but(assertion_id=f"_{cvrs is None}"))
        assert refused.value.step == "attributes"


def test_the_role_that_is_asked_for(door: Door, carla: Answer) -> None:
    door.by(role=ROLE, member_role="samtale")
    for number, wrong in enumerate(({}, {ROLE: "samtale2"}, {ROLE: ""})):
        person = Person("carla", {**CARLA.attributes, **wrong})
        with pytest.raises(NotSignedIn) as nobody:
            door.send(carla.but(person=person, assertion_id=f"_{number}"))
        assert nobody.value.status == "RequestDenied"
    assert door.send(carla.but(person=Person("carla", {**CARLA.attributes, ROLE: "samtale"})))


def test_values_that_differ_are_not_believed(door: Door, carla: Answer) -> None:
    twice = sub(f'(<saml:Attribute Name="{MAIL}".*?</saml:Attribute>)', r"\1\1")
    assert door.send(carla, before_signing=twice).claims.email == "carla.holt@rm.dk"
    other = sub("(<saml:AttributeValue>)(carla.holt@rm.dk</saml:AttributeValue>)", r"\1x\2\1\2")
    with pytest.raises(Refused):
        door.send(carla.but(assertion_id="_other"), before_signing=other)
    apart = sub(
        f'(<saml:Attribute Name="{MAIL}"[^>]*><saml:AttributeValue>)(.*?</saml:Attribute>)', r"\1\2\1x\2"
    )
    with pytest.raises(Refused):
        door.send(carla.but(assertion_id="_apart"), before_signing=apart)


def test_an_attribute_without_a_name_is_nothing(door: Door, carla: Answer) -> None:
    door.by(email="")
    nameless = Person("carla", {**CARLA.attributes, "": "freja.lund@rm.dk"})
    assert door.send(carla.but(person=nameless)).claims.email is None


def test_a_missing_name_is_no_name(door: Door, carla: Answer) -> None:
    assert door.send(carla.but(person=Person("carla", {}))).subject.name == ""


def test_an_old_answer_is_refused(door: Door, carla: Answer) -> None:
    with pytest.raises(Refused):
        door.send(carla.but(now=NOW - timedelta(minutes=11)))
