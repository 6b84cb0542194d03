"""Whoever accepted another code of conduct accepts the new one at their next visit, once."""

import people
import pytest
from django.test import Client
from matrix_oauth import Asking, browser_of, told, where_to

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.lifecycle import conduct

pytestmark = pytest.mark.django_db
PAGE = "/adgang/retningslinjer/nye/"
ACCOUNT = "/adgang/konto/"
LED = f"{PAGE}?next=%2Fadgang%2Fkonto%2F"


@pytest.fixture
def anna() -> Person:
    """Was here before the text was another."""
    anna = people.anna()
    anna.accepted_conduct = "2025-01"
    anna.save()
    return anna


@pytest.fixture
def her(anna: Person) -> Client:
    browser = browser_of(anna)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "da"
    return browser


def test_she_reads_accepts_and_comes_on(her: Client, anna: Person) -> None:
    led = her.get(ACCOUNT)
    assert (led.status_code, led["Location"]) == (302, LED)
    page = her.get(LED)
    assert "<h1>Nye retningslinjer</h1>" in page.text
    assert "Skriv aldrig om borgere" in page.text, "the text itself"
    answer = her.post(LED, {"conduct": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, ACCOUNT)
    assert her.get(ACCOUNT).status_code == 200
    entry = Entry.objects.get(act="person.accepted_conduct")
    assert (entry.by, entry.on, entry.detail["conduct"]) == (anna, anna, conduct.VERSION)
    assert her.get(LED)["Location"] == ACCOUNT, "once"


def test_a_second_press_changes_nothing(her: Client) -> None:
    for _ in range(2):
        assert her.post(LED, {"conduct": "yes"})["Location"] == ACCOUNT
    assert Entry.objects.filter(act="person.accepted_conduct").count() == 1


@pytest.mark.parametrize("sent", [{}, {"conduct": ""}, {"conduct": "no"}])
def test_without_the_tick_nobody_comes_on(her: Client, anna: Person, sent: dict[str, str]) -> None:
    answer = her.post(LED, sent)
    assert answer.status_code == 400
    assert "Sæt flueben ved retningslinjerne for at fortsætte." in answer.text
    anna.refresh_from_db()
    assert anna.accepted_conduct == "2025-01"


def test_an_app_waits_for_it_too(her: Client) -> None:
    asking = Asking()
    led = her.get(asking.url)
    assert led["Location"].startswith(f"{PAGE}?next=%2Fadgang%2Fmatrix%2Fauthorize")
    back = her.post(led["Location"], {"conduct": "yes"})["Location"]
    assert told(where_to(her.get(back)))["code"]


def test_one_that_may_not_ask_hears_that_it_must(her: Client) -> None:
    answer = her.get(Asking(more={"prompt": "none"}).url)
    assert told(where_to(answer))["error"] == "login_required"


def test_a_form_leads_there_by_a_get(her: Client) -> None:
    answer = her.post("/adgang/sessioner/luk-andre/")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)


def test_it_leads_nowhere_else(her: Client) -> None:
    answer = her.post(f"{PAGE}?next=https://evil.example/", {"conduct": "yes"})
    assert answer["Location"] == "/"


def test_whoever_was_never_here_has_the_first_visit_before_them() -> None:
    signe = people.person("Signe Holm-Kjær", "signe@aarhus.dk", "Aarhus Kommune", welcomed_at=None)
    browser = browser_of(signe)
    assert browser.post(LED, {"conduct": "yes"})["Location"] == ACCOUNT
    assert browser.get(ACCOUNT)["Location"].startswith("/adgang/velkommen/")
    assert not Entry.objects.filter(act="person.accepted_conduct").exists()


def test_nobody_is_asked_without_signing_in() -> None:
    answer = Client().get(PAGE)
    assert answer["Location"].startswith("/adgang/log-ind/")


def test_whoever_accepted_this_one_is_not_asked() -> None:
    assert browser_of(people.bo()).get(ACCOUNT).status_code == 200
