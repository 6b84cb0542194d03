"""A real answer becomes a test case: nothing of the person is left, and all of its form."""

import base64
import re
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from right_answer import ANNA, EID

from samtale.oiosaml import recording
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, PROFILE
from samtale.oiosaml.names import DS, SAML, SAMLP, XENC
from samtale.oiosaml.recording import NotScrubbed, Recording
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import OIOSAML_JAVA, Answer, Keys, Person, encrypted, form_value, signed

PRIVATE = {
    f"{EID}cprNumber": "0101011234",
    f"{EID}fullName": "Søren Ærø Åkjær",
    f"{EID}firstName": "Søren",
    f"{EID}email": "soeren.aakjaer@silkeborg.example",
    f"{EID}professional/uuid/persistent": "914f2ab8-6e05-4f3d-a2c7-0d5be98f1c07",
    "urn:something:nobody:knows": "Kærvej 7, 8600 Silkeborg",
}
SERIAL = "914f2ab8-6e05-4f3d-a2c7-0d5be98f1c07"
NAME_ID = f"C = DK, O = 55133018, CN = Søren Ærø Åkjær, Serial = {SERIAL}"
LIST = (
    '<?xml version="1.0"?>\n<bpp:PrivilegeList xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile">'
    '<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:55133018">'
    "<Privilege>http://os2samtale.example/roles/usersystemrole/moderator/1</Privilege>"
    '<Constraint Name="http://sts.kombit.dk/constraints/orgenhed/1">4053d58d-aaaa-4444-8888-123456789abc'
    "</Constraint></PrivilegeGroup>"
    '<PrivilegeGroup Scope="urn:dk:gov:saml:cprNumberIdentifier:0101011234"><Privilege>x</Privilege>'
    "</PrivilegeGroup></bpp:PrivilegeList>"
)


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def real(answer: Answer) -> Answer:
    """About a real person, as it seems."""
    attributes = dict(ANNA.attributes) | PRIVATE | {f"{EID}privilegesIntermediate": base64_of(LIST)}
    return answer.but(person=Person(NAME_ID, attributes), now=datetime(2027, 3, 8, 7, 10, 2, 589143, UTC))


@pytest.fixture
def recorded(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> Recording:
    return record(sealed(real, idp_keys, own_key), own_key)


def sealed(answer: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> str:
    return form_value(answer.response(encrypted(signed(answer.assertion(), idp_keys), own_key.public_key())))


def record(field: str, key: rsa.RSAPrivateKey) -> Recording:
    return recording.record(field, [key], PROFILE)


def attribute(recorded: Recording, name: str) -> str:
    (found,) = etree.fromstring(recorded.document).iterfind(f".//{{{SAML}}}Attribute[@Name='{name}']/*")
    return found.text or ""


def shape(text: str) -> str:
    for pattern, sign in (("[0-9]", "9"), ("[æøå]", "ø"), ("[ÆØÅ]", "Ø"), ("[a-z]", "a"), ("[A-Z]", "A")):
        text = re.sub(pattern, sign, text)
    return text


def test_nothing_of_the_person_is_left(recorded: Recording, real: Answer) -> None:
    said = recorded.document.decode() + repr(recorded.replaced)
    said += base64.b64decode(attribute(recorded, f"{EID}privilegesIntermediate")).decode()
    for value in (*PRIVATE.values(), SERIAL, "Søren", "Åkjær", "soeren", "2027", "4053d58d", "0101011234"):
        assert value not in said
    for value in (real.assertion_id, real.session_index, "_request"):
        assert value not in said


def test_what_is_made_up_has_the_same_shape(recorded: Recording) -> None:
    for name in (f"{EID}cprNumber", f"{EID}fullName", f"{EID}email", "urn:something:nobody:knows"):
        assert shape(attribute(recorded, name)) == shape(PRIVATE[name])


def test_the_same_word_becomes_the_same(recorded: Recording) -> None:
    (name_id,) = etree.fromstring(recorded.document).iter(f"{{{SAML}}}NameID")
    parts = re.fullmatch(r"C = DK, O = 55133018, CN = (.*), Serial = ([0-9a-f-]{36})", name_id.text or "")
    assert parts is not None
    assert parts[1] == attribute(recorded, f"{EID}fullName")
    assert parts[1].split()[0] == attribute(recorded, f"{EID}firstName")
    assert parts[2] == attribute(recorded, f"{EID}professional/uuid/persistent")


def test_what_is_about_the_organisation_and_the_answer_stays(recorded: Recording, real: Answer) -> None:
    assert attribute(recorded, f"{EID}professional/cvr") == "55133018"
    assert attribute(recorded, f"{EID}professional/orgName") == "Aarhus Kommune"
    assert attribute(recorded, "https://data.gov.dk/model/core/specVersion") == "OIO-SAML-3.0"
    root = etree.fromstring(recorded.document)
    assert {one.text for one in root.iter(f"{{{SAML}}}Issuer")} == {real.issuer}
    assert next(root.iter(f"{{{SAMLP}}}Response")).get("Destination") == real.recipient


def test_roles_stay_and_what_limits_them_does_not(recorded: Recording) -> None:
    inner = base64.b64decode(attribute(recorded, f"{EID}privilegesIntermediate")).decode()
    assert "http://os2samtale.example/roles/usersystemrole/moderator/1" in inner
    assert "cvrNumberIdentifier:55133018" in inner
    assert re.search(r"orgenhed/1\">[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}<", inner)
    assert re.search(r"cprNumberIdentifier:\d{10}\"", inner)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (base64.encodebytes(LIST.encode()).decode(), True),
        ("not base64 at all", False),
        (base64.b64encode(b"\xff\xfe").decode(), False),
    ],
)
def test_a_list_of_roles_in_another_dress(
    real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey, content: str, kept: bool
) -> None:
    attributes = dict(real.person.attributes) | {f"{EID}privilegesIntermediate": content}
    field = sealed(real.but(person=Person(NAME_ID, attributes)), idp_keys, own_key)
    value = attribute(record(field, own_key), f"{EID}privilegesIntermediate")
    assert ("\n" in value) == ("\n" in content)
    if kept:
        assert b"usersystemrole/moderator" in base64.b64decode(value)
    else:
        assert (value != content, shape(value)) == (True, shape(content))


