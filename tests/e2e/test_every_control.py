"""Every control of every page does what it is for: each is operated once, a dead one fails by its name."""

from pathlib import Path

import pytest
from e2e.acting import (
    SUPPORT,
    act_on,
    box,
    choose,
    expect_place,
    expect_sent,
    main,
    message,
    new_name,
    path_of,
    send,
    start_topic,
    write,
)
from e2e.conftest import Tab, Visit
from e2e.operating import MENUS, PASSING, again, answered, dead_controls, expect_change
from playwright.sync_api import Locator, Page, expect

PICTURE = Path(__file__).parents[2] / "src/samtale/demo/data/demo-files/foyer-skaerm.png"


def test_the_side(tab: Tab) -> None:
    anna = tab("anna", SUPPORT + "/uden-emne")
    address = anna.url

    def side() -> Locator:
        again(anna, address)
        expect(anna.get_by_role("list", name="Emner i Support").get_by_role("link").first).to_be_visible()
        return anna.get_by_role("navigation", name="Samtaler").locator("..")

    assert dead_controls(anna, side) == []


@pytest.mark.parametrize(
    "path",
    ["/", SUPPORT, "/#/c/os2display", "/#/c/os2ai/modeller-og-prompter", "/#/c/x/y"],
)
def test_a_page(tab: Tab, path: str) -> None:
    anna = tab("anna", path)
    address = anna.url
    assert dead_controls(anna, lambda: main(again(anna, address))) == []


def test_the_settings(visit: Visit) -> None:
    anna = visit("anna", "/#/dig")
    address = anna.url
    assert dead_controls(anna, lambda: main(again(anna, address))) == []


