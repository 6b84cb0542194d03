"""Each page of the client in each width and theme: axe objects to nothing, nothing is too wide; a picture."""

from collections.abc import Callable
from pathlib import Path

import pytest
from e2e import browser as chromium
from e2e.acting import (
    SUPPORT,
    act_on,
    choose,
    expect_place,
    expect_sent,
    main,
    message,
    new_name,
    send,
    start_topic,
    write,
)
from e2e.conftest import Tab, Visit
from e2e.touching import hold
from platform_under_test import Platform
from playwright.sync_api import Page, expect

#: Only the demo writes here.
HACKATHON = "/#/c/os2display/hackathon"
PICTURE = Path(__file__).parents[2] / "src/samtale/demo/data/demo-files/foyer-skaerm.png"
Arrive = Callable[[Page], None]


def at_a_topic(page: Page) -> None:
    main(page).get_by_role("list", name="Emner").get_by_role("link").nth(1).click()
    expect(main(page).get_by_role("article").first).to_be_visible()


def at_a_new_topic(page: Page) -> None:
    main(page).get_by_role("button", name="Nyt emne", exact=True).first.click()
    expect(page.get_by_label("Emnets navn")).to_be_focused()


def at_general_chat(page: Page) -> None:
    expect_place(page, "Uden emne")
    expect(page.get_by_role("form")).to_be_visible()


def at_a_private_chat(page: Page) -> None:
    main(page).get_by_role("button", name="Private").click()
    main(page).get_by_role("rowheader").get_by_role("link", name="Carla Holt").click()
    expect_place(page, "Carla Holt")
    expect(main(page).get_by_role("article").first).to_be_visible()


def at_the_list(page: Page) -> None:
    expect(main(page).get_by_role("rowheader").first).to_be_visible()


def at_nothing_found(page: Page) -> None:
    main(page).get_by_role("searchbox").fill("zzyzx")
    expect(main(page)).to_contain_text("Ingen samtaler passer til filteret")


def at_topics(page: Page) -> None:
    expect(main(page).get_by_role("list", name="Emner").get_by_role("link").nth(2)).to_be_visible()


def at_news(page: Page) -> None:
    expect(main(page).get_by_role("list", name="Emner").get_by_role("link").first).to_be_visible()


def at_an_empty_channel(page: Page) -> None:
    expect(main(page)).to_contain_text("Ingen emner endnu")


def at_a_heading(page: Page) -> None:
    expect(main(page).get_by_role("heading", level=1)).to_be_visible()


def in_the_finder(page: Page) -> None:
    at_the_list(page)
    page.keyboard.press("x")
    dialog = page.get_by_role("dialog", name="Ny privat besked")
    dialog.get_by_label("Find en person").fill("peter jensen")
    expect(dialog.get_by_role("option")).to_have_count(2)


