"""The portal's pages that one comes to by another: of the demo, a mail, one's devices, an app, a code app."""

import base64
import hmac
import re
import struct
import time
from urllib.parse import urlencode

import httpx
from e2e.browser import looked_at
from e2e.conftest import Visit, sign_in
from platform_under_test import Platform
from playwright.sync_api import Page, Route, expect

ACCOUNT = "/adgang/konto/"
MATRIX = "/adgang/matrix"
APP = {
    "application_type": "web",
    "client_name": "Prøveapp",
    "client_uri": "https://app.example/",
    "redirect_uris": ["https://app.example/tilbage"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
}


def at_account(visit: Visit, platform: Platform, who: str) -> Page:
    page = visit(path=f"/adgang/log-ind/?next={ACCOUNT}")
    sign_in(page, platform, who)
    expect(page).to_have_url(platform.url + ACCOUNT)
    return page


def test_the_demos_own_page_has_a_way_in_and_the_mails(visit: Visit, platform: Platform) -> None:
    page = visit(path="/adgang/glemt-adgangskode/")
    page.get_by_label("E-mail").fill(platform.person("carla").email)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page).to_have_url(re.compile("/sendt/$"))
    page.goto(platform.url + "/adgang/demo")
    mail = page.locator("details").filter(has_text="/adgang/glemt-adgangskode/").first
    # The worker writes it, some time after the page that says so.
    for _ in range(60):
        if mail.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    looked_at(page, "demo", twice=True)
    mail.locator("summary").click()
    mail.get_by_role("link").first.click()
    expect(page.get_by_label("Ny adgangskode", exact=True)).to_be_visible()
    looked_at(page, "adgangskode-fra-mail", twice=True)

    page.goto(platform.url + "/adgang/demo")
    page.get_by_role("button", name="Log ind som Carla Holt").click()
    expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
    page.goto(platform.url + "/#/dig")
    expect(page.get_by_role("main")).to_contain_text("Carla Holt")


def test_devices_and_the_renewed_sign_in(visit: Visit, platform: Platform) -> None:
    page = visit("carla")
    page.goto(f"{platform.url}{MATRIX}/account")
    expect(page.get_by_role("heading", name="Dine enheder", level=1)).to_be_visible()
    looked_at(page, "enheder", twice=True)
    page.get_by_role("main").get_by_role("list").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Log enheden ud")).to_be_visible()
    looked_at(page, "enhed", twice=True)
    page.goto(platform.url + "/adgang/bekraeft/")
    expect(page.get_by_label("Adgangskode", exact=True)).to_be_visible()
    looked_at(page, "bekraeft", twice=True)


def authorize(platform: Platform, **other: str) -> str:
    registered = httpx.post(f"{platform.url}{MATRIX}/oauth2/registration", json=APP).json()
    asked = {
        "client_id": registered["client_id"],
        "response_type": "code",
        "redirect_uri": "https://app.example/tilbage",
        "scope": "urn:matrix:client:api:* urn:matrix:client:device:PROEVEAPP1",
        "state": "tilstand",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
        **other,
    }
    return f"{platform.url}{MATRIX}/authorize?{urlencode(asked)}"


def stay(route: Route) -> None:
    """The page as it is, without its going on by itself."""
    answer = route.fetch()
    kept = {name: text for name, text in answer.headers.items() if name != "refresh"}
    route.fulfill(response=answer, headers=kept)


def test_an_apps_consent_its_way_back_and_its_refusal(visit: Visit, platform: Platform) -> None:
    page = at_account(visit, platform, "carla")
    page.goto(authorize(platform))
    expect(page.get_by_role("heading", name="Giv Prøveapp adgang?", level=1)).to_be_visible()
    looked_at(page, "samtykke", twice=True)
    page.route("**/authorize*", stay)
    page.goto(authorize(platform, prompt="none"))
    expect(page.get_by_role("heading", name="Tilbage til Prøveapp", level=1)).to_be_visible()
    looked_at(page, "tilbage-til-appen", twice=True)
    page.goto(authorize(platform, redirect_uri="https://app.example/et-andet-sted"))
    expect(page.get_by_role("heading", name="Appen kan ikke logge ind", level=1)).to_be_visible()
    looked_at(page, "app-afvist", twice=True)


def code_of(secret: str) -> str:
    """What a code app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def test_a_code_app_is_asked_for_and_removed(visit: Visit, platform: Platform) -> None:
    page = at_account(visit, platform, "henrik")
    page.goto(platform.url + "/adgang/to-trin/app/")
    secret = page.get_by_role("main").locator("code").inner_text()
    page.get_by_label("Koden, som appen viser").fill(code_of(secret))
    page.get_by_role("button", name="Slå til").click()
    expect(page.locator(".codes li")).to_have_count(10)

    other = visit(path=f"/adgang/log-ind/?next={ACCOUNT}")
    sign_in(other, platform, "henrik")
    expect(other.get_by_role("heading", name="Skriv koden", level=1)).to_be_visible()
    looked_at(other, "log-ind-kode", twice=True)

    page.goto(platform.url + "/adgang/to-trin/app/fjern/")
    looked_at(page, "kode-app-fjern", twice=True)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
