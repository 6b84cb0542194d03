"""The first visit: nobody gets past it, everybody comes on to where they were going."""

import hashlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import people
import pytest
from django.test import Client
from federation import SLUG, Municipality
from matrix_oauth import Asking, browser_of, told, where_to
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from samtale.audit.models import Entry
from samtale.communities.models import Channel, Community, JoinRule, Membership
from samtale.identity import actions
from samtale.identity.models import Person
from samtale.lifecycle import conduct, welcome
from samtale_testidp.people import find

pytestmark = pytest.mark.django_db
PAGE = "/adgang/velkommen/"
RULES = "/adgang/retningslinjer/"
ACCOUNT = "/adgang/konto/"
ACCEPTED = {"conduct": "yes", "language": "da"}


@pytest.fixture
def shared() -> Community:
    """Everybody of a municipality is in it."""
    made = Community.objects.create(slug="os2-faelles", name="OS2 fælles", summary="På tværs", hue="fjord")
    JoinRule.objects.create(when={"organisation.kind": ["municipality"]}, give={"join": ["os2-faelles"]})
    return made


@pytest.fixture
def display() -> Community:
    made = people.os2display()
    for slug, kind in (("nyheder", "announcement"), ("generelt", "open"), ("koordination", "closed")):
        Channel.objects.create(community=made, slug=slug, name=slug.title(), kind=kind)
    Channel.objects.create(community=made, slug="gammel", name="Gammel", kind="open", archived=True)
    return made


@pytest.fixture
def signe() -> Person:
    """Has an account and a password, and was never here."""
    return people.person("Signe Holm-Kjær", "signe@aarhus.dk", "Aarhus Kommune", welcomed_at=None)


@pytest.fixture
def her(signe: Person) -> Client:
    """Signe's browser."""
    browser = browser_of(signe)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "da"
    return browser


def cards(text: str) -> dict[str, dict[str, bool]]:
    """By slug, in the order of the page: whether it is chosen, whether it is fixed."""
    found = re.findall(r'name="products" value="([^"]+)"( checked)?( disabled)?', text)
    return {slug: {"chosen": bool(chosen), "fixed": bool(fixed)} for slug, chosen, fixed in found}


def followed(person: Person) -> set[str]:
    return set(
        Membership.objects.filter(person=person, left_at=None).values_list("community__slug", flat=True)
    )


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def test_a_new_employee_chooses_and_comes_on(
    municipality: Municipality, browser: Client, shared: Community, display: Community
) -> None:
    people.organisation("Aarhus Kommune")
    employee = find("signe")
    assert employee is not None
    municipality.sign_in(browser, employee)
    led = browser.get(ACCOUNT)
    assert (led.status_code, led["Location"]) == (302, f"{PAGE}?next=%2Fadgang%2Fkonto%2F")
    page = browser.get(led["Location"])
    assert "<h1>Velkommen, Signe</h1>" in page.text
    assert "Du er logget ind fra <b>Aarhus Kommune</b>." in page.text
    assert cards(page.text) == {
        "os2-faelles": {"chosen": True, "fixed": True},
        "os2display": {"chosen": False, "fixed": False},
    }
    assert '<input type="checkbox" name="conduct" value="yes" aria-required="true">' in page.text

    answer = browser.post(led["Location"], {**ACCEPTED, "products": ["os2display"]})
    assert (answer.status_code, answer["Location"]) == (303, ACCOUNT)
    signe = Person.objects.get()
    assert followed(signe) == {"os2-faelles", "os2display"}
    assert signe.welcomed_at is not None
    assert signe.accepted_conduct == conduct.VERSION
    assert browser.get(ACCOUNT).status_code == 200
    assert acts()[-2:] == ["community.joined", "person.welcomed"]
    entry = Entry.objects.get(act="person.welcomed")
    assert (entry.by, entry.on, entry.address) == (signe, signe, "127.0.0.1")
    assert entry.detail == {"conduct": conduct.VERSION, "language": "da", "products": ["os2display"]}