def among_the_keys(page: Page) -> None:
    at_the_list(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Genveje på tastaturet")).to_be_visible()


def among_the_communities(page: Page) -> None:
    at_the_list(page)
    page.get_by_role("button", name="Find flere fællesskaber").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Slut dig til").first).to_be_visible()


#: Name of the picture, address, how one knows (or what one does) that the page is there.
PAGES: dict[str, tuple[str, Arrive]] = {
    "seneste": ("/", at_the_list),
    "kanal": (SUPPORT, at_topics),
    "kanal-nyt-emne": (SUPPORT, at_a_new_topic),
    "kanal-tom": ("/#/c/os2valghalla/udvikling", at_an_empty_channel),
    "kanal-nyheder": ("/#/c/os2display/nyheder", at_news),
    "kanal-ukendt": ("/#/c/os2display/findes-ikke", at_a_heading),
    "emne": (HACKATHON, at_a_topic),
    "uden-emne": (SUPPORT + "/uden-emne", at_general_chat),
    "faellesskab": ("/#/c/os2display", at_a_heading),
    "privat": ("/", at_a_private_chat),
    "privat-ukendt": ("/#/p/!findes-ikke", at_a_heading),
    "dig": ("/#/dig", at_a_heading),
}
#: A field, keys and a side that a phone does not have.
WIDE_ONLY: dict[str, tuple[str, Arrive]] = {
    "seneste-tomt-filter": ("/", at_nothing_found),
    "ny-privat": ("/", in_the_finder),
    "genveje": ("/", among_the_keys),
    "find-faellesskaber": ("/", among_the_communities),
}


def at_the_places(page: Page) -> None:
    expect(main(page).get_by_role("navigation")).to_be_visible()


PHONE_ONLY: dict[str, tuple[str, Arrive]] = {
    "kanaler": ("/#/kanaler", at_the_places),
    "beskeder": ("/#/beskeder", at_the_places),
}


def look(page: Page, name: str, address: str, arrive: Arrive) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    arrive(page)
    for scheme in ("light", "dark"):
        chromium.looked_at_in(page, name, scheme)
    assert said == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_a_wide_screen(tab: Tab, platform: Platform, name: str) -> None:
    address, arrive = PAGES[name]
    look(tab("anna"), name, platform.url + address, arrive)


def test_pages_that_only_a_wide_screen_has(visit: Visit, platform: Platform) -> None:
    """In a window of its own: other tests switch the keys off in the one that is kept."""
    anna = visit("anna")
    for name, (address, arrive) in WIDE_ONLY.items():
        anna.reload()
        look(anna, name, platform.url + address, arrive)


@pytest.mark.parametrize("name", [*PAGES, *PHONE_ONLY])
def test_a_page_on_a_phone(tab: Tab, platform: Platform, name: str) -> None:
    address, arrive = (PAGES | PHONE_ONLY)[name]
    look(tab("anna", phone=True), name, platform.url + address, arrive)


def test_a_guest_wears_a_dashed_ring(tab: Tab, platform: Platform) -> None:
    dorthe = tab("dorthe", SUPPORT)
    path = start_topic(dorthe, new_name("Fra en gæst"), "Hej fra leverandøren")
    anna = tab("anna", path)
    expect(message(anna, "Hej fra leverandøren")).to_be_visible()
    look(anna, "gaest", platform.url + path, lambda page: expect(message(page, "Hej fra")).to_be_visible())


@pytest.fixture
def topic(visit: Visit) -> Page:
    """Anna in a topic of the test's own, in a window of its own."""
    anna = visit("anna", SUPPORT, intercepted=True)
    start_topic(anna, new_name("Alle tilstande"), "Første besked")
    expect_sent(message(anna, "Første besked"))
    return anna


def back(page: Page) -> None:
    """From where the looking ends, on a phone, to the wide window in which one acts."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": chromium.WIDE[0], "height": chromium.WIDE[1]})


def test_what_opens_in_a_topic(topic: Page) -> None:
    topic.keyboard.press("m")
    expect(topic.get_by_role("dialog", name="Omdøb emnet")).to_be_visible()
    chromium.looked_at(topic, "omdoeb", twice=True)
    topic.keyboard.press("Escape")
    back(topic)
    choose(message(topic, "Første besked"), "Slet")
    expect(topic.get_by_role("dialog", name="Slet beskeden?")).to_be_visible()
    chromium.looked_at(topic, "slet", twice=True)
    topic.keyboard.press("Escape")
    back(topic)
    topic.locator("input[type=file]").first.set_input_files(PICTURE)
    chromium.looked_at(topic, "billede-valgt", twice=True)
    back(topic)
    send(topic)
    topic.get_by_role("button", name=f"Åbn {PICTURE.name}").click()
    expect(topic.get_by_role("dialog", name=PICTURE.name)).to_be_visible()
    chromium.looked_at(topic, "billede", twice=True)
    topic.keyboard.press("Escape")
    back(topic)
    act_on(message(topic, "Første besked"), "Reager")
    expect(topic.get_by_role("group", name="Vælg en emoji")).to_be_visible()
    chromium.looked_at(topic, "emoji", twice=True)


def test_a_topic_in_each_state(topic: Page) -> None:
    topic.get_by_role("button", name="Markér som løst").click()
    expect(main(topic).get_by_role("status").filter(has_text="Løst")).to_be_visible()
    chromium.looked_at(topic, "emne-loest", twice=True)
    back(topic)
    topic.route("**/send/**", lambda route: route.fulfill(status=403, json={"errcode": "M_FORBIDDEN"}))
    write(topic, "Bliver afvist")
    expect(message(topic, "Bliver afvist")).to_contain_text("Ikke sendt")
    chromium.looked_at(topic, "ikke-sendt", twice=True)


def test_the_sheet_of_a_message_on_a_phone(tab: Tab) -> None:
    anna = tab("anna", SUPPORT, phone=True)
    start_topic(anna, new_name("Ark"), "Første besked")
    hold(message(anna, "Første besked"))
    chromium.looked_at(anna, "beskeden", twice=True)
