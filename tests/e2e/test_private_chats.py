"""Private chats: people are found by how a name sounds, and told apart by where they work."""

from e2e.acting import box, expect_place, expect_sent, main, message, new_name, path_of, write
from e2e.conftest import Tab
from playwright.sync_api import Locator, Page, expect


def finder(page: Page) -> Locator:
    expect(main(page).get_by_role("rowheader").first).to_be_visible()
    page.keyboard.press("x")
    dialog = page.get_by_role("dialog", name="Ny privat besked")
    expect(dialog.get_by_label("Find en person")).to_be_focused()
    return dialog


def test_soren_finds_soeren_aeroe_aakjaer_and_the_chat_is_his_too(tab: Tab) -> None:
    anna, soeren = tab("anna"), tab("soeren")
    dialog = finder(anna)
    dialog.get_by_label("Find en person").fill("soren")
    dialog.get_by_role("option", name="Søren Ærø Åkjær").click()
    dialog.get_by_role("button", name="Åbn samtalen").click()
    expect_place(anna, "Søren Ærø Åkjær")
    said = new_name("Hej Søren")
    expect_sent(write(anna, said))

    soeren.get_by_role("navigation", name="Samtaler").get_by_role("link", name="Anna Jensen").click()
    expect_place(soeren, "Anna Jensen")
    answer = new_name("Hej Anna")
    write(message(soeren, said).page, answer)
    expect(message(anna, answer)).to_be_visible()


def test_two_people_of_one_name_are_told_apart_by_their_organisation(tab: Tab) -> None:
    dialog = finder(tab("anna"))
    dialog.get_by_label("Find en person").fill("peter jensen")
    both = dialog.get_by_role("option", name="Peter Jensen")
    expect(both).to_have_count(2)
    expect(both.filter(has_text="Aarhus Kommune")).to_have_count(1)
    expect(both.filter(has_text="Viborg Kommune")).to_have_count(1)


def test_the_same_people_are_the_same_chat(tab: Tab) -> None:
    anna = tab("anna")
    addresses = set()
    for _ in range(2):
        dialog = finder(anna)
        dialog.get_by_label("Find en person").fill("ida nguyen")
        dialog.get_by_role("option", name="Ida Nguyễn").click()
        dialog.get_by_role("button", name="Åbn samtalen").click()
        expect_place(anna, "Ida Nguyễn")
        addresses.add(path_of(anna))
        anna.keyboard.press("t")
        expect_place(anna, "Seneste")
    assert len(addresses) == 1


def test_several_people_in_one_chat(tab: Tab) -> None:
    anna = tab("anna")
    dialog = finder(anna)
    for typed, name in (("line b", "Line Bach"), ("ali", "Ali Hassan")):
        dialog.get_by_label("Find en person").fill(typed)
        dialog.get_by_role("option", name=name).click()
    expect(dialog.get_by_role("list", name="Valgte personer").get_by_role("listitem")).to_have_count(2)
    dialog.get_by_role("button", name="Åbn samtalen").click()
    heading = main(anna).get_by_role("heading", level=1)
    expect(heading).to_contain_text("Line Bach")
    expect(heading).to_contain_text("Ali Hassan")
    expect(box(anna)).to_be_visible()


def test_who_is_not_here_is_not_found(tab: Tab) -> None:
    dialog = finder(tab("anna"))
    dialog.get_by_label("Find en person").fill("zzyzx")
    expect(dialog).to_contain_text("Vi fandt ikke nogen, der hedder »zzyzx«.")
    expect(dialog.get_by_role("option")).to_have_count(0)
