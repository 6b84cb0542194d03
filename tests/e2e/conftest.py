"""Windows for people, signed in through the real pages.

``visit("anna")`` is a browser of Anna's that nobody has used before. ``tab("anna")`` is a new tab in
the browser that Anna has had open since the run began: quick, for tests that are not about signing in.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e import browser as chromium
from platform_under_test import Platform
from playwright.sync_api import Browser, BrowserContext, Page, expect

Visit = Callable[..., Page]
Tab = Callable[..., Page]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in the browser that fails is tried once more, and the summary says so.

    Two browsers, five servers and two cores: one such test in a thousand meets a moment that no person would.
    One that fails twice is broken; one that the summary names often is to be mended all the same.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


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


@pytest.fixture(scope="session")
def kept_windows(browser: Browser) -> Iterator[dict[tuple[str, bool], BrowserContext]]:
    """By person and whether it is a phone; filled by ``tab``."""
    windows: dict[tuple[str, bool], BrowserContext] = {}
    yield windows
    for context in windows.values():
        context.close()


@pytest.fixture
def tab(
    browser: Browser, platform: Platform, kept_windows: dict[tuple[str, bool], BrowserContext]
) -> Iterator[Tab]:
    """Open a tab in the person's own window; closes all of them afterwards."""
    opened = []

    def open_tab(who: str, path: str = "/", phone: bool = False) -> Page:
        known = kept_windows.get((who, phone))
        context = known or chromium.window(browser, chromium.PHONE if phone else chromium.WIDE)
        page = context.new_page()
        opened.append(page)
        page.goto(platform.url + path)
        if known is None:
            sign_in(page, platform, who)
            kept_windows[who, phone] = context
        expect(page).to_have_url(platform.url + path)
        expect(page.get_by_role("main")).to_be_visible()
        return page

    yield open_tab
    for page in opened:
        page.close()


def choose_password(page: Page) -> None:
    """Of the ways in, e-mail and password."""
    page.get_by_text("Inviteret gæst").click()


def sign_in(page: Page, platform: Platform, who: str) -> None:
    """Type the person's e-mail and password on the portal's page, wherever the page has been sent."""
    person = platform.person(who)
    choose_password(page)
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Adgangskode", exact=True).fill(person.password)
    page.get_by_role("button", name="Log ind", exact=True).click()
