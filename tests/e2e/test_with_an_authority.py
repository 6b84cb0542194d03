"""Signing in with a region's own OpenID Provider, in a browser: there, back, and in."""

import re

import pytest
from e2e.acting import main, sign_out
from e2e.browser import looked_at
from e2e.conftest import Visit
from platform_under_test import Platform
from playwright.sync_api import Page, expect


def to_the_region(page: Page) -> None:
    """From wherever one is asked to sign in."""
    page.get_by_role("link", name=re.compile("Region Midtjylland")).click()
    expect(page.get_by_role("heading", name="Hvem er du?")).to_be_visible()


def choose(page: Page, who: str) -> None:
    page.get_by_role("button", name=re.compile(who)).first.click()


def test_carla_comes_in_and_where_she_was_going(visit: Visit, platform: Platform) -> None:
    page = visit(None, "/p/os2display")
    expect(page.get_by_role("link", name="Region eller stat")).to_be_visible()
    looked_at(page, "log-ind-region", twice=True)
    to_the_region(page)
    choose(page, "Carla Holt")
    expect(main(page).get_by_role("heading", name="OS2display", level=1)).to_be_visible()
    page.goto(platform.url + "/adgang/konto/")
    expect(page.get_by_role("main")).to_contain_text("Region Midtjylland")
    expect(page.get_by_role("main")).to_contain_text("carla.holt@rm.dk")


def test_the_choice_is_remembered_and_nobody_asked_again(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    to_the_region(page)
    choose(page, "Carla Holt")
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    page.context.clear_cookies(name="samtale_portal")
    page.goto(platform.url + "/adgang/konto/")
    first = page.get_by_role("main").get_by_role("link").first
    expect(first).to_have_text("Log ind med Region Midtjylland")
    first.click()
    expect(page).to_have_url(platform.url + "/adgang/konto/")


def test_signing_out_ends_here_and_there(visit: Visit, platform: Platform) -> None:
    page = visit(None)
    to_the_region(page)
    choose(page, "Carla Holt")
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    sign_out(page, platform)
    page.goto(platform.url + "/")
    # The region asks who it is, so it has forgotten as well.
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Hvem er du?")).to_be_visible()


def test_who_gives_up_is_back_and_can_try_again(visit: Visit) -> None:
    page = visit(None)
    to_the_region(page)
    page.get_by_role("button", name="Annullér").click()
    expect(page.get_by_role("status")).to_contain_text("Prøv igen, når du er klar")
    to_the_region(page)
    choose(page, "Carla Holt")
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()


@pytest.mark.parametrize("attack", ["HS256 med den offentlige nøgle", "Tilbage med en anden state"])
def test_what_is_not_right_is_refused_with_a_number(visit: Visit, platform: Platform, attack: str) -> None:
    page = visit(None)
    to_the_region(page)
    page.get_by_role("link", name="Vælg et angreb").click()
    looked_at(page, "testidp-openid-attacks", twice=True)
    page.get_by_role("button", name=attack).click()
    expect(page.get_by_role("heading", name="Du blev ikke logget ind", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(re.compile("[0-9A-F]{4}-[0-9A-F]{4}"))
    page.goto(platform.url + "/adgang/konto/")
    expect(page.get_by_role("heading", name="Log ind", level=1)).to_be_visible()


def test_finding_ones_authority(visit: Visit) -> None:
    page = visit(None, "/adgang/log-ind/myndighed/")
    looked_at(page, "find-myndighed")
    page.get_by_role("searchbox", name="Myndighedens navn").fill("norge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("»norge«")
    page.get_by_role("searchbox", name="Myndighedens navn").fill("midt")
    page.get_by_role("button", name="Søg").click()
    to_the_region(page)
