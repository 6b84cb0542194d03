"""The client speaks English as completely as Danish, and goes back."""

import re
from pathlib import Path

import pytest
from e2e.acting import expect_place
from e2e.conftest import Visit
from playwright.sync_api import Page, expect

CATALOGUE = Path(__file__).parents[2] / "web" / "src" / "i18n" / "en.po"
#: What a page says by itself: its text outside what people have written, and the names of its controls.
OWN_WORDS = """() => {
  const written = '[data-message]'
  const words = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const said = walker.currentNode.textContent.trim()
    if (said && !walker.currentNode.parentElement.closest(written)) words.push(said)
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    for (const name of ['aria-label', 'title', 'placeholder']) {
      const said = element.getAttribute(name)?.trim()
      if (said && !element.closest(written)) words.push(said)
    }
  }
  return words
}"""


def danish_only() -> set[str]:
    """Danish texts whose English is another: none of them may be on an English page."""
    entries = CATALOGUE.read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', entries, re.MULTILINE)
    return {danish for danish, english in pairs if english != danish and "{" not in danish}


def test_every_danish_text_has_an_english_one() -> None:
    entries = CATALOGUE.read_text(encoding="utf-8")
    assert re.findall(r'^msgid "(.+)"\nmsgstr ""\n\n', entries, re.MULTILINE) == []
    assert len(danish_only()) > 100


@pytest.fixture
def english(visit: Visit) -> Page:
    page = visit("anna", "/#/dig")
    expect_place(page, "Dine indstillinger")
    page.get_by_role("radio", name="English").check()
    expect_place(page, "Your settings")
    return page


def test_language_goes_there_and_back(english: Page) -> None:
    expect(english.locator("html")).to_have_attribute("lang", "en")
    english.reload()
    expect_place(english, "Your settings")
    english.get_by_role("radio", name="Dansk").check()
    expect_place(english, "Dine indstillinger")
    expect(english.locator("html")).to_have_attribute("lang", "da")


def test_no_page_is_left_in_danish(english: Page) -> None:
    origin = english.url.split("/#")[0]
    danish = danish_only()
    for place in ("dig", "seneste", "c/os2display", "c/os2display/support", "c/os2display/support/uden-emne"):
        english.goto(f"{origin}/#/{place}")
        expect(english.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        left = danish.intersection(english.evaluate(OWN_WORDS))
        assert left == set(), f"on {place}"
    english.get_by_role("main").get_by_role("form").wait_for()
    english.goto(f"{origin}/#/c/os2display/support")
    english.get_by_role("list", name="Topics", exact=True).get_by_role("link").nth(1).click()
    expect(english.get_by_role("main").get_by_role("article").first).to_be_visible()
    assert danish.intersection(english.evaluate(OWN_WORDS)) == set()
    english.keyboard.press("?")
    expect(english.get_by_role("dialog")).to_be_visible()
    assert danish.intersection(english.evaluate(OWN_WORDS)) == set()
    english.keyboard.press("Escape")
    english.keyboard.press("m")
    expect(english.get_by_role("dialog")).to_be_visible()
    assert danish.intersection(english.evaluate(OWN_WORDS)) == set()
    for place in ("beskeder", "kanaler", "c/os2display/findes-ikke", "p/!findes-ikke"):
        english.goto(f"{origin}/#/{place}")
        expect(english.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        assert danish.intersection(english.evaluate(OWN_WORDS)) == set(), f"on {place}"
    english.goto(f"{origin}/#/seneste")
    expect(english.get_by_role("main").get_by_role("rowheader").first).to_be_visible()
    english.keyboard.press("x")
    expect(english.get_by_role("dialog")).to_be_visible()
    assert danish.intersection(english.evaluate(OWN_WORDS)) == set()
