"""Signing in with the municipality, in a browser: there, back, in, and out again."""

import re
from collections.abc import Iterator

import pytest
from e2e.acting import main, sign_out
from e2e.browser import looked_at
from e2e.conftest import Visit
from platform_under_test import Platform
from playwright.sync_api import Page, expect

NEWS = "/#/c/os2display/nyheder"
ONLY_MODERATORS = "Kun moderatorer skriver nye emner her."
#: Bo moderates OS2display for another reason too, which is taken from him for as long as a test runs.
APPOINTED = """
from samtale.communities.models import *
from samtale.communities.jobs import reconcile_community
from samtale.identity.models import Person
bo = Person.objects.get(email="bo.ek@aarhus.dk")
display = Community.objects.get(slug="os2display")
"""


def to_the_municipality(page: Page) -> None:
    """From wherever one is asked to sign in."""
    page.get_by_role("link", name="Log ind med din kommune").click()
    expect(page.get_by_role("heading", name="Hvem er du?")).to_be_visible()


def choose(page: Page, who: str) -> None:
    page.get_by_role("button", name=re.compile(who)).first.click()


def sign_in(page: Page, who: str) -> None:
    to_the_municipality(page)
    choose(page, who)


def test_anna_comes_in_and_where_she_was_going(visit: Visit, platform: Platform) -> None:
    page = visit(None, "/p/os2display")
    looked_at(page, "log-ind-kommune", twice=True)
    to_the_municipality(page)
    choose(page, "Anna Jensen")
    expect(main(page).get_by_role("heading", name="OS2display", level=1)).to_be_visible()
    page.goto(platform.url + "/adgang/konto/")
    expect(page.get_by_role("main")).to_contain_text("Aarhus Kommune")


def test_a_second_sign_in_asks_nobody_anything(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    sign_in(page, "Anna Jensen")
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    page.context.clear_cookies(name="samtale_portal")
    page.goto(platform.url + "/adgang/konto/")
    page.get_by_role("link", name="Log ind med din kommune").click()
    expect(page).to_have_url(platform.url + "/adgang/konto/")


def test_signing_out_ends_here_and_there(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    sign_in(page, "Jonas Friis")
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    sign_out(page, platform)
    page.goto(platform.url + "/")
    # The municipality asks who it is, so it has forgotten as well.
    to_the_municipality(page)


def test_signing_out_on_the_account_page_ends_it_there_too(visit: Visit, platform: Platform) -> None:
    """A form leads there, and a browser lets no form lead out of the origin."""
    page = visit(None, "/adgang/konto/")
    sign_in(page, "Jonas Friis")
    page.get_by_role("button", name="Log ud her").click()
    expect(page.get_by_role("heading", name="Du er logget ud")).to_be_visible()
    page.goto(platform.url + "/adgang/konto/")
    to_the_municipality(page)


def test_a_logout_at_the_municipality_ends_the_open_client(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    sign_in(page, "Jonas Friis")
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    elsewhere = visit(None)
    sign_in(elsewhere, "Jonas Friis")
    expect(elsewhere.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    there = page.context.new_page()
    there.goto(f"http://127.0.0.1:{platform.ports['testidp']}/")
    there.get_by_role("button", name=re.compile("Log ud alle steder")).first.click()
    expect(there.get_by_role("heading", level=1)).to_contain_text("logget ud")
    expect(main(page)).to_contain_text("Log ind igen", timeout=30_000)
    # The other browser's session began with another sign-in.
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Seneste", level=1)).to_be_visible()


def test_who_gives_up_is_back_and_can_try_again(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    to_the_municipality(page)
    page.get_by_role("button", name="Annullér").click()
    expect(page.get_by_role("status")).to_contain_text("Prøv igen, når du er klar")
    looked_at(page, "log-ind-fortrudt", twice=True)
    sign_in(page, "Anna Jensen")
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()


def test_a_municipality_that_has_not_joined_is_told_whom_to_ask(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    sign_in(page, "Inger Thomsen")
    expect(page.get_by_role("heading", name="I er ikke med endnu", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Fanø Kommune")
    assert "samtale_portal" not in {cookie["name"] for cookie in page.context.cookies()}


@pytest.mark.parametrize("who", ["Lars Holt", "Mallory"])
def test_what_is_not_right_is_refused_with_a_number(visit: Visit, platform: Platform, who: str) -> None:
    page = visit(None)
    sign_in(page, who)
    expect(page.get_by_role("heading", name="Du blev ikke logget ind", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(re.compile("[0-9A-F]{4}-[0-9A-F]{4}"))
    looked_at(page, f"afvist-{who.split(maxsplit=1)[0].lower()}", twice=True)
    page.goto(platform.url + "/adgang/konto/")
    expect(page.get_by_role("heading", name="Log ind", level=1)).to_be_visible()


@pytest.fixture
def only_by_privilege(platform: Platform) -> Iterator[None]:
    """Bo moderates OS2display because his sign-in says so, and for no other reason."""
    file = 'person=bo, community=display, source="file"'
    agree = "reconcile_community(display.pk)"
    platform.portal(
        "shell",
        "-v0",
        "--no-imports",
        "-c",
        f"{APPOINTED}Moderation.objects.filter({file}).delete(); {agree}",
    )
    yield
    platform.portal(
        "shell", "-v0", "--no-imports", "-c", f"{APPOINTED}Moderation.objects.get_or_create({file}); {agree}"
    )


@pytest.mark.usefixtures("only_by_privilege")
def test_a_role_goes_and_comes_with_the_privilege_also_in_an_open_client(
    visit: Visit, platform: Platform
) -> None:
    bo = visit(None)
    sign_in(bo, "Har rollen moderator for OS2display")
    expect(bo.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    bo.goto(platform.url + NEWS)
    expect(bo.get_by_role("button", name="Nyt emne", exact=True).first).to_be_visible()

    elsewhere = visit(None)
    sign_in(elsewhere, "Bo uden rollen")
    expect(elsewhere.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    expect(main(bo)).to_contain_text(ONLY_MODERATORS, timeout=120_000)

    again = visit(None)
    sign_in(again, "Har rollen moderator for OS2display")
    expect(again.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    expect(main(bo)).not_to_contain_text(ONLY_MODERATORS, timeout=120_000)
