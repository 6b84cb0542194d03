"""Guests see what they are invited to; in an announcement channel moderators write and others answer."""

import re

import pytest
from e2e.acting import (
    SUPPORT,
    box,
    expect_place,
    expect_sent,
    main,
    message,
    new_name,
    path_of,
    start_topic,
    write,
)
from e2e.conftest import Tab, Visit
from matrix_client import token_for
from platform_under_test import Platform
from playwright.sync_api import Page, expect

NEWS = "/#/c/os2display/nyheder"
GUEST = "Dorthe Holm (gæst, Leverandøren ApS)"


@pytest.fixture
def dorthe(tab: Tab) -> Page:
    page = tab("dorthe")
    expect_place(page, "Seneste")
    return page


def test_a_guest_sees_only_what_she_is_invited_to(dorthe: Page, platform: Platform) -> None:
    side = dorthe.get_by_role("navigation", name="Samtaler")
    expect(side.get_by_role("button", name=re.compile("^OS2"))).to_have_count(2)
    # The side unfolds the community whose page is open.
    dorthe.goto(platform.url + "/#/c/os2display")
    links = side.locator('a[href^="#/c/os2display/"]')
    expect(links.filter(has_text="Hackathon")).to_be_visible()
    shown = {
        href.split("/")[3] for href in links.evaluate_all("all => all.map(one => one.getAttribute('href'))")
    }
    assert shown == {"nyheder", "support", "udvikling", "hackathon"}
    dorthe.goto(platform.url + "/#/c/os2display/generelt")
    expect_place(dorthe, "Kanalen er her ikke")
    expect(main(dorthe)).to_contain_text("Vi kender ikke den kanal")
    expect(main(dorthe)).not_to_contain_text("Generelt")
    expect(main(dorthe).get_by_role("article")).to_have_count(0)


def test_a_guest_writes_no_news_and_finds_no_strangers(dorthe: Page, platform: Platform) -> None:
    dorthe.goto(platform.url + NEWS)
    expect_place(dorthe, "Nyheder")
    expect(main(dorthe).get_by_role("list", name="Emner").get_by_role("link").first).to_be_visible()
    expect(dorthe.get_by_role("button", name=re.compile("nyt emne", re.IGNORECASE))).to_have_count(0)
    dorthe.keyboard.press("c")
    expect(dorthe.get_by_label("Emnets navn")).to_have_count(0)
    expect(dorthe.get_by_role("button", name="Ny privat besked")).to_have_count(0)
    dorthe.keyboard.press("x")
    expect(dorthe.get_by_role("dialog")).to_have_count(0)
    token = token_for(platform, "dorthe")
    assert token.status("GET", "/api/people?q=anna") == 403
    assert token.post("/_matrix/client/v3/user_directory/search", {"search_term": "anna"})["results"] == []


def test_a_guest_answers_and_is_always_told_by_the_name(dorthe: Page, tab: Tab, platform: Platform) -> None:
    anna = tab("anna", SUPPORT)
    name = new_name("Spørgsmål til leverandøren")
    path = start_topic(anna, name, "Dorthe, hvad siger I?")
    dorthe.goto(platform.url + path)
    expect(dorthe.get_by_role("button", name="Markér som løst")).to_have_count(0)
    expect_sent(write(dorthe, "Vi kigger på det i dag"))
    expect(message(anna, "Vi kigger på det i dag")).to_have_accessible_name(
        re.compile(f"^{re.escape(GUEST)}, kl.")
    )
    expect(message(anna, "Vi kigger på det i dag")).to_contain_text("(gæst, Leverandøren ApS)")
    expect(main(anna).get_by_role("form")).to_contain_text("er gæst")


def test_anna_starts_no_topic_in_news_and_is_told_why(tab: Tab) -> None:
    anna = tab("anna", NEWS)
    expect_place(anna, "Nyheder")
    expect(main(anna).get_by_role("list", name="Emner").get_by_role("link").first).to_be_visible()
    expect(anna.get_by_role("button", name=re.compile("nyt emne", re.IGNORECASE))).to_have_count(0)
    expect(main(anna)).to_contain_text("Kun moderatorer skriver nye emner her. Du kan svare i dem.")


def test_bo_writes_news_and_anna_answers(tab: Tab) -> None:
    bo = tab("bo", NEWS)
    path = start_topic(bo, new_name("Nyt fra moderatoren"), "Version 2.4.2 er ude")
    anna = tab("anna", path)
    expect(message(anna, "Version 2.4.2 er ude")).to_contain_text("moderator")
    expect_sent(write(anna, "Tak, Bo"))
    expect(message(bo, "Tak, Bo")).to_be_visible()


def test_general_chat_is_for_short_messages(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    main(anna).get_by_role("link", name="Uden emne").click()
    expect_place(anna, "Uden emne")
    bo = tab("bo", path_of(anna))
    said = new_name("God morgen")
    expect(box(anna)).to_have_attribute("placeholder", "Skriv uden emne …")
    expect_sent(write(anna, said))
    expect(message(bo, said)).to_be_visible()


def test_a_new_member_of_a_community_sees_its_channels_at_once(visit: Visit) -> None:
    """Carla joins OS2valghalla by herself and leaves it again."""
    carla = visit("carla")
    expect_place(carla, "Seneste")
    side = carla.get_by_role("navigation", name="Samtaler")
    side.get_by_role("button", name="Find flere fællesskaber").click()
    dialog = carla.get_by_role("dialog", name="Produktfællesskaber")
    dialog.get_by_role("button", name="Slut dig til OS2valghalla").click()
    leave = dialog.get_by_role("button", name="Forlad OS2valghalla")
    expect(leave).to_be_visible()
    dialog.get_by_role("button", name="Luk").click()
    expect(side.get_by_role("button", name="OS2valghalla")).to_be_visible()
    side.get_by_role("button", name="Find flere fællesskaber").click()
    leave.click()
    expect(side.get_by_role("button", name="OS2valghalla")).to_have_count(0)
