"""Signing in with e-mail and password, and being turned away."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import people
import pytest
from django.contrib.sessions.models import Session
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from samtale.audit.models import Entry
from samtale.identity.models import Organisation, Person

pytestmark = pytest.mark.django_db

SIGN_IN = "/adgang/log-ind/"
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def sign_in(client: Client, email: str, password: str = people.PASSWORD, next: str = "", **headers: str):  # noqa: A002
    return client.post(SIGN_IN, {"login": email, "password": password, "next": next}, **headers)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "da"})


def test_it_works(browser: Client) -> None:
    anna = people.anna()
    answer = sign_in(browser, anna.email)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert is_signed_in(browser)
    anna.refresh_from_db()
    assert anna.confirmed_at is not None
    assert Entry.objects.get(act="sign_in").by == anna


def test_the_address_may_be_written_in_capitals(browser: Client) -> None:
    people.anna()
    sign_in(browser, " Anna.Jensen@AARHUS.dk ")
    assert is_signed_in(browser)


def test_the_page_is_danish_and_english_without_script_or_style_in_it(browser: Client) -> None:
    danish = browser.get(SIGN_IN)
    assert "<h1>Log ind</h1>" in danish.text
    assert danish["Content-Language"] == "da"
    english = browser.get(SIGN_IN, **ENGLISH)
    assert "<h1>Sign in</h1>" in english.text
    for page in (danish.text, english.text):
        assert " style=" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count('<script src="/adgang/static/')
    assert "script-src http://localhost" in danish["Content-Security-Policy"]
    assert "unsafe-inline" not in danish["Content-Security-Policy"]
    assert "no-store" in danish["Cache-Control"]


@pytest.mark.parametrize(
    ("email", "password"), [("anna.jensen@aarhus.dk", "forkert"), ("nobody@aarhus.dk", people.PASSWORD)]
)
def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(
    browser: Client, email: str, password: str
) -> None:
    people.anna()
    answer = sign_in(browser, email, password)
    assert answer.status_code == 200
    assert "E-mail og adgangskode passer ikke sammen. Prøv igen." in answer.text
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    "fields", [{}, {"login": "anna"}, {"login": "", "password": "x"}, {"login": "\x00@x.dk", "password": "x"}]
)
def test_bad_input_shows_the_form_again(browser: Client, fields: dict[str, str]) -> None:
    answer = browser.post(SIGN_IN, fields)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text or 'class="note is-warn"' in answer.text


def test_a_form_from_another_site_is_refused() -> None:
    people.anna()
    strict = Client(enforce_csrf_checks=True)
    answer = sign_in(strict, "anna.jensen@aarhus.dk")
    assert answer.status_code == 403
    assert "Siden var for gammel" in answer.text
    assert not is_signed_in(strict)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "/\t/evil.example",
        "evil.example",
        "http://127.0.0.1:1/",
    ],
)
def test_sign_in_leads_nowhere_else(browser: Client, target: str) -> None:
    answer = sign_in(browser, people.anna().email, next=target)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert browser.get(SIGN_IN, {"next": target})["Location"] == "/"


def test_sign_in_leads_back_to_where_one_was_on_the_way_to(browser: Client) -> None:
    target = "/adgang/matrix/authorize?client_id=x&state=%2F%2Fevil"
    assert sign_in(browser, people.anna().email, next=target)["Location"] == target


def test_the_session_ends_after_twelve_hours_however_much_it_is_used(browser: Client) -> None:
    sign_in(browser, people.anna().email)
    first = browser.session.get_expiry_date()
    assert timedelta(hours=11, minutes=59) < first - timezone.now() <= timedelta(hours=12)
    session = browser.session
    session["used"] = True
    session.save()
    assert browser.session.get_expiry_date() == first


def test_a_new_sign_in_is_a_new_session(browser: Client) -> None:
    browser.get("/p/none")
    session = browser.session
    session["before"] = True
    session.save()
    before = session.session_key
    sign_in(browser, people.anna().email)
    assert browser.session.session_key != before


def test_after_five_wrong_passwords_an_account_waits(browser: Client) -> None:
    anna, bo = people.anna(), people.bo()
    for _ in range(5):
        assert "passer ikke sammen" in sign_in(browser, anna.email, "forkert").text
    refused = sign_in(browser, anna.email)
    assert "Der har været for mange forsøg" in refused.text
    assert not is_signed_in(browser)
    sign_in(browser, bo.email)
    assert is_signed_in(browser)


def test_an_address_that_nobody_has_waits_just_the_same(browser: Client) -> None:
    for _ in range(5):
        sign_in(browser, "nobody@aarhus.dk", "forkert")
    assert "Der har været for mange forsøg" in sign_in(browser, "nobody@aarhus.dk", "forkert").text


def test_one_ip_address_may_not_try_for_ever(browser: Client) -> None:
    for number in range(120):
        browser.post(
            SIGN_IN,
            {"login": f"no-address-{number}", "password": "x"},
            headers={"x-forwarded-for": "192.0.2.7"},
        )
    answer = browser.post(
        SIGN_IN, {"login": "x", "password": "x"}, headers={"x-forwarded-for": "10.9.9.9, 192.0.2.7"}
    )
    assert answer.status_code == 429
    assert "Vent lige lidt" in answer.text
    elsewhere = browser.post(
        SIGN_IN, {"login": "x", "password": "x"}, headers={"x-forwarded-for": "192.0.2.8"}
    )
    assert elsewhere.status_code == 200


def test_egon_is_told_whom_to_ask_and_gets_no_session(browser: Client) -> None:
    answer = sign_in(browser, people.egon().email)
    assert answer.status_code == 303
    assert answer["Location"].startswith("/adgang/ikke-med-endnu/?svar=")
    assert "samtale_portal" not in answer.cookies
    assert Session.objects.count() == 0
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    for told in ("I er ikke med endnu", "Udenfor ApS", "Lise Kaas", "mailto:lise.kaas@os2.eu"):
        assert told in page.text
    assert "Udenfor ApS does not take part in OS2samtale" in browser.get(answer["Location"], **ENGLISH).text
    assert Entry.objects.get(act="sign_in.refused").detail == {"reason": "organisation"}


def test_an_organisation_without_a_contact_names_os2(browser: Client) -> None:
    egon = people.egon()
    Organisation.objects.filter(pk=egon.organisation_id).update(contact="")
    page = browser.get(sign_in(browser, egon.email)["Location"])
    assert "mailto:info@os2.eu" in page.text


def test_a_wrong_password_does_not_tell_that_an_organisation_has_not_joined(browser: Client) -> None:
    answer = sign_in(browser, people.egon().email, "forkert")
    assert answer.status_code == 200
    assert "Udenfor" not in answer.text


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"locked_at": "2026-01-01T00:00:00Z"}, "Din adgang er lukket"),
        ({"is_active": False}, "Din adgang er lukket"),
        ({"expires_at": "2026-01-01T00:00:00Z"}, "Din adgang er udløbet"),
    ],
)
def test_a_locked_or_expired_person_is_turned_away_kindly(
    browser: Client, change: dict[str, object], title: str
) -> None:
    anna = people.anna()
    Person.objects.filter(pk=anna.pk).update(**change)
    answer = sign_in(browser, anna.email)
    assert title in browser.get(answer["Location"]).text
    assert not is_signed_in(browser)


@pytest.mark.parametrize("answer", ["", "x", "eyJyZWFzb24iOiJsb2NrZWQifQ:1xVpwY:abc"])
def test_the_kind_page_cannot_be_made_up(browser: Client, answer: str) -> None:
    assert browser.get("/adgang/ikke-med-endnu/", {"svar": answer}).status_code == 404


def test_a_session_is_worth_nothing_once_its_person_may_not_be_in() -> None:
    anna = people.anna()
    browser = people.client_for(anna)
    assert browser.get("/adgang/konto/").status_code == 200
    Organisation.objects.filter(pk=anna.organisation_id).update(state="paused")
    assert browser.get("/adgang/konto/")["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize(
    "path",
    ["/adgang/signup/", "/adgang/opret/", "/accounts/signup/", "/adgang/email/", "/adgang/login/code/"],
)
def test_there_is_no_way_to_sign_up(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"email": "x@y.dk"}).status_code == 404


def test_signing_out_takes_a_button() -> None:
    browser = people.client_for(people.anna())
    page = browser.get("/adgang/log-ud/?fra=klient")
    assert "Log ud</button>" in page.text
    assert is_signed_in(browser)
    answer = browser.post("/adgang/log-ud/")
    assert (answer.status_code, answer["Location"]) == (303, "/adgang/logget-ud/")
    assert not is_signed_in(browser)
    assert Entry.objects.filter(act="sign_out").count() == 1


def test_signed_out_starts_no_sign_in_by_itself(browser: Client) -> None:
    page = browser.get("/adgang/logget-ud/")
    assert page.status_code == 200
    assert "Refresh" not in page
    assert "<script" not in page.text
    assert "Log ind igen</a>" in page.text
    assert browser.get("/adgang/log-ud/")["Location"] == "/adgang/logget-ud/"


def test_signing_out_leads_nowhere_else() -> None:
    answer = people.client_for(people.anna()).post("/adgang/log-ud/", {"next": "//evil.example"})
    assert answer["Location"] == "/adgang/logget-ud/"


def test_the_language_of_the_person_is_remembered_unless_one_chose(browser: Client) -> None:
    anna = people.anna()
    Person.objects.filter(pk=anna.pk).update(language="en")
    assert sign_in(browser, anna.email).cookies["samtale_sprog"].value == "en"
    chose = Client()
    assert chose.get("/adgang/sprog/da/").cookies["samtale_sprog"].value == "da"
    assert "samtale_sprog" not in sign_in(chose, anna.email).cookies


def test_the_sign_in_page_asks_the_database_nothing(browser: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        browser.get(SIGN_IN)


def test_a_request_of_a_signed_in_member_costs_two_queries(django_assert_num_queries) -> None:
    browser = people.client_for(people.anna())
    with django_assert_num_queries(2):  # session, person with organisation
        browser.get("/adgang/log-ud/")


def test_the_sign_in_page_is_small(browser: Client) -> None:
    """Page, style, script and icon together, as they are sent: at most 30 KB."""
    page = browser.get(SIGN_IN).text
    linked = set(re.findall(r'(?:src|href)="/adgang/static/([^"]+)"', page))
    assert len(linked) == 4
    files = [Path(str(finders.find(name))).read_bytes() for name in linked]
    assert sum(len(gzip.compress(content)) for content in [page.encode(), *files]) <= 30_000


def test_bad_words_in_the_language_or_path_never_break_a_page(browser: Client) -> None:
    for path in (
        "/adgang/log-ind/?next=%00",
        "/adgang/log-ind/?next=%ff",
        "/adgang/sprog/da/?naeste=/%0d%0aX:y",
    ):
        assert browser.get(path).status_code in (200, 302)
    assert browser.get(SIGN_IN, headers={"accept-language": "x" * 5000}).status_code == 200
