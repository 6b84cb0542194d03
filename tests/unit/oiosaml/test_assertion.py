"""What a verified assertion says, and to the microsecond when it holds. Signatures are not looked at here."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from right_answer import ACS, ANNA, IDP, NOW, SP

from samtale.oiosaml import assertion, documents
from samtale.oiosaml.assertion import ENTITY_FORMAT, Expected, Statement
from samtale.oiosaml.name_id import FORMAT
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import Answer, instant
from samtale_testidp.names import NSIS

EXPECTED = Expected(IDP, SP, ACS, "_request", NOW)
SKEW = timedelta(minutes=5)
MOMENT = timedelta(microseconds=1)
ENDS = NOW + timedelta(minutes=5)
CONTEXT = f"<saml:AuthnContextClassRef>{NSIS}/Substantial</saml:AuthnContextClassRef>"
AUTHORITY = "<saml:AuthenticatingAuthority>https://idp.kommune.example</saml:AuthenticatingAuthority>"
RESTRICTION = f"<saml:AudienceRestriction><saml:Audience>{SP}</saml:Audience></saml:AudienceRestriction>"
OTHER = RESTRICTION.replace(SP, "https://other.example")
ISSUER = f"<saml:Issuer>{IDP}</saml:Issuer>"


@pytest.fixture
def text(answer: Answer) -> str:
    """A right one, with all digits of a second."""
    written = replace(answer, assertion_id="_a", session_index="s").assertion()
    exact = [(NOW, instant(NOW, digits=3)), (ENDS, instant(ENDS, digits=3))]
    for when, short in exact:
        written = written.replace(short, instant(when, digits=7))
    return written


def read(text: str, expected: Expected = EXPECTED) -> Statement:
    return assertion.read(documents.parse(text.encode(), step="x", limit=100_000), expected)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def timed(text: str, element: str, attribute: str, when: datetime | str) -> str:
    """With another time in an attribute that is there."""
    value = when if isinstance(when, str) else instant(when, digits=7)
    made, count = re.subn(rf'(<saml:{element} [^>]*{attribute}=")[^"]*', rf"\g<1>{value}", text)
    assert count == 1
    return made


def refused(text: str) -> str:
    with pytest.raises(Refused) as told:
        read(text)
    assert told.value.step == "assertion"
    return told.value.reason


def test_all_that_it_says(text: str) -> None:
    assert read(text) == Statement(
        assertion_id="_a",
        name_id=ANNA.name_id,
        name_id_format=FORMAT,
        session_index="s",
        context=f"{NSIS}/Substantial",
        authority="https://idp.kommune.example",
        attributes=((NSIS, ("Substantial",)), *((name, (value,)) for name, value in ANNA.attributes.items())),
        valid_until=ENDS,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [(' Version="2.0"', ' Version="1.1"'), (' Version="2.0"', ""), (' ID="_a"', ""), (' ID="_a"', ' ID=""')],
)
def test_what_is_no_assertion_with_an_id(text: str, old: str, new: str) -> None:
    assert refused(changed(text, old, new)) == "it is no SAML 2.0 assertion with an id"


def test_another_element_is_no_assertion(text: str) -> None:
    other = text.replace("<saml:Assertion ", "<saml:Advice ").replace("</saml:Assertion>", "</saml:Advice>")
    assert refused(other) == "it is no SAML 2.0 assertion with an id"


TOO_OLD = "it is too old"
TIMES = [
    ("Assertion", "IssueInstant", NOW - SKEW, NOW - SKEW - MOMENT, "it was not made just now"),
    ("Assertion", "IssueInstant", NOW + SKEW, NOW + SKEW + MOMENT, "it was not made just now"),
    ("Conditions", "NotBefore", NOW + SKEW, NOW + SKEW + MOMENT, "it does not hold yet"),
    ("Conditions", "NotOnOrAfter", NOW - SKEW + MOMENT, NOW - SKEW, TOO_OLD),
    ("SubjectConfirmationData", "NotOnOrAfter", NOW - SKEW + MOMENT, NOW - SKEW, TOO_OLD),
    (
        "AuthnStatement",
        "SessionNotOnOrAfter",
        NOW - SKEW + MOMENT,
        NOW - SKEW,
        "the session at the identity provider is over",
    ),
]


@pytest.mark.parametrize("row", TIMES)
def test_the_moment_from_which_it_holds_no_more(
    text: str, row: tuple[str, str, datetime, datetime, str]
) -> None:
    element, attribute, good, bad, reason = row
    if attribute == "SessionNotOnOrAfter":
        text = changed(text, "<saml:AuthnStatement ", '<saml:AuthnStatement SessionNotOnOrAfter="" ')
    assert read(timed(text, element, attribute, good)).assertion_id == "_a"
    assert refused(timed(text, element, attribute, bad)) == reason
    assert refused(timed(text, element, attribute, "soon")) == "a time is not an xs:dateTime in UTC"


@pytest.mark.parametrize(
    ("element", "attribute"),
    [
        ("Assertion", "IssueInstant"),
        ("Conditions", "NotOnOrAfter"),
        ("SubjectConfirmationData", "NotOnOrAfter"),
    ],
)
def test_times_that_must_be_there(text: str, element: str, attribute: str) -> None:
    without = re.sub(rf'(<saml:{element} [^>]*?) ?{attribute}="[^"]*"', r"\1 ", text)
    assert refused(without) == "a time is not an xs:dateTime in UTC"


def test_a_condition_may_begin_any_time_ago_or_say_nothing_of_it(text: str) -> None:
    began = timed(text, "Conditions", "NotBefore", NOW - timedelta(days=1))
    assert read(began).assertion_id == "_a"
    assert read(re.sub(' NotBefore="[^"]*"', "", text)).assertion_id == "_a"


@pytest.mark.parametrize("element", ["Conditions", "SubjectConfirmationData"])
def test_the_earlier_end_counts(text: str, element: str) -> None:
    soon = NOW + timedelta(minutes=1)
    assert read(timed(text, element, "NotOnOrAfter", soon)).valid_until == soon


def test_a_context_counts_only_alone(text: str) -> None:
    assert read(changed(text, CONTEXT, "")).context is None
    assert read(changed(text, CONTEXT, CONTEXT + CONTEXT)).context is None


def test_of_several_authorities_the_first_is_named(text: str) -> None:
    assert read(changed(text, AUTHORITY, "")).authority is None
    second = AUTHORITY.replace("idp.kommune", "other")
    assert read(changed(text, AUTHORITY, AUTHORITY + second)).authority == "https://idp.kommune.example"


@pytest.mark.parametrize(
    ("issuer", "fits"),
    [
        (ISSUER, True),
        (ISSUER.replace(">", f' Format="{ENTITY_FORMAT}">', 1), True),
        (ISSUER.replace(">", f' Format="{FORMAT}">', 1), False),
        (ISSUER + ISSUER, False),
        ("", False),
        (ISSUER.replace(IDP, f"{IDP}/"), False),
    ],
)
def test_the_issuer_is_one_entity(text: str, issuer: str, fits: bool) -> None:
    written = changed(text, ISSUER, issuer)
    if fits:
        assert read(written).assertion_id == "_a"
    else:
        assert refused(written) == "it is from another issuer"


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        (RESTRICTION, None),
        (f"{RESTRICTION}<saml:OneTimeUse/>", None),
        (f"<saml:OneTimeUse/>{RESTRICTION}", None),
        (RESTRICTION + RESTRICTION, None),
        (
            RESTRICTION.replace(
                "<saml:Audience>", "<saml:Audience>https://a.dk</saml:Audience><saml:Audience>"
            ),
            None,
        ),
        (RESTRICTION.replace(SP, f"\n {SP} \n"), None),
        ("", "it is for another audience"),
        ("<saml:OneTimeUse/>", "it is for another audience"),
        (OTHER, "it is for another audience"),
        (RESTRICTION + OTHER, "it is for another audience"),
        (OTHER + RESTRICTION, "it is for another audience"),
        (f"{RESTRICTION}<saml:ProxyRestriction/>", "it has a condition that is not known"),
        (f'{RESTRICTION}<x:OneTimeUse xmlns:x="urn:x"/>', "it has a condition that is not known"),
        (f'{RESTRICTION}<x:Other xmlns:x="urn:x"/>', "it has a condition that is not known"),
    ],
)
def test_conditions(text: str, conditions: str, reason: str | None) -> None:
    written = changed(text, RESTRICTION, conditions)
    if reason is None:
        assert read(written).assertion_id == "_a"
    else:
        assert refused(written) == reason


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("Recipient", f"{ACS}x", "it is for another recipient"),
        ("InResponseTo", "_other", "it answers another request"),
    ],
)
def test_a_confirmation_of_something_else(text: str, attribute: str, value: str, reason: str) -> None:
    assert refused(timed(text, "SubjectConfirmationData", attribute, value)) == reason


def test_a_bearer_confirmation_must_not_begin_later(text: str) -> None:
    begun = f'<saml:SubjectConfirmationData NotBefore="{instant(NOW, digits=7)}"'
    written = changed(text, "<saml:SubjectConfirmationData", begun)
    assert refused(written) == "a bearer confirmation must not have NotBefore"


def test_the_confirmation_may_stand_after_others(text: str) -> None:
    holder = '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"/>'
    empty = '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/>'
    first = "<saml:SubjectConfirmation "
    assert read(changed(text, first, f"{holder}{empty}{first}")).valid_until == ENDS
    assert refused(text.replace("cm:bearer", "cm:sender-vouches")) == "it has no bearer confirmation"


@pytest.mark.parametrize(
    "name",
    ["Conditions", "Subject", "NameID", "AuthnStatement", "AttributeStatement", "SubjectConfirmationData"],
)
def test_what_must_be_there_once(text: str, name: str) -> None:
    reason = f"there must be exactly one {name}"
    found = re.search(rf"<saml:{name}( [^>]*/>|.*</saml:{name}>)", text)
    assert found is not None
    assert refused(changed(text, found[0], found[0] * 2)) == reason
    assert refused(changed(text, found[0], "")) == reason


def test_attributes_are_read_as_they_stand(text: str) -> None:
    more = (
        '<saml:Attribute Name="a"><saml:AttributeValue> x </saml:AttributeValue><saml:AttributeValue/>'
        "<saml:AttributeValue>y<b/></saml:AttributeValue></saml:Attribute>"
        "<saml:Attribute><saml:AttributeValue>z</saml:AttributeValue></saml:Attribute>"
    )
    end = "</saml:AttributeStatement>"
    # What has an element in it is no text; what has no name is nothing that we know.
    assert read(changed(text, end, more + end)).attributes[-2:] == (("a", ("x", "")), ("", ("z",)))
