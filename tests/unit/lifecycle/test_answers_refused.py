"""What comes to the door and is no right answer: 400, one page, a number that the log has too, no session."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import people
import pytest
from django.test import Client
from federation import ACS, SLUG, Municipality
from refused_page import is_refused

from samtale.audit.models import Entry
from samtale.oiosaml.models import PendingRequest, ProviderSession, UsedAssertion
from samtale_testidp.answers import form_value
from samtale_testidp.people import ANNA


@pytest.fixture(autouse=True)
def aarhus(db: None) -> None:
    people.organisation("Aarhus Kommune")


@pytest.fixture
def asked(municipality: Municipality, browser: Client) -> dict[str, str]:
    return municipality.asked(browser.get(f"/adgang/log-ind/med/{SLUG}/"))


def test_the_same_answer_comes_twice(
    municipality: Municipality, browser: Client, asked: dict[str, str]
) -> None:
    said = municipality.sealed(municipality.answer(asked["id"], ANNA))
    assert browser.post(ACS, {"SAMLResponse": said, "RelayState": asked["RelayState"]}).status_code == 303
    answer = browser.post(ACS, {"SAMLResponse": said, "RelayState": asked["RelayState"]})
    is_refused(browser, answer, step="request", provider="")


def test_one_assertion_cannot_answer_two_requests(
    municipality: Municipality, browser: Client, asked: dict[str, str]
) -> None:
    answer = municipality.answer(asked["id"], ANNA)
    municipality.arrive(browser, municipality.sealed(answer), asked["RelayState"])
    browser.session.flush()
    Entry.objects.all()._raw_delete("default")
    ProviderSession.objects.all().delete()
    again = municipality.asked(browser.get(f"/adgang/log-ind/med/{SLUG}/"))
    said = municipality.sealed(answer.but(request_id=again["id"]))
    is_refused(browser, municipality.arrive(browser, said, again["RelayState"]), step="replay")
    assert UsedAssertion.objects.count() == 1


def test_the_answer_comes_in_another_browser(municipality: Municipality, asked: dict[str, str]) -> None:
    other = Client(headers={"accept-language": "da"})
    said = municipality.sealed(municipality.answer(asked["id"], ANNA))
    answer = municipality.arrive(other, said, asked["RelayState"])
    is_refused(other, answer, step="request", provider="")
    assert PendingRequest.objects.filter(content__isnull=True).count() == 1, (
        "the right browser can still answer"
    )


def test_a_verified_answer_cannot_be_fetched_by_another_browser(
    municipality: Municipality, browser: Client, asked: dict[str, str]
) -> None:
    said = municipality.sealed(municipality.answer(asked["id"], ANNA))
    posted = browser.post(ACS, {"SAMLResponse": said, "RelayState": asked["RelayState"]})
    other = Client(headers={"accept-language": "da"})
    is_refused(other, other.get(posted["Location"]), step="request", provider="")
    assert browser.get(posted["Location"]).status_code == 302


def test_a_verified_answer_is_fetched_once(
    municipality: Municipality, browser: Client, asked: dict[str, str]
) -> None:
    said = municipality.sealed(municipality.answer(asked["id"], ANNA))
    posted = browser.post(ACS, {"SAMLResponse": said, "RelayState": asked["RelayState"]})
    browser.get(posted["Location"])
    assert browser.get(posted["Location"]).status_code == 400


@pytest.mark.parametrize(("age", "accepted"), [(9, True), (11, False)])
def test_a_request_waits_ten_minutes(
    municipality: Municipality, browser: Client, asked: dict[str, str], age: int, accepted: bool
) -> None:
    PendingRequest.objects.update(at=datetime.now(UTC) - timedelta(minutes=age))
    said = municipality.sealed(municipality.answer(asked["id"], ANNA))
    answer = municipality.arrive(browser, said, asked["RelayState"])
    assert answer.status_code == (302 if accepted else 400)


@pytest.mark.parametrize(("age", "accepted"), [(1, True), (3, False)])
def test_an_answer_waits_two_minutes_for_its_browser(
    municipality: Municipality, browser: Client, asked: dict[str, str], age: int, accepted: bool
) -> None:
    said = municipality.sealed(municipality.answer(asked["id"], ANNA))
    posted = browser.post(ACS, {"SAMLResponse": said, "RelayState": asked["RelayState"]})
    PendingRequest.objects.update(at=datetime.now(UTC) - timedelta(minutes=age))
    assert browser.get(posted["Location"]).status_code == (302 if accepted else 400)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"SAMLResponse": "x"},
        {"RelayState": "x"},
        {"SAMLResponse": ["x", "y"], "RelayState": "x"},
        {"SAMLResponse": "x", "RelayState": ["x", "y"]},
        {"SAMLResponse": "x" * (3 * 512 * 1024), "RelayState": "x"},
        {"SAMLResponse": "x", "RelayState": "x", **{f"field{number}": "" for number in range(1100)}},
    ],
)
def test_a_form_that_is_none(municipality: Municipality, browser: Client, form: dict[str, object]) -> None:
    is_refused(browser, browser.post(ACS, form), step="response", provider="")


@pytest.mark.parametrize("relay_state", ["", "x", "\x00", "æ", "\ud800", "x" * 5000])
def test_no_request_waits(municipality: Municipality, browser: Client, relay_state: str) -> None:
    body = b"SAMLResponse=x&RelayState=" + relay_state.encode("utf-8", "surrogatepass")
    answer = browser.post(ACS, body, content_type="application/x-www-form-urlencoded")
    is_refused(browser, answer, step="request", provider="")


Change = Callable[[Municipality, str], str]
#: How the field SAMLResponse is wrong; what is wrong inside the XML is in tests/unit/oiosaml.
WRONG: dict[str, tuple[Change, str]] = {
    "not base64": (lambda _, __: "<>", "response"),
    "not XML": (lambda _, __: form_value("hello"), "response"),
    "too large": (lambda _, __: "A" * (512 * 1024 + 1), "response"),
    "another request": (
        lambda municipality, _: municipality.sealed(municipality.answer("_other", ANNA)),
        "response",
    ),
    "another recipient": (
        lambda municipality, request: municipality.sealed(
            municipality.answer(request, ANNA).but(recipient="https://evil.example/acs")
        ),
        "response",
    ),
    "another audience": (
        lambda municipality, request: municipality.sealed(
            municipality.answer(request, ANNA).but(audience="https://evil.example")
        ),
        "assertion",
    ),
    "too low a level": (
        lambda municipality, request: municipality.sealed(
            municipality.answer(request, ANNA).but(level="Low")
        ),
        "level of assurance",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_that_is_wrong(
    municipality: Municipality, browser: Client, asked: dict[str, str], name: str
) -> None:
    change, step = WRONG[name]
    answer = municipality.arrive(browser, change(municipality, asked["id"]), asked["RelayState"])
    is_refused(browser, answer, step=step)
    assert not PendingRequest.objects.exists(), "it cannot be tried again"


def test_the_reason_and_the_person_are_in_no_log(
    municipality: Municipality, browser: Client, asked: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    said = municipality.sealed(municipality.answer(asked["id"], ANNA).but(level="Low"))
    municipality.arrive(browser, said, asked["RelayState"])
    for private in ("Anna", ANNA.serial, "anna.jensen", "55133018"):
        assert private not in caplog.text
        assert private not in str(Entry.objects.get().detail)


@pytest.mark.parametrize("path", [ACS])
def test_only_a_form_may_come(municipality: Municipality, browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 405


def test_the_cookie_is_for_an_answer_from_another_site_and_for_nobody_else(
    municipality: Municipality, browser: Client
) -> None:
    leaving = browser.get(f"/adgang/log-ind/med/{SLUG}/")
    (cookie,) = [morsel for name, morsel in leaving.cookies.items() if "oiosaml" in name]
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("None", True, True)
    assert (cookie["max-age"], cookie["path"], cookie["domain"]) == (600, "/", "")
    assert not PendingRequest.objects.filter(browser=cookie.value).exists(), "only its hash is kept"
