"""Windows for people: ``visit("anna")`` is Anna's browser, signed in through the real pages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from e2e import browser as chromium
from platform_under_test import Platform
from playwright.sync_api import Browser, Page, expect

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.started() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, platform: Platform) -> Iterator[Visit]:
    """Open a window, as a person of the demo when one is named; closes all of them afterwards."""
    windows = []

    def open_window(who: str | None = None, path: str = "/", **look: Any) -> Page:
        context = chromium.window(browser, **look)
        windows.append(context)
        page = context.new_page()
        page.goto(platform.url + path)
        if who:
            sign_in(page, platform, who)
            expect(page.get_by_role("main")).to_be_visible()
            expect(page).to_have_url(platform.url + path)
        return page

    yield open_window
    for context in windows:
        context.close()


def sign_in(page: Page, platform: Platform, who: str) -> None:
    """Type the person's e-mail and password on the portal's page, wherever the page has been sent."""
    person = platform.person(who)
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Adgangskode", exact=True).fill(person.password)
    page.get_by_role("button", name="Log ind", exact=True).click()
