"""Debian's Chromium, driven as a person would: by what is written on the screen."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "tests" / "screenshots"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE = (1440, 900)
PHONE = (390, 844)

Scheme = Literal["light", "dark"]


def chromium() -> str:
    """Path of the browser: CHROMIUM, else what the machine has."""
    for candidate in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if candidate and (path := shutil.which(candidate)):
            return path
    raise RuntimeError(
        "no Chromium: `apt-get install chromium` gets it on Debian; "
        "elsewhere name one with CHROMIUM=/path/to/it"
    )


@contextmanager
def started() -> Iterator[Browser]:
    """A headless browser that asks nobody but this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


def window(
    browser: Browser,
    size: tuple[int, int] = WIDE,
    scheme: Scheme = "light",
    language: str = "da-DK",
    intercepted: bool = False,
) -> BrowserContext:
    """A window of its own: no cookie or database is shared with another.

    ``intercepted``: the test will answer requests itself. Chromium lets single ones by while a service
    worker takes the page over, so such a window has none.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        locale=language,
        timezone_id="Europe/Copenhagen",
        has_touch=size[0] < 720,
        permissions=["clipboard-read", "clipboard-write"],
        service_workers="block" if intercepted else "allow",
    )
    context.set_default_timeout(15_000)
    return context


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line for each element: rule, element, what is wrong."""
    # A script tag would be refused by the page's own policy; the debugger's evaluate is not bound by it.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{violation['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of what is on the screen, for a person to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def looked_at(page: Page, name: str, *, twice: bool = False) -> None:
    """In every width and theme: nothing axe objects to, nothing wider than the window; a picture of each.

    ``twice``: wide and light, narrow and dark; enough for a page built of what other pages show.
    """
    looks: list[tuple[Scheme, tuple[int, int]]] = [("light", WIDE), ("dark", PHONE)]
    if not twice:
        looks += [("dark", WIDE), ("light", PHONE)]
    for scheme, (width, height) in looks:
        page.set_viewport_size({"width": width, "height": height})
        looked_at_in(page, name, scheme)


def looked_at_in(page: Page, name: str, scheme: Scheme) -> None:
    """In one theme, as wide as the window is: nothing axe objects to, nothing wider; a picture of it."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    # Colours fade into each other: what axe measures is where they end.
    page.wait_for_function("() => document.getAnimations().every(one => one.playState === 'finished')")
    found = violations(page)
    assert not found, f"{name}, {width}, {scheme}: {found}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide"
    screenshot(page, f"{name}-{width}-{scheme}")
