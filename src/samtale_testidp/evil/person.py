"""The assertion is right in form and says something about the person that must not be believed."""

import base64
from collections.abc import Callable, Mapping

from samtale_testidp.answers import Answer, Person
from samtale_testidp.evil.attack import Attack, Scene, changed, sub
from samtale_testidp.names import EID, NSIS

_CVR = f"{EID}professional/cvr"
_VERSION = "https://data.gov.dk/model/core/specVersion"
_KOMBIT = "dk:gov:saml:attribute:KombitSpecVer"
_PRIVILEGES = f"{EID}privilegesIntermediate"
#: Korsbæk, KOMBIT's made-up municipality: nobody here may speak for it.
_FOREIGN = "11111111"


def _attribute(name: str, value: str | None) -> Callable[[Scene], str]:
    """Another value, or none."""

    def make(scene: Scene) -> str:
        person = scene.answer.person
        attributes = {key: said for key, said in person.attributes.items() if key != name}
        if value is not None:
            attributes[name] = value
        return scene.send(_about(scene, person.name_id, attributes))

    return make


def _name_id(change: Callable[[str, str], str]) -> Callable[[Scene], str]:
    """``change``: from the attacker's NameID and the victim's serial to what is sent."""

    def make(scene: Scene) -> str:
        person = scene.answer.person
        serial = scene.victim.name_id.rpartition("=")[2].strip()
        return scene.send(_about(scene, change(person.name_id, serial), person.attributes))

    return make


def _about(scene: Scene, name_id: str, attributes: Mapping[str, str]) -> Answer:
    return scene.answer.but(person=Person(name_id, attributes))


def _foreign(scene: Scene) -> str:
    person = scene.answer.person
    own = person.attributes[_CVR]
    return scene.send(
        _about(scene, person.name_id.replace(own, _FOREIGN), dict(person.attributes) | {_CVR: _FOREIGN})
    )


def _commented(scene: Scene) -> str:
    """Who reads the text up to the comment only sees the victim's serial."""
    own = scene.answer.person.name_id
    serial = scene.victim.name_id.rpartition("=")[2].strip()
    name = own.replace(", Serial", f", Serial = {serial}<!-- -->, Serial")
    return scene.send(before_signing=lambda text: text.replace(own, name))