def test_the_form_for_a_new_topic(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    address = anna.url

    def form() -> Locator:
        again(anna, address).get_by_role("button", name="Nyt emne", exact=True).first.click()
        return anna.get_by_role("form", name="Nyt emne")

    assert dead_controls(anna, form) == []


def test_a_topic(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    start_topic(anna, new_name("Alle knapper"), "Første besked")
    bo = tab("bo", path_of(anna))
    act_on(message(bo, "Første besked"), "Reager")
    bo.get_by_role("button", name="Tommel op").click()
    expect(message(anna, "Første besked").get_by_role("list", name="Reaktioner")).to_be_visible()
    address = anna.url

    def topic() -> Locator:
        expect(message(again(anna, address), "Første besked")).to_be_visible()
        return main(anna)

    assert dead_controls(anna, topic) == []


def test_what_a_message_offers(tab: Tab) -> None:
    anna = tab("anna", SUPPORT)
    start_topic(anna, new_name("Alle handlinger"), "Første besked")
    address = anna.url

    def offers() -> Locator:
        said = message(again(anna, address), "Første besked")
        expect_sent(said)
        said.hover()
        return said.get_by_role("toolbar")

    assert dead_controls(anna, offers) == []


@pytest.mark.parametrize("of", ["topic", "message"])
def test_a_menu(tab: Tab, of: str) -> None:
    anna = tab("anna", SUPPORT)
    start_topic(anna, new_name("Alle valg"), "Første besked")
    address = anna.url
    chosen: set[str] = set()
    while True:
        said = message(again(anna, address), "Første besked")
        expect_sent(said)
        if of == "message":
            act_on(said, "Flere handlinger")
        else:
            main(anna).locator("header").get_by_role("button", name="Flere handlinger").first.click()
        items = anna.get_by_role("menuitem")
        expect(items.first).to_be_focused()
        left = [name for name in items.all_inner_texts() if name not in chosen]
        if not left:
            break
        chosen.add(left[0])
        # With the menu open: only now is it sure that the page has taken in what the server knows.
        with answered(anna), expect_change(anna, f"{PASSING}, {MENUS}"):
            items.nth(items.all_inner_texts().index(left[0])).click()
            expect(items).to_have_count(0)
    assert len(chosen) > 1


@pytest.mark.parametrize(
    ("key", "title"), [("x", "Ny privat besked"), ("?", "Genveje på tastaturet")], ids=["x", "questionmark"]
)
def test_a_dialog(tab: Tab, key: str, title: str) -> None:
    anna = tab("anna")
    address = anna.url

    def dialog() -> Locator:
        expect(main(again(anna, address)).get_by_role("rowheader").first).to_be_visible()
        anna.keyboard.press(key)
        expect(anna.get_by_role("dialog", name=title)).to_be_visible()
        return anna.get_by_role("dialog", name=title)

    assert dead_controls(anna, dialog) == []


#: A control that does nothing, one that does, and a page that goes on changing for a while by itself.
ONE_IS_DEAD = """<main><h1>Prøve</h1><p id=late></p><button id=lives>Levende</button><button>Død</button>
<button aria-pressed=false>Sidder fast</button><a href="#andet">Andet</a></main><script>
const late = document.querySelector('#late')
for (const at of [60, 120, 180]) setTimeout(() => { late.textContent += 'x' }, at)
document.querySelector('#lives').onclick = () => { late.textContent = 'trykket' }
</script>"""


def test_a_dead_control_is_found_where_much_changes_by_itself(visit: Visit) -> None:
    page = visit(None, "/adgang/logget-ud/")
    page.route(
        "**/proeve", lambda route: route.fulfill(body=ONE_IS_DEAD, content_type="text/html; charset=utf-8")
    )
    address = page.url.replace("/adgang/logget-ud/", "/proeve")
    found = dead_controls(page, lambda: main(again(page, address)), patience_ms=600)
    assert found == ["Død", "Sidder fast"]


@pytest.fixture
def topic(tab: Tab) -> Page:
    """A topic of the test's own, with Anna in it."""
    anna = tab("anna", SUPPORT)
    start_topic(anna, new_name("Alle vinduer"), "Første besked")
    expect_sent(message(anna, "Første besked"))
    return anna


def test_a_private_chat(tab: Tab) -> None:
    anna = tab("anna")
    chats = anna.get_by_role("navigation", name="Samtaler")
    chats.get_by_role("link", name="Carla Holt").click()
    expect_place(anna, "Carla Holt")
    address = anna.url

    def chat() -> Locator:
        expect(main(again(anna, address)).get_by_role("article").first).to_be_visible()
        return main(anna).get_by_role("form")

    assert dead_controls(anna, chat) == []


def test_the_dialogs_of_a_topic(topic: Page) -> None:
    address = topic.url

    def rename() -> Locator:
        expect(message(again(topic, address), "Første besked")).to_be_visible()
        topic.keyboard.press("m")
        dialog = topic.get_by_role("dialog", name="Omdøb emnet")
        expect(dialog).to_be_visible()
        return dialog

    def delete() -> Locator:
        text = new_name("Skal væk")
        choose(write(again(topic, address), text), "Slet")
        return topic.get_by_role("dialog", name="Slet beskeden?")

    def edit() -> Locator:
        said = message(again(topic, address), "Første besked")
        choose(said, "Ret")
        expect(topic.get_by_label("Ret beskeden")).to_be_focused()
        return topic.get_by_label("Ret beskeden").locator("..")

    assert {where.__name__: dead_controls(topic, where) for where in (rename, delete, edit)} == {
        "rename": [],
        "delete": [],
        "edit": [],
    }


def test_a_picture_before_and_after_it_is_sent(topic: Page) -> None:
    address = topic.url

    def pending() -> Locator:
        expect(box(again(topic, address))).to_be_visible()
        topic.locator("input[type=file]").first.set_input_files(PICTURE)
        return topic.get_by_role("list", name="Filer, der bliver sendt")

    def picture() -> Locator:
        again(topic, address).get_by_role("button", name=f"Åbn {PICTURE.name}").click()
        return topic.get_by_role("dialog", name=PICTURE.name)

    assert dead_controls(topic, pending) == []
    pending()
    send(topic)
    expect_sent(message(topic, PICTURE.name))
    assert dead_controls(topic, picture) == []


def test_the_panel_over_the_page(visit: Visit) -> None:
    anna = visit("anna", "/#/c/os2display/hackathon", size=(1100, 800))
    expect(main(anna).get_by_role("list", name="Emner").get_by_role("link").nth(1)).to_be_visible()
    main(anna).get_by_role("list", name="Emner").get_by_role("link").nth(1).click()
    expect(main(anna).get_by_role("article").first).to_be_visible()
    opens = anna.get_by_role("button", name="Om emnet")
    panel = anna.get_by_role("complementary", name="Om emnet")
    closes = panel.get_by_role("button", name="Luk panelet")
    for close in (lambda: anna.keyboard.press("Escape"), closes.click):
        opens.click()
        expect(closes).to_be_focused()
        close()
        expect(panel).to_have_count(0)
        expect(opens).to_be_focused()


def test_what_a_guest_and_a_moderator_have_of_their_own(tab: Tab) -> None:
    dorthe = tab("dorthe", SUPPORT)
    start_topic(dorthe, new_name("Fra en gæst"), "Hej fra leverandøren")
    address = dorthe.url

    def hers() -> Locator:
        expect(message(again(dorthe, address), "Hej fra")).to_be_visible()
        return main(dorthe).locator("header").first

    assert dead_controls(dorthe, hers) == []
    bo = tab("bo", path_of(dorthe))
    choose(message(bo, "Hej fra leverandøren"), "Slet")
    dialog = bo.get_by_role("dialog", name="Slet beskeden?")
    expect(dialog).to_contain_text("Den er skrevet af en anden")
    dialog.get_by_role("button", name="Slet beskeden").click()
    for page in (bo, dorthe):
        expect(main(page)).to_contain_text("Beskeden er slettet")


def test_an_emoji_goes_into_what_one_writes(topic: Page) -> None:
    box(topic).fill("Tak ")
    main(topic).get_by_role("form").get_by_role("button", name="emoji").click()
    main(topic).get_by_role("group", name="Vælg en emoji").get_by_role("button", name="Raket").click()
    expect(box(topic)).to_have_value("Tak 🚀")
    expect(topic.get_by_role("group", name="Vælg en emoji")).to_have_count(0)