def test_times_are_moved_together_and_keep_their_digits(recorded: Recording) -> None:
    root = etree.fromstring(recorded.document)
    response, assertion = next(root.iter(f"{{{SAMLP}}}Response")), root[1]
    assert response.get("IssueInstant") == "2026-01-01T12:00:00.0000000Z"
    assert assertion.get("IssueInstant") == "2026-01-01T12:00:00.000Z"
    (conditions,) = assertion.iter(f"{{{SAML}}}Conditions")
    assert conditions.get("NotOnOrAfter") == "2026-01-01T12:05:00.000Z"


def test_a_time_that_is_none_is_made_up(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> None:
    assertion = signed(real.assertion(), idp_keys).replace(
        'AuthnInstant="2027', 'AuthnInstant="whenever 2027'
    )
    field = form_value(real.response(encrypted(assertion, own_key.public_key())))
    (statement,) = etree.fromstring(record(field, own_key).document).iter(f"{{{SAML}}}AuthnStatement")
    assert re.match(r"[a-z]{8} \d{4}-", statement.get("AuthnInstant", ""))


def test_references_still_lead_somewhere_and_what_was_sealed_is_gone(recorded: Recording) -> None:
    root = etree.fromstring(recorded.document)
    assertion = root[1]
    (reference,) = assertion.iter(f"{{{DS}}}Reference")
    assert reference.get("URI") == f"#{assertion.get('ID')}"
    for tag in (f"{{{XENC}}}CipherValue", f"{{{DS}}}SignatureValue", f"{{{DS}}}X509Certificate"):
        found = list(root.iter(tag))
        assert found
        assert not any(one.text for one in found)


def test_the_form_stays(recorded: Recording, real: Answer, idp_keys: Keys) -> None:
    def names(root: etree._Element) -> list[str]:
        return [f"{one.tag} {sorted(one.attrib)}" for one in root.iter()]

    assertion = etree.fromstring(signed(real.assertion(), idp_keys))
    assert names(etree.fromstring(recorded.document)[1]) == names(assertion)


@pytest.mark.parametrize(
    "serial", ["CVR:30808460-RID:53051752", "os2iot", "123abc456", "Kærvej, 7", "x" * 300]
)
def test_other_serials(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey, serial: str) -> None:
    name_id = f"C=DK,O=55133018,CN=Bo Ek, Serial={serial}"
    field = sealed(real.but(person=Person(name_id, real.person.attributes)), idp_keys, own_key)
    (found,) = etree.fromstring(record(field, own_key).document).iter(f"{{{SAML}}}NameID")
    text = found.text or ""
    assert serial not in text
    assert "Bo Ek" not in text
    assert text.startswith("C=DK,O=55133018,CN=")
    if serial.startswith("CVR:"):
        assert re.search(r"Serial=CVR:\d{8}-RID:\d{8}$", text)


def test_a_subject_of_another_kind_is_made_up_as_a_whole(
    real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey
) -> None:
    name_id = "https://data.gov.dk/model/core/eid/person/uuid/914f2ab8-6e05-4f3d-a2c7-0d5be98f1c07"
    field = sealed(real.but(person=Person(name_id, real.person.attributes)), idp_keys, own_key)
    (found,) = etree.fromstring(record(field, own_key).document).iter(f"{{{SAML}}}NameID")
    assert shape(found.text or "").startswith("aaaaa://aaaa.aaa.aa/")
    assert name_id not in (found.text or "")


def test_letters_of_other_languages(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> None:
    attributes = dict(real.person.attributes) | {f"{EID}alias": "Éva Müller-Łuk 漢字"}
    field = sealed(real.but(person=Person(NAME_ID, attributes)), idp_keys, own_key)
    made_up = attribute(record(field, own_key), f"{EID}alias")
    assert re.fullmatch(r"[ÉÈÜÖÄÑ]\w\w \w{6}-x\w\w xx", made_up), made_up


def test_text_between_elements_is_made_up(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> None:
    assertion = signed(real.assertion(), idp_keys).replace("</saml:Subject>", "</saml:Subject>Hans Jensen")
    field = form_value(real.response(encrypted(assertion, own_key.public_key())))
    recorded = record(field, own_key)
    assert b"Hans" not in recorded.document
    assert "after Subject" in [one.where for one in recorded.replaced]


def test_what_stands_in_a_place_that_is_kept_as_well_is_not_written(
    real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey
) -> None:
    """The kept part is the name of an attribute: it says something of the person, and is not made up."""
    attributes = dict(real.person.attributes) | {f"urn:x:{PRIVATE[f'{EID}fullName']}": "1"}
    field = sealed(real.but(person=Person(NAME_ID, attributes)), idp_keys, own_key)
    with pytest.raises(NotScrubbed, match="stands somewhere else"):
        record(field, own_key)


def test_an_answer_without_a_person(real: Answer, own_key: rsa.RSAPrivateKey) -> None:
    recorded = record(form_value(real.without_person("RequestDenied")), own_key)
    root = etree.fromstring(recorded.document)
    assert len(root) == 1
    assert [one.get("Value", "").rpartition(":")[2] for one in root.iter(f"{{{SAMLP}}}StatusCode")] == [
        "Responder",
        "RequestDenied",
    ]


def test_what_a_provider_says_about_a_failure_is_made_up(real: Answer, own_key: rsa.RSAPrivateKey) -> None:
    said = "<samlp:StatusMessage>Hans Jensen, 010101-1234: --</samlp:StatusMessage>"
    response = real.without_person("RequestDenied").replace("</samlp:Status>", f"{said}</samlp:Status>")
    root = etree.fromstring(record(form_value(response), own_key).document)
    (message,) = root.iter(f"{{{SAMLP}}}StatusMessage")
    assert re.fullmatch(r"[A-Z][a-z]{3} [A-Z][a-z]{5}, \d{6}-\d{4}: --", message.text or "")
    assert "Hans" not in (message.text or "")


def test_what_has_no_letter_stays(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> None:
    attributes = dict(real.person.attributes) | {"urn:x": "--", "urn:y": "_ RID"}
    recorded = record(sealed(real.but(person=Person(NAME_ID, attributes)), idp_keys, own_key), own_key)
    assert (attribute(recorded, "urn:x"), attribute(recorded, "urn:y")) == ("--", "_ RID")
    assert not {"urn:x", "urn:y"} & {one.where for one in recorded.replaced}


def test_encrypted_in_the_other_way(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> None:
    box = encrypted(signed(real.assertion(), idp_keys), own_key.public_key(), OIOSAML_JAVA)
    field = form_value(real.response(box))
    assert attribute(record(field, own_key), f"{EID}professional/cvr") == "55133018"
    with pytest.raises(Refused, match="not allowed"):
        recording.record(field, [own_key], CONTEXT_HANDLER_2)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("%", "not base64"),
        (base64_of("hello"), "not well-formed XML"),
        (base64_of("<x/>"), "no SAML 2.0 response"),
        (base64_of(f'<x:Response xmlns:x="{SAMLP}"/>'), "not an xs:dateTime"),
    ],
)
def test_what_is_no_answer(own_key: rsa.RSAPrivateKey, field: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        record(field, own_key)


def test_an_answer_to_somebody_else(real: Answer, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> None:
    with pytest.raises(Refused, match="none of our keys"):
        record(sealed(real, idp_keys, own_key), idp_keys.private)