def _document(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


_LIST = '<bpp:PrivilegeList xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile">'
_LEVEL_ATTRIBUTE = f'<saml:Attribute Name="{NSIS}".*?</saml:Attribute>'
ATTACKS = (
    Attack(
        "level-low",
        "Sikringsniveauet er Lav",
        "The level of assurance is Low",
        lambda scene: scene.send(scene.answer.but(level="Low")),
    ),
    Attack(
        "level-unknown",
        "Et sikringsniveau, der ikke findes",
        "A level of assurance that does not exist",
        lambda scene: scene.send(scene.answer.but(level="Highest")),
    ),
    changed(
        "level-differs",
        "Loginnet var på Lav, men oplysningen siger Betydelig",
        "The sign-in was at Low, but the attribute says Substantial",
        before_signing=sub(f"{NSIS}/Substantial", f"{NSIS}/Low"),
    ),
    changed(
        "level-missing",
        "Sikringsniveauet mangler",
        "The level of assurance is missing",
        before_signing=lambda text: sub(
            f"{NSIS}/Substantial", "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
        )(sub(_LEVEL_ATTRIBUTE, "")(text)),
    ),
    Attack("no-cvr", "CVR-nummeret mangler", "The CVR number is missing", _attribute(_CVR, None)),
    Attack(
        "cvr-not-eight-digits",
        "CVR-nummeret har ni cifre",
        "The CVR number has nine digits",
        _attribute(_CVR, "551330180"),
    ),
    Attack(
        "cvr-other-digits",
        "CVR-nummeret er skrevet med arabiske cifre",
        "The CVR number is written in Arabic digits",
        _attribute(_CVR, "\u0665\u0665\u0661\u0663\u0663\u0660\u0661\u0668"),
    ),
    Attack(
        "cvr-other-than-name",
        "CVR-nummeret er et andet end navnets",
        "The CVR number is not the NameID's",
        _attribute(_CVR, "29190623"),
    ),
    Attack(
        "cvr-foreign",
        "En organisation, som udbyderen ikke må tale for",
        "An organisation that the provider may not speak for",
        _foreign,
    ),
    changed(
        "two-cvrs",
        "To CVR-numre",
        "Two CVR numbers",
        before_signing=sub(
            f'(<saml:Attribute Name="{_CVR}"[^>]*>)', r"\1<saml:AttributeValue>29190623</saml:AttributeValue>"
        ),
    ),
    changed(
        "cvr-with-comment",
        "En kommentar i CVR-nummeret",
        "A comment in the CVR number",
        before_signing=sub(
            f'(<saml:Attribute Name="{_CVR}"[^>]*><saml:AttributeValue>)', r"\g<1>29190623<!-- -->"
        ),
    ),
    Attack(
        "serial-in-name",
        "Et navn, der indeholder »,Serial=«",
        "A name that has “,Serial=” in it",
        _name_id(lambda own, serial: own.replace(", Serial", f",Serial={serial}, Serial")),
    ),
    Attack(
        "serial-in-name-without-comma",
        "Et navn, der indeholder »Serial=«",
        "A name that has “Serial=” in it",
        _name_id(lambda own, serial: own.replace(", Serial", f" serial={serial}, Serial")),
    ),
    Attack(
        "serial-after-serial",
        "To Serial efter hinanden",
        "Two Serials after each other",
        _name_id(lambda own, serial: f"{own},Serial={serial}"),
    ),
    changed(
        "serial-by-character-reference",
        "»,Serial=« skrevet med tegnkoder",
        "“,Serial=” written by character references",
        before_signing=sub(", Serial = ", "&#44;Serial&#61;x, Serial = "),
    ),
    Attack(
        "serial-empty",
        "En tom Serial",
        "An empty Serial",
        _name_id(lambda own, _: own.rpartition("=")[0] + "="),
    ),
    Attack(
        "direction-in-name",
        "Et tegn i navnet, der vender skriften",
        "A character in the name that turns the writing around",
        _name_id(lambda own, _: own.replace(", Serial", "\u202e, Serial")),
    ),
    Attack(
        "organisation-in-name",
        "Et navn, der indeholder »,O=«",
        "A name that has “,O=” in it",
        _name_id(lambda own, _: own.replace(", Serial", ",O=29190623, Serial")),
    ),
    Attack(
        "line-break-in-name",
        "Et linjeskift i navnet",
        "A line break in the name",
        _name_id(lambda own, _: own.replace(", Serial", "\n, Serial")),
    ),
    Attack(
        "name-too-long",
        "Et navn på 10.000 tegn",
        "A name of 10,000 characters",
        _name_id(lambda own, _: own.replace(", Serial", f"{'x' * 10_000}, Serial")),
    ),
    Attack(
        "comment-in-name",
        "En kommentar, der skærer navnet af efter en andens Serial",
        "A comment that cuts the name off after somebody else's Serial",
        _commented,
    ),
    Attack(
        "name-id-format",
        "NameID er af en anden slags (persistent)",
        "NameID is of another kind (persistent)",
        lambda scene: scene.send(
            scene.answer.but(name_id_format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
        ),
    ),
    Attack(
        "spec-version",
        "specVersion er ukendt",
        "specVersion is unknown",
        _attribute(_VERSION, "OIO-SAML-9.9"),
    ),
    Attack("no-spec-version", "specVersion mangler", "specVersion is missing", _attribute(_VERSION, None)),
    Attack(
        "no-kombit-version", "KombitSpecVer mangler", "KombitSpecVer is missing", _attribute(_KOMBIT, None)
    ),
    Attack(
        "privileges-not-base64",
        "Rollerne er ikke base64",
        "The privileges are not base64",
        _attribute(_PRIVILEGES, "%%%"),
    ),
    Attack(
        "privileges-of-another-kind",
        "Rollerne er et andet dokument",
        "The privileges are another document",
        _attribute(_PRIVILEGES, _document("<PrivilegeList/>")),
    ),
    Attack(
        "privileges-with-entity",
        "En entitet i rollerne",
        "An entity in the privileges",
        _attribute(
            _PRIVILEGES,
            _document(
                f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{_LIST}&e;</bpp:PrivilegeList>'
            ),
        ),
    ),
    Attack(
        "privileges-without-scope",
        "En rolle uden område",
        "A privilege without a scope",
        _attribute(
            _PRIVILEGES,
            _document(
                f"{_LIST}<PrivilegeGroup><Privilege>http://localhost/roles/usersystemrole/administrator/1</Privilege></PrivilegeGroup></bpp:PrivilegeList>"
            ),
        ),
    ),
)
