"""The person's own page, the language, the way to a product."""

import people
import pytest
from django.test import Client

from samtale.audit.models import Entry
from samtale.identity.browsers import device_of
from samtale.identity.models import Person

pytestmark = pytest.mark.django_db

ACCOUNT = "/adgang/konto/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"


def signed_in(person: Person, agent: str = FIREFOX) -> Client:
    browser = Client(headers={"accept-language": "da", "user-agent": agent})
    browser.post("/adgang/log-ind/", {"login": person.email, "password": people.PASSWORD})
    return browser


def test_it_works() -> None:
    page = signed_in(people.anna()).get(ACCOUNT)
    for told in (
        "Anna Jensen",
        "anna.jensen@aarhus.dk",
        "Aarhus Kommune",
        "Medlem",
        "Firefox, Windows",
        "Denne browser",
    ):
        assert told in page.text
    assert 'href="/adgang/matrix/account"' in page.text
    assert "no-store" in page["Cache-Control"]


def test_a_name_is_text_and_never_html() -> None:
    anna = people.person("Anna <b>Jensen</b>", "anna.html@aarhus.dk", "Aarhus Kommune")
    assert "Anna &lt;b&gt;Jensen&lt;/b&gt;" in signed_in(anna).get(ACCOUNT).text


def test_only_its_own_person_sees_it() -> None:
    assert Client().get(ACCOUNT)["Location"] == "/adgang/log-ind/?next=/adgang/konto/"
    assert "anna.jensen" not in signed_in(people.bo()).get(ACCOUNT).text


def test_it_only_allows_get() -> None:
    assert signed_in(people.anna()).post(ACCOUNT).status_code == 405


def test_a_guest_sees_until_when() -> None:
    dorthe = people.dorthe()
    Person.objects.filter(pk=dorthe.pk).update(is_demo=True, expires_at="2126-12-24T12:00:00Z")
    page = signed_in(dorthe).get(ACCOUNT)
    assert "til 24. december 2126" in page.text


def test_it_costs_few_queries(django_assert_max_num_queries) -> None:
    browser = signed_in(people.anna())
    with django_assert_max_num_queries(6):
        browser.get(ACCOUNT)


def test_other_browsers_are_signed_out_by_a_button() -> None:
    anna = people.anna()
    here, there = signed_in(anna), signed_in(anna, IPHONE)
    assert "Safari, iPhone" in here.get(ACCOUNT).text
    assert here.get("/adgang/sessioner/luk-andre/").status_code == 405
    assert here.post("/adgang/sessioner/luk-andre/")["Location"] == ACCOUNT
    assert "Du er logget ud i alle andre browsere" in here.get(ACCOUNT).text
    assert there.get(ACCOUNT).status_code == 302
    assert Entry.objects.get(act="sessions.ended").detail == {"sessions": 1}


def test_the_language_is_chosen_for_mails_and_client_too() -> None:
    anna = people.anna()
    browser = signed_in(anna)
    answer = browser.post("/adgang/konto/sprog/", {"language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, ACCOUNT)
    anna.refresh_from_db()
    assert anna.language == "en"
    assert "Your account" in browser.get(ACCOUNT).text


@pytest.mark.parametrize("language", ["", "sv", "da-DK", "<script>"])
def test_another_language_is_refused(language: str) -> None:
    anna = people.anna()
    assert signed_in(anna).post("/adgang/konto/sprog/", {"language": language}).status_code == 400
    assert signed_in(anna).get("/adgang/konto/sprog/").status_code == 405


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/adgang/glemt-adgangskode/?x=%C3%A6", "/adgang/glemt-adgangskode/?x=%C3%A6"),
        ("//evil.example", "/adgang/log-ind/"),
        ("https://evil.example", "/adgang/log-ind/"),
        ("", "/adgang/log-ind/"),
    ],
)
def test_the_language_switch_leads_back(back: str, leads_to: str) -> None:
    answer = Client().get("/adgang/sprog/en/", {"naeste": back})
    assert answer["Location"] == leads_to
    assert answer.cookies["samtale_sprog"].value == "en"
    assert Client().get("/adgang/sprog/sv/").status_code == 404


def test_the_switch_beats_what_the_browser_asks_for() -> None:
    browser = Client(headers={"accept-language": "da"})
    browser.get("/adgang/sprog/en/")
    assert "<h1>Sign in</h1>" in browser.get("/adgang/log-ind/").text


def test_a_product_is_remembered_through_the_whole_sign_in() -> None:
    people.os2display()
    anna = people.anna()
    browser = Client()
    first = browser.get("/p/os2display")
    assert first["Location"] == "/adgang/log-ind/?next=%2Fp%2Fos2display"
    second = browser.post(
        "/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD, "next": "/p/os2display"}
    )
    assert second["Location"] == "/p/os2display"
    assert browser.get("/p/os2display")["Location"] == "/#/c/os2display"


def test_a_product_is_remembered_when_next_is_lost() -> None:
    people.os2display()
    browser = Client()
    browser.get("/p/os2display")
    answer = browser.post("/adgang/log-ind/", {"login": people.anna().email, "password": people.PASSWORD})
    assert answer["Location"] == "/p/os2display"
    assert browser.get("/p/os2display")["Location"] == "/#/c/os2display"


@pytest.mark.parametrize("slug", ["none", "OS2Display", "os2display/x", "..%2fadgang"])
def test_an_unknown_product_is_not_found(slug: str) -> None:
    page = Client(headers={"accept-language": "da"}).get(f"/p/{slug}")
    assert page.status_code == 404
    assert "Siden findes ikke" in page.text


def test_an_archived_product_is_not_found() -> None:
    product = people.os2display()
    product.archived = True
    product.save()
    assert Client().get("/p/os2display").status_code == 404


@pytest.mark.parametrize(
    ("agent", "device"),
    [(FIREFOX, "Firefox, Windows"), (IPHONE, "Safari, iPhone"), (EDGE, "Edge, Windows"), ("curl", "")],
)
def test_a_browser_is_named_in_words(agent: str, device: str) -> None:
    assert device_of(agent) == device
