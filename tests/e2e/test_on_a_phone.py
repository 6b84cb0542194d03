"""The phone's own ways: the places at the bottom, and the sheet that a message brings when it is held."""

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
    send,
    start_topic,
    write,
)
from e2e.conftest import Tab
from e2e.touching import Finger, hold
from playwright.sync_api import Locator, Page, expect


def places(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Hovedmenu")


def test_the_places_at_the_bottom(tab: Tab) -> None:
    anna = tab("anna", phone=True)
    for name, hash_, heading in (
        ("Kanaler", "#/kanaler", "Kanaler"),
        ("Beskeder", "#/beskeder", "Beskeder"),
        ("Dig", "#/dig", "Dine indstillinger"),
        ("Seneste", "#/seneste", "Seneste"),
    ):
        place = places(anna).get_by_role("link", name=re.compile(f"^{name}"))
        place.tap()
        expect_place(anna, heading)
        expect(anna).to_have_url(re.compile(f"{re.escape(hash_)}$"))
        expect(place).to_have_attribute("aria-current", "page")
        expect(places(anna).locator("[aria-current=page]")).to_have_count(1)


def test_from_the_channels_to_a_topic_and_back(tab: Tab) -> None:
    anna = tab("anna", "/#/c/os2display/support", phone=True)
    expect_place(anna, "Support")
    main(anna).get_by_role("list", name="Emner").get_by_role("link").nth(1).tap()
    expect(main(anna).get_by_role("article").first).to_be_visible()
    expect(places(anna)).to_have_count(0)
    anna.get_by_role("link", name="Tilbage til").tap()
    expect_place(anna, "Support")
    anna.get_by_role("link", name="Tilbage til kanaler").tap()
    expect_place(anna, "Kanaler")


@pytest.mark.usefixtures("whole_demo")
def test_a_list_marks_a_topic_read_with_a_tap(tab: Tab) -> None:
    quiet, name = "/#/c/os2samtale/generelt", new_name("Med et tryk")
    start_topic(tab("bo", quiet), name, "Første besked")
    for path in (quiet, "/"):
        anna = tab("anna", path, phone=True)
        read = main(anna).get_by_role("button", name=f"Markér {name} som læst")
        expect(read).to_be_visible()
    place = anna.url
    read.tap()
    expect(read).to_have_count(0)
    expect(main(anna).get_by_role("link", name=name)).to_be_visible()
    expect(anna).to_have_url(place)


@pytest.fixture
def held(tab: Tab) -> Page:
    """Anna's phone in a topic with one message of hers."""
    anna = tab("anna", SUPPORT, phone=True)
    start_topic(anna, new_name("Med tommelfingeren"), "Første besked")
    return anna


def choose(said: Locator, name: str) -> None:
    sheet = hold(said)
    sheet.get_by_role("menuitem", name=name).tap()
    expect(sheet).to_have_count(0)


def test_a_message_that_is_held_offers_what_one_can_do(held: Page) -> None:
    said = message(held, "Første besked")
    sheet = hold(said)
    expect(sheet.get_by_role("menuitem")).to_have_text(
        [re.compile(f"^{name}") for name in ("Reager", "Svar på beskeden", "Kopiér link", "Ret", "Slet")]
    )
    sheet.get_by_role("button", name="Luk").tap()
    expect(sheet).to_have_count(0)

    choose(said, "Reager")
    said.get_by_role("group", name="Vælg en emoji").get_by_role("button", name="Raket").tap()
    expect(said.get_by_role("button", name="Raket: 1, også dig")).to_be_visible()

    choose(said, "Kopiér link")
    copied = (said.get_attribute("data-message") or "").removeprefix("$")
    expect(held.get_by_text("Linket er kopieret")).to_be_visible()
    assert held.evaluate("navigator.clipboard.readText()") == f"{held.url}/{copied}"

    choose(said, "Ret")
    held.get_by_label("Ret beskeden").fill("Rettet på telefonen")
    held.get_by_role("button", name="Gem").tap()
    said = message(held, "Rettet på telefonen")
    expect(said).to_contain_text("(redigeret)")

    choose(said, "Svar på beskeden")
    box(held).fill("Et svar")
    send(held)
    expect(message(held, "Et svar").get_by_title("Gå til beskeden")).to_contain_text("Rettet på telefonen")

    choose(message(held, "Et svar"), "Slet")
    held.get_by_role("dialog", name="Slet beskeden?").get_by_role("button", name="Slet beskeden").tap()
    expect(main(held)).to_contain_text("Beskeden er slettet")


def test_what_others_wrote_cannot_be_changed(held: Page, tab: Tab) -> None:
    carla = tab("carla", "/" + held.url.split("/", 3)[3])
    expect_sent(write(carla, "Skrevet af Carla"))
    sheet = hold(message(held, "Skrevet af Carla"))
    expect(sheet.get_by_role("menuitem")).to_have_text(
        [re.compile(f"^{name}") for name in ("Reager", "Svar på beskeden", "Kopiér link")]
    )


def test_a_finger_that_moves_or_lets_go_brings_no_sheet(held: Page) -> None:
    finger = Finger(message(held, "Første besked"))
    for moves in (True, False):
        finger.down()
        if moves:
            finger.move()
            # Longer than a message must be held.
            held.wait_for_timeout(700)
        finger.up()
        if not moves:
            held.wait_for_timeout(700)
        expect(held.get_by_role("dialog")).to_have_count(0)
