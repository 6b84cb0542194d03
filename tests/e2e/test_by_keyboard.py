"""A whole conversation without a mouse."""

import re

from e2e.acting import SUPPORT, box, expect_place, main, message, new_name
from e2e.conftest import Tab
from playwright.sync_api import Page, expect


def focused(page: Page) -> str:
    """What a screen reader would say about where one is."""
    found: str = page.evaluate(
        "() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    )
    return found


def test_a_topic_is_started_and_answered_without_a_mouse(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    expect_place(anna, "Support")
    keys, name = anna.keyboard, new_name("Uden mus")
    keys.press("c")
    expect(anna.get_by_label("Emnets navn")).to_be_focused()
    keys.type(name)
    keys.press("Enter")
    expect(anna.get_by_label("Din besked")).to_be_focused()
    keys.type("Skrevet uden mus")
    keys.press("Control+Enter")
    expect_place(anna, name)
    expect(message(anna, "Skrevet uden mus")).to_be_visible()

    keys.press("r")
    expect(box(anna)).to_be_focused()
    keys.type("Et svar")
    keys.press("Control+Enter")
    expect(message(anna, "Et svar")).not_to_contain_text("Sender …")

    keys.press("Escape")
    expect(message(anna, "Et svar")).to_be_focused()
    keys.press("k")
    expect(message(anna, "Skrevet uden mus")).to_be_focused()
    keys.press("+")
    expect(message(anna, "Skrevet uden mus").get_by_role("button", name="Tommel op: 1")).to_be_visible()
    keys.press(">")
    expect(box(anna)).to_be_focused()
    keys.type("Med citat")
    keys.press("Control+Enter")
    expect(message(anna, "Med citat").get_by_title("Gå til beskeden")).to_contain_text("Skrevet uden mus")

    keys.press("Escape")
    keys.press("End")
    keys.press("e")
    field = anna.get_by_label("Ret beskeden")
    expect(field).to_be_focused()
    keys.press("Control+A")
    keys.type("Med citat, rettet")
    keys.press("Control+Enter")
    expect(message(anna, "Med citat, rettet")).to_contain_text("(redigeret)")

    keys.press("y")
    expect_place(anna, "Support")
    keys.press("j")
    keys.press("j")
    assert name in focused(anna)
    keys.press("Enter")
    expect_place(anna, name)


def test_the_skip_link_comes_first_and_leads_past_the_side(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    expect_place(anna, "Support")
    anna.keyboard.press("Tab")
    assert focused(anna) == "Gå til indholdet"
    anna.keyboard.press("Enter")
    expect(main(anna)).to_be_focused()
    anna.keyboard.press("Tab")
    expect(main(anna).locator(":focus")).to_have_count(1)


def test_all_keys_are_shown_and_escape_gives_the_focus_back(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    expect_place(anna, "Support")
    anna.get_by_role("button", name="Nyt emne", exact=True).focus()
    anna.keyboard.press("?")
    dialog = anna.get_by_role("dialog", name="Genveje på tastaturet")
    expect(dialog).to_contain_text("Næste ulæste emne")
    anna.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(anna.get_by_role("button", name="Nyt emne", exact=True)).to_be_focused()


def test_single_letters_can_be_switched_off(tab: Tab) -> None:
    anna = tab("anna", "/#/dig")
    letters = anna.get_by_label("Genveje på ét bogstav")
    letters.uncheck()
    letters.blur()
    anna.keyboard.press("t")
    anna.keyboard.press("?")
    expect(anna).to_have_url(re.compile("#/dig$"))
    expect(anna.get_by_role("dialog")).to_have_count(0)
    letters.check()
    letters.blur()
    anna.keyboard.press("t")
    expect_place(anna, "Seneste")


def test_a_list_is_one_tab_stop_with_arrows_inside(tab: Tab) -> None:
    anna = tab("anna")
    expect_place(anna, "Seneste")
    rows = main(anna).get_by_role("rowheader").get_by_role("link")
    expect(rows.nth(2)).to_be_visible()
    assert rows.evaluate_all("all => all.filter(one => one.tabIndex === 0).length") == 1
    rows.first.focus()
    anna.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    anna.keyboard.press("Home")
    expect(rows.first).to_be_focused()
