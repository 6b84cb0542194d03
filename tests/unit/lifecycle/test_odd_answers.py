"""Right answers that say odd things: whatever a municipality's provider sends, nobody sees an error."""

from typing import Any

import people
import pytest
from django.test import Client
from federation import ACS, SLUG, Municipality
from refused_page import is_refused

from samtale.oiosaml import response
from samtale_testidp.answers import Answer, encrypted, form_value, signed
from samtale_testidp.evil.attack import Change, sub
from samtale_testidp.names import EID
from samtale_testidp.people import find


@pytest.fixture(autouse=True)
def aarhus(db: None) -> None:
    people.organisation("Aarhus Kommune")


def with_attribute(name: str, value: str) -> Change:
    """Said after what is known already, or instead of it."""
    said = (
        f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
    )

    def change(text: str) -> str:
        known = f'<saml:Attribute Name="{name}"'
        if known in text:
            return sub(f"{known}.*?</saml:Attribute>", said)(text)
        return text.replace("</saml:AttributeStatement>", f"{said}</saml:AttributeStatement>")

    return change


ODD: dict[str, Change] = {
    "a long name of the organisation": with_attribute(f"{EID}professional/orgName", "Kommune " * 2_000),
    "no name of the organisation": with_attribute(f"{EID}professional/orgName", " "),
    "a long address": with_attribute(f"{EID}email", f"{'x' * 5_000}@aarhus.dk"),
    "an address that is none": with_attribute(f"{EID}email", "Signe på rådhuset"),
    "a long name": with_attribute(f"{EID}fullName", "Signe " * 1_000),
    "a name of one letter": with_attribute(f"{EID}fullName", "S"),
    "a name of signs only": with_attribute(f"{EID}fullName", "\u200b \u2060"),
    "a name that turns the writing around": with_attribute(f"{EID}fullName", "Signe \u202eenloH"),
    "a name of several lines": with_attribute(f"{EID}fullName", "Signe\n\tHolm"),
    "an attribute with a long name": with_attribute("x" * 5_000, "x"),
    "a long session": sub('SessionIndex="[^"]*"', f'SessionIndex="{"s" * 5_000}"'),
    "no session": sub(' SessionIndex="[^"]*"', ""),
    "an empty session": sub('SessionIndex="[^"]*"', 'SessionIndex=""'),
    "a long authority": sub(
        "<saml:AuthenticatingAuthority>[^<]*", f"<saml:AuthenticatingAuthority>{'a' * 5_000}"
    ),
    "a long id": sub(' ID="[^"]*"', f' ID="_{"i" * 5_000}"'),
    "an end in the year 9999": sub('NotOnOrAfter="[^"]*"', 'NotOnOrAfter="9999-12-31T23:59:59.9999999Z"'),
    "the longest NameID": sub("CN = [^<,]*", "CN = " + "n" * 400),
}


def sealed(municipality: Municipality, answer: Answer, change: Change) -> str:
    made = signed(change(answer.assertion()), municipality.keys)
    box = encrypted(made, municipality.service_keys.private.public_key())
    return form_value(answer.response(box))


@pytest.mark.parametrize("change", ODD.values(), ids=ODD)
def test_an_odd_answer_is_understood(municipality: Municipality, browser: Client, change: Change) -> None:
    asked = municipality.asked(browser.get(f"/adgang/log-ind/med/{SLUG}/"))
    signe = find("signe")
    assert signe is not None
    said = sealed(municipality, municipality.answer(asked["id"], signe), change)
    answer = municipality.arrive(browser, said, asked["RelayState"])
    assert answer.status_code == 302, answer.content
    assert "_auth_user_id" in browser.session


class Unread:
    """A body that nobody may look at."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("it was read")

    readline = read


def unread(size: int | str) -> dict[str, Any]:
    """A form of that size."""
    return {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(size),
        "wsgi.input": Unread(),
    }


@pytest.mark.parametrize("size", [3 * response.LARGEST + 1, 10_000_000, "-1", "much"])
def test_a_form_that_is_too_large_is_not_read(
    municipality: Municipality, browser: Client, size: int | str
) -> None:
    is_refused(browser, browser.generic("POST", ACS, **unread(size)), step="response", provider="")


def test_a_form_that_is_not_too_large_is_read(municipality: Municipality, browser: Client) -> None:
    with pytest.raises(AssertionError, match="it was read"):
        browser.generic("POST", ACS, **unread(3 * response.LARGEST))
