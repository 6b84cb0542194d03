"""The portal's pages in a browser: sign-in and its ways, the kind page, the person's own account."""

import re
from collections.abc import Callable

import pytest
from e2e.browser import looked_at
from e2e.conftest import choose_password, sign_in
from platform_under_test import Platform
from playwright.sync_api import Browser, Page, expect

Visit = Callable[..., Page]
ACCOUNT = "/adgang/konto/"
OPEN_PAGES = {
    "log-ind": "/adgang/log-ind/",
    "logget-ud": "/adgang/logget-ud/",
    "glemt-adgangskode": "/adgang/glemt-adgangskode/",
    "mail-sendt": "/adgang/glemt-adgangskode/sendt/",
    "findes-ikke": "/adgang/findes-ikke/",
}
OWN_PAGES = {
    "konto": ACCOUNT,
    "kode-app": "/adgang/to-trin/app/",
    "ny-adgangsnoegle": "/adgang/adgangsnoegler/ny/",
    "adgangskode": "/adgang/adgangskode/",
    "log-ud": "/adgang/log-ud/",
}


def at_account(visit: Visit, platform: Platform, who: str) -> Page:
    page = visit(path=f"/adgang/log-ind/?next={ACCOUNT}")
    sign_in(page, platform, who)
    expect(page).to_have_url(platform.url + ACCOUNT)
    return page


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_pages_before_sign_in(visit: Visit, name: str) -> None:
    said = []
    page = visit(path="/adgang/logget-ud/")
    page.on("console", lambda message: said.append(message.text))
    page.goto(page.url.replace("/adgang/logget-ud/", OPEN_PAGES[name]))
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    looked_at(page, name)
    assert [text for text in said if "404" not in text] == []


def test_pages_of_ones_own(visit: Visit, platform: Platform) -> None:
    page = at_account(visit, platform, "carla")
    for name, path in OWN_PAGES.items():
        page.goto(platform.url + path)
        looked_at(page, name)


def test_the_sign_in_page_speaks_english_too(visit: Visit) -> None:
    page = visit(path="/adgang/log-ind/?next=/adgang/konto/")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/adgang/log-ind/\?next=/adgang/konto/$"))
    page.get_by_role("link", name="Dansk").click()
    expect(page.get_by_role("heading", name="Log ind", level=1)).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_address(visit: Visit, platform: Platform) -> None:
    page = visit(path="/adgang/log-ind/")
    choose_password(page)
    page.get_by_label("E-mail").fill("nobody@aarhus.dk")
    page.get_by_label("Adgangskode", exact=True).fill("forkert")
    page.get_by_role("button", name="Log ind", exact=True).click()
    expect(page.get_by_role("alert").first).to_have_text(
        "E-mail og adgangskode passer ikke sammen. Prøv igen."
    )
    expect(page.get_by_label("E-mail")).to_have_value("nobody@aarhus.dk")
    looked_at(page, "log-ind-forkert")


def test_egon_is_told_whom_to_ask_and_is_not_let_in(visit: Visit, platform: Platform) -> None:
    page = visit(path="/adgang/log-ind/")
    sign_in(page, platform, "egon")
    expect(page.get_by_role("heading", name="I er ikke med endnu", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Udenfor ApS")
    expect(page.get_by_role("main").locator('a[href^="mailto:"]')).to_be_visible()
    looked_at(page, "ikke-med-endnu")
    assert "samtale_portal" not in {cookie["name"] for cookie in page.context.cookies()}
    page.goto(platform.url + "/")
    expect(page.get_by_role("heading", name="Log ind", level=1)).to_be_visible()


def test_a_link_signs_in_once(visit: Visit, platform: Platform) -> None:
    link = platform.sign_in_link("anna")
    page = visit(None)
    page.goto(link)
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    other = visit(None)
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text("Linket virker ikke mere")
    looked_at(other, "link-brugt", twice=True)
    other.get_by_role("link", name="Se alle personer").click()
    expect(other.get_by_role("heading", name="Demo af OS2samtale", level=1)).to_be_visible()
    other.goto(platform.url + "/")
    expect(other.get_by_role("heading", name="Log ind", level=1)).to_be_visible()


def test_sign_in_works_without_script(browser: Browser, platform: Platform) -> None:
    context = browser.new_context(locale="da-DK", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{platform.url}/adgang/log-ind/?next={ACCOUNT}")
    expect(page.get_by_text("Adgangsnøgle", exact=True)).not_to_be_visible()
    sign_in(page, platform, "carla")
    expect(page).to_have_url(platform.url + ACCOUNT)
    page.get_by_role("button", name="Log ud her").click()
    expect(page.get_by_role("heading", name="Du er logget ud", level=1)).to_be_visible()
    context.close()


def test_a_passkey_signs_in_alone(visit: Visit, platform: Platform) -> None:
    page = at_account(visit, platform, "carla")
    machine = page.context.new_cdp_session(page)
    machine.send("WebAuthn.enable")
    machine.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.get_by_role("link", name="Føj til adgangsnøgle").click()
    page.get_by_label("Navn, så du kan kende den igen").fill("Min bærbare")
    page.get_by_role("button", name="Lav adgangsnøglen").click()
    expect(page.locator(".codes li")).to_have_count(10)
    looked_at(page, "noedkoder")
    page.get_by_role("link", name="Jeg har gemt dem").click()
    page.get_by_role("button", name="Log ud her").click()

    page.goto(f"{platform.url}/adgang/log-ind/?next={ACCOUNT}")
    page.get_by_role("button", name="Adgangsnøgle").click()
    expect(page).to_have_url(platform.url + ACCOUNT)
    expect(page.get_by_role("main")).to_contain_text("Min bærbare")

    page.get_by_role("link", name="Omdøb Min bærbare").click()
    looked_at(page, "adgangsnoegle-navn", twice=True)
    page.goto(platform.url + ACCOUNT)
    page.get_by_role("link", name="Fjern Min bærbare").click()
    looked_at(page, "adgangsnoegle-fjern", twice=True)
    page.get_by_role("button", name="Fjern adgangsnøglen").click()
    expect(page.get_by_role("status")).to_have_text("Adgangsnøglen er fjernet.")