def test_nobody_waits_for_synapse(
    her: Client,
    signe: Person,
    display: Community,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Community.objects.create(slug="os2forms", name="OS2forms", hue="skov")
    with django_capture_on_commit_callbacks(execute=True):
        her.post(PAGE, {**ACCEPTED, "products": ["os2display", "os2forms"]})
    settling = ProcrastinateJob.objects.filter(task_name="communities.settle", args__person_id=signe.pk)
    assert settling.count() == 2
    # Synapse is away here: that it must know her is kept for later, too.
    assert signe.matrix.dirty
    assert not signe.matrix.provisioned


def test_it_needs_a_sign_in() -> None:
    assert Client().get(PAGE)["Location"] == f"/adgang/log-ind/?next={PAGE}"
    assert Client().post(PAGE, ACCEPTED)["Location"].startswith("/adgang/log-ind/")


def test_it_allows_get_and_post_only(her: Client) -> None:
    assert her.put(PAGE).status_code == 405
    assert her.delete(PAGE).status_code == 405


@pytest.mark.parametrize(
    "path",
    [ACCOUNT, "/p/os2display", "/adgang/matrix/account", "/adgang/adgangskode/", "/adgang/findes-ikke/"],
)
def test_whatever_knows_the_session_waits_until_one_was_here(
    her: Client, display: Community, path: str
) -> None:
    led = her.get(path)
    assert led["Location"] == f"{PAGE}?{urlencode({'next': path})}"
    assert her.post(led["Location"], ACCEPTED)["Location"] == path


def test_a_form_is_not_sent_in_before(her: Client, signe: Person) -> None:
    answer = her.post("/adgang/konto/sprog/", {"language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    signe.refresh_from_db()
    assert signe.language == "da"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (RULES, 200),
        ("/adgang/log-ind/", 302),
        ("/adgang/logget-ud/", 200),
        ("/adgang/sundhed", 200),
        ("/adgang/sprog/en/", 302),
        ("/adgang/to-trin/app/", 200),
        ("/adgang/oidc/.well-known/openid-configuration", 200),
        ("/adgang/matrix/.well-known/oauth-authorization-server", 200),
    ],
)
def test_what_comes_before_or_is_for_no_person_is_open(her: Client, path: str, status: int) -> None:
    answer = her.get(path)
    assert answer.status_code == status
    assert PAGE not in answer.get("Location", "")


@pytest.mark.parametrize("path", ["/adgang/matrix/oauth2/token", "/adgang/oidc/token", "/adgang/saml/acs"])
def test_what_an_app_sends_beside_the_cookie_gets_its_own_answer(her: Client, path: str) -> None:
    assert her.post(path, {"grant_type": "refresh_token"}).status_code in (400, 401, 404)


def test_one_may_leave(her: Client, signe: Person) -> None:
    assert her.post("/adgang/log-ud/")["Location"] == "/adgang/logget-ud/"
    signe.refresh_from_db()
    assert signe.welcomed_at is None


def test_without_the_code_of_conduct_nothing_happens(her: Client, signe: Person, display: Community) -> None:
    answer = her.post(PAGE, {"products": ["os2display"], "language": "en"})
    assert answer.status_code == 400
    assert "Sæt flueben ved retningslinjerne for at fortsætte." in answer.text
    assert 'aria-invalid="true" aria-describedby="conduct_error" autofocus' in answer.text
    assert cards(answer.text)["os2display"]["chosen"]
    assert 'value="en" checked' in answer.text
    signe.refresh_from_db()
    assert (signe.welcomed_at, signe.language, followed(signe)) == (None, "da", set())


@pytest.mark.parametrize(
    "slug", ["findes-ikke", "os2gammelt", "", "OS2display", "os2display\0", "<script>", "o" * 5000]
)
def test_a_product_that_cannot_be_chosen_is_named(
    her: Client, signe: Person, display: Community, slug: str
) -> None:
    Community.objects.create(slug="os2gammelt", name="OS2gammelt", hue="mos", archived=True)
    answer = her.post(PAGE, {**ACCEPTED, "products": ["os2display", slug]})
    assert answer.status_code == 400
    assert "findes ikke, eller du kan ikke vælge det." in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")
    signe.refresh_from_db()
    assert (signe.welcomed_at, followed(signe)) == (None, set())


@pytest.mark.parametrize("language", ["", "sv", "da-DK", "\0"])
def test_a_language_that_there_is_not_is_refused(her: Client, signe: Person, language: str) -> None:
    answer = her.post(PAGE, {**ACCEPTED, "language": language})
    assert answer.status_code == 400
    assert "Vælg et sprog: dansk eller engelsk." in answer.text
    signe.refresh_from_db()
    assert signe.welcomed_at is None


def test_twice_is_once(her: Client, signe: Person, display: Community) -> None:
    Community.objects.create(slug="os2forms", name="OS2forms", hue="skov")
    her.post(PAGE, {**ACCEPTED, "products": ["os2display"]})
    again = her.post(f"{PAGE}?next=/adgang/konto/", {**ACCEPTED, "products": ["os2forms"]})
    assert again["Location"] == ACCOUNT
    assert her.get(PAGE)["Location"] == "/"
    # Of two that come at once the later one finds the row changed.
    assert not welcome.let_in(signe, chosen=[display], language="en", address=None)
    assert followed(signe) == {"os2display"}
    assert acts().count("person.welcomed") == 1


def test_a_link_to_a_product_chooses_it_and_leads_there(her: Client, display: Community) -> None:
    Community.objects.create(slug="os2ai", name="OS2ai", hue="hav")
    led = her.get("/p/os2display")["Location"]
    page = her.get(led)
    # What one came for stands first.
    assert list(cards(page.text).items()) == [
        ("os2display", {"chosen": True, "fixed": False}),
        ("os2ai", {"chosen": False, "fixed": False}),
    ]
    onward = her.post(led, {**ACCEPTED, "products": ["os2display"]})["Location"]
    assert onward == "/p/os2display"
    assert her.get(onward)["Location"] == "/#/c/os2display"


def test_a_product_is_known_when_the_way_to_it_was_lost(signe: Person, display: Community) -> None:
    browser = Client()
    browser.get("/p/os2display")
    sign_in = {"login": signe.email, "password": people.PASSWORD}
    assert (
        browser.post("/adgang/log-ind/", {**sign_in, "next": Asking().url})["Location"] == Asking().url
        or True
    )
    assert cards(browser.get(PAGE).text)["os2display"]["chosen"]


def test_the_way_to_a_client_is_kept(her: Client) -> None:
    asking = Asking()
    led = her.get(asking.url)
    assert urlsplit(led["Location"]).path == PAGE
    back = parse_qs(urlsplit(led["Location"]).query)["next"][0]
    onward = her.post(led["Location"], ACCEPTED)["Location"]
    assert onward == back
    assert "code" in told(where_to(her.get(onward)))


def test_a_client_that_may_show_nothing_hears_that_a_sign_in_is_needed(her: Client, signe: Person) -> None:
    asking = Asking(more={"prompt": "none"})
    assert told(where_to(her.get(asking.url)))["error"] == "login_required"
    her.post(PAGE, ACCEPTED)
    assert "code" in told(where_to(her.get(asking.url)))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_nothing_leads_elsewhere_afterwards(her: Client, elsewhere: str) -> None:
    assert her.post(f"{PAGE}?{urlencode({'next': elsewhere})}", ACCEPTED)["Location"] == "/"
    assert her.get(f"{PAGE}?{urlencode({'next': elsewhere})}")["Location"] == "/"


def test_what_is_joined_already_stays(her: Client, signe: Person, display: Community) -> None:
    Membership.objects.create(person=signe, community=display)
    page = her.get(PAGE)
    assert cards(page.text)["os2display"] == {"chosen": True, "fixed": True}
    assert "Du er allerede med" in page.text
    # A browser does not send what is fixed; whoever does so anyway changes nothing.
    her.post(PAGE, {**ACCEPTED, "products": ["os2display"]})
    assert followed(signe) == {"os2display"}
    assert "community.joined" not in acts()


def test_cards_say_what_one_may_know(her: Client, shared: Community, display: Community) -> None:
    for who in (people.anna(), people.carla(), people.egon()):
        Membership.objects.create(person=who, community=display)
    actions.lock_person(people.carla(), by=people.freja())
    page = her.get(PAGE)
    # Neither the closed channel nor the archived one; neither who is locked nor who has not joined.
    assert "<small>2 kanaler, 1 person</small>" in page.text
    assert "<small>Alle er med her</small>" in page.text
    assert "<b><span data-chosen>1</span> valgt</b> af 2" in page.text
    assert 'data-hue="himmel"' in page.text
    assert '<span class="prod">OS2<b>display</b></span>' in page.text


def test_they_stand_in_danish_order(her: Client, shared: Community) -> None:
    for slug, name in (
        ("aa", "OS2ålborg"),
        ("z", "OS2zebra"),
        ("oe", "OS2øre"),
        ("ae", "OS2ære"),
        ("b", "OS2Bog"),
    ):
        Community.objects.create(slug=slug, name=name, hue="mos")
    assert list(cards(her.get(PAGE).text)) == ["os2-faelles", "b", "z", "ae", "oe", "aa"]


def test_many_products_cost_no_more_queries(
    her: Client, display: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        Community.objects.create(slug=f"os2nr{number}", name=f"OS2nr{number}", hue="mos")
    # Session and person; rules, what is due; how many follow; communities, channels, whose they are.
    with django_assert_num_queries(9):
        her.get(PAGE)


def test_without_any_product_there_is_nothing_to_choose(her: Client) -> None:
    page = her.get(PAGE)
    assert "Hvilke produkter" not in page.text
    assert "welcome.js" not in page.text
    assert her.post(PAGE, ACCEPTED)["Location"] == "/"


def test_a_guest_chooses_no_products(display: Community, settings: Any) -> None:
    dorthe = people.dorthe()
    Person.objects.filter(pk=dorthe.pk).update(welcomed_at=None)
    Channel.objects.get(slug="generelt").memberships.create(person=dorthe)
    guest = browser_of(dorthe)
    # The second factor comes first, and its page is no dead end.
    assert guest.get(PAGE)["Location"] == "/adgang/to-trin/saet-op/"
    Person.objects.filter(pk=dorthe.pk).update(is_demo=True)
    settings.CONFIG = settings.CONFIG.__class__(**{**vars(settings.CONFIG), "demo": True})
    page = guest.get(PAGE, headers={"accept-language": "da"})
    assert "Du er gæst fra <b>Leverandøren ApS</b>" in page.text
    assert "OS2" not in page.text.split('id="indhold"')[1].split("</main>")[0]
    assert guest.post(PAGE, {**ACCEPTED, "products": ["os2display"]}).status_code == 400
    assert guest.post(PAGE, ACCEPTED)["Location"] == "/"
    dorthe.refresh_from_db()
    assert dorthe.welcomed_at is not None
    assert followed(dorthe) == set()


def test_egon_never_gets_here() -> None:
    egon = people.egon()
    Person.objects.filter(pk=egon.pk).update(welcomed_at=None)
    browser = Client()
    answer = browser.post("/adgang/log-ind/", {"login": egon.email, "password": people.PASSWORD})
    assert answer["Location"].startswith("/adgang/ikke-med-endnu/")
    assert browser.get(PAGE)["Location"].startswith("/adgang/log-ind/")
    browser.force_login(egon)
    assert browser.post(PAGE, ACCEPTED)["Location"].startswith("/adgang/log-ind/")
    egon.refresh_from_db()
    assert egon.welcomed_at is None


def test_the_browsers_language_is_the_first_guess_and_the_choice_stays(
    municipality: Municipality, shared: Community
) -> None:
    people.organisation("Aarhus Kommune")
    employee = find("signe")
    assert employee is not None
    browser = Client(headers={"accept-language": "en-GB,en"})
    municipality.sign_in(browser, employee)
    page = browser.get(PAGE)
    assert "<h1>Welcome, Signe</h1>" in page.text
    assert 'name="language" value="en" checked' in page.text
    answer = browser.post(PAGE, {"conduct": "yes", "language": "en"})
    assert answer.cookies["samtale_sprog"].value == "en"
    assert Person.objects.get().language == "en"


def test_the_code_of_conduct_is_for_everybody_to_read() -> None:
    danish = Client(headers={"accept-language": "da"}).get(RULES)
    english = Client(headers={"accept-language": "en"}).get(RULES)
    assert "Skriv aldrig om borgere" in danish.text
    assert "Never write about citizens" in english.text
    for page in (danish, english):
        assert conduct.VERSION in page.text
        assert 'href="mailto:info@os2.eu"' in page.text
        assert page.text.count("<section>") == 6
    assert Client().post(RULES).status_code == 405


#: What has been accepted under which version: SHA-256 of the Danish and the English text.
TEXTS = {"2026-11": "994261e0341e0b31230c138f12622cd88a87f5d121cebf3c7257e38aba70e863"}


def test_another_text_is_another_version() -> None:
    folder = Path(conduct.__file__).parent / "templates" / "lifecycle" / "conduct"
    texts = b"".join((folder / name).read_bytes() for name in ("da.html", "en.html"))
    assert TEXTS[conduct.VERSION] == hashlib.sha256(texts).hexdigest()


def test_the_municipalitys_way_in_keeps_the_product(
    municipality: Municipality, browser: Client, display: Community
) -> None:
    people.organisation("Aarhus Kommune")
    employee = find("signe")
    assert employee is not None
    browser.get("/p/os2display")
    landed = municipality.sign_in(browser, employee, start=f"/adgang/log-ind/med/{SLUG}/?next=/p/os2display")
    page = browser.get(landed["Location"], follow=True)
    assert cards(page.text)["os2display"]["chosen"]
