"""What is unread, and how one gets through it."""

import re
from collections.abc import Callable

import pytest
from e2e.acting import choose, expect_place, main, message, new_name, path_of, start_topic, write
from e2e.conftest import Tab, Visit
from e2e.operating import answered
from platform_under_test import Platform
from playwright.sync_api import Locator, Page, Request, expect

#: No other test and nothing in the demo writes here: what is unread in it is what a test left unread.
QUIET = "/#/c/os2samtale/udvikling"
Leave = Callable[..., list[str]]


def side(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Samtaler")


def unread_topics(page: Page) -> Locator:
    """Rows of the open channel that say how much is unread."""
    return main(page).get_by_role("list", name="Emner").get_by_role("link", name=re.compile(r"\d ulæst"))


@pytest.fixture
def leave_unread(whole_demo: Platform, tab: Tab) -> Leave:
    """Anna starts topics of these names in the quiet channel; Bo has read all that was there before."""
    bo = tab("bo", QUIET)
    expect_place(bo, "Udvikling")
    expect(main(bo).get_by_role("link", name="Uden emne")).to_be_visible()
    for left in reversed(range(unread_topics(bo).count())):
        unread_topics(bo).first.click()
        expect(main(bo).get_by_role("article").first).to_be_visible()
        bo.keyboard.press("y")
        expect(unread_topics(bo)).to_have_count(left)

    def leave(*abouts: str) -> list[str]:
        anna = tab("anna", QUIET)
        names = [new_name(about) for about in abouts]
        for name in names:
            start_topic(anna, name, f"Hvad siger I til {name}?")
            anna.keyboard.press("y")
        expect(unread_topics(bo)).to_have_count(len(names))
        return names

    return leave


def test_n_goes_to_the_next_unread_topic_and_reads_it(leave_unread: Leave, tab: Tab) -> None:
    earlier, later = leave_unread("Tidlig", "Sen")
    bo, other = tab("bo", QUIET), tab("bo", QUIET)
    expect(unread_topics(bo)).to_have_count(2)
    for name in (later, earlier):
        expect(unread_topics(other).filter(has_text=name)).to_be_visible()
        bo.keyboard.press("n")
        expect_place(bo, name)
        expect(unread_topics(other).filter(has_text=name)).to_have_count(0)


def test_what_is_read_in_one_browser_is_read_in_the_other(
    leave_unread: Leave, tab: Tab, visit: Visit
) -> None:
    first, _second = leave_unread("To maskiner", "Den anden")
    elsewhere = visit("bo")
    community = side(elsewhere).get_by_role("button", name="OS2samtale")
    expect(community).to_have_accessible_name(re.compile("2 ulæste"))
    bo = tab("bo", QUIET)
    main(bo).get_by_role("link", name=first).click()
    expect_place(bo, first)
    expect(community).to_have_accessible_name(re.compile("1 ulæst$"))


def test_opening_a_topic_reads_it_and_no_other(leave_unread: Leave, tab: Tab) -> None:
    first, second = leave_unread("Den ene", "Den anden")
    bo = tab("bo", QUIET)
    main(bo).get_by_role("link", name=first).click()
    expect_place(bo, first)
    expect(main(bo).get_by_text(re.compile("^Nyt"))).to_be_visible()
    bo.keyboard.press("y")
    expect(unread_topics(bo)).to_have_count(1)
    expect(unread_topics(bo)).to_contain_text(second)


def test_a_link_to_a_message_opened_cold_goes_there_and_reads_nothing(
    leave_unread: Leave, tab: Tab, visit: Visit
) -> None:
    (name,) = leave_unread("Et link")
    anna = tab("anna", QUIET)
    main(anna).get_by_role("link", name=name).click()
    for number in range(25):
        write(anna, f"Linje {number}\n" * 4)
    first = message(anna, f"Hvad siger I til {name}?")
    link = path_of(anna) + "/" + (first.get_attribute("data-message") or "").removeprefix("$")

    bo = visit("bo", link)
    pointed = message(bo, f"Hvad siger I til {name}?")
    expect(pointed).to_be_focused()
    expect(pointed).to_be_in_viewport()
    expect(message(bo, "Linje 24")).not_to_be_in_viewport()
    row = unread_topics(tab("bo", QUIET)).filter(has_text=name)
    expect(row).to_contain_text("26 ulæste")
    bo.get_by_role("button", name="Til det nyeste").click()
    expect(row).to_have_count(0)


@pytest.mark.usefixtures("whole_demo")
def test_a_list_marks_topics_read_without_opening_them(tab: Tab, visit: Visit) -> None:
    bo, anna = tab("bo", QUIET), tab("anna", QUIET)
    names = [new_name(about) for about in ("Med tasten", "Med musen", "Bliver stående")]
    roots = {}
    for name in names:
        roots[name] = "$" + start_topic(bo, name, f"Hvad siger I til {name}?").rsplit("/", 1)[1]
        choose(write(bo, f"Det hører ikke til i {name}"), "Slet")
        bo.get_by_role("dialog").get_by_role("button", name="Slet beskeden").click()
        expect(main(bo)).to_contain_text("Beskeden er slettet")
        bo.keyboard.press("y")
    with_key, with_mouse, left = names

    def unread(page: Page) -> Locator:
        return unread_topics(page).filter(has_text=re.compile("|".join(names)))

    expect(unread(anna)).to_have_count(3)
    told = receipts_of(anna)
    before = unread_conversations(anna)

    unread(anna).filter(has_text=with_key).focus()
    with answered(anna):
        anna.keyboard.press("e")
        expect(unread(anna)).to_have_count(2)
    expect(main(anna).get_by_role("link", name=with_key)).to_be_focused()
    expect(side(anna).get_by_role("link", name=with_key)).not_to_contain_text("ulæst")
    assert unread_conversations(anna) == before - 1
    assert told == [roots[with_key]]

    # A browser that has seen no message of the topics: what it knows is the server's list of them.
    elsewhere = visit("anna", QUIET)
    expect(unread(elsewhere)).to_have_count(2)
    told = receipts_of(elsewhere)
    unread(elsewhere).filter(has_text=with_mouse).hover()
    with answered(elsewhere):
        elsewhere.get_by_role("button", name=f"Markér {with_mouse} som læst").click()
        expect(unread(elsewhere)).to_have_count(1)
    assert told == [roots[with_mouse]]
    elsewhere.reload()
    for page in (anna, elsewhere):
        expect(unread(page)).to_have_count(1)
        expect(unread(page)).to_contain_text(left)
        expect_place(page, "Udvikling")


def receipts_of(page: Page) -> list[str]:
    """Grows by the thread of each receipt that the page sends from now on."""
    told: list[str] = []

    def asked(request: Request) -> None:
        if "/receipt/" in request.url:
            told.append(request.post_data_json["thread_id"])

    page.on("request", asked)
    return told


def unread_conversations(page: Page) -> int:
    """What stands at Seneste in the side."""
    found = re.search(r"(\d+) ulæst", side(page).get_by_role("link", name="Seneste").inner_text())
    return int(found[1]) if found else 0


def test_p_goes_to_the_next_unread_private_chat(tab: Tab) -> None:
    carla, signe = tab("carla"), tab("signe")
    signe.keyboard.press("x")
    dialog = signe.get_by_role("dialog", name="Ny privat besked")
    dialog.get_by_label("Find en person").fill("carla")
    dialog.get_by_role("option", name="Carla Holt").click()
    dialog.get_by_role("button", name="Åbn samtalen").click()
    said = new_name("Har du et øjeblik")
    write(signe, said)
    row = side(carla).get_by_role("link", name="Signe Krogh")
    expect(row).to_contain_text("ulæst")
    carla.keyboard.press("p")
    expect_place(carla, "Signe Krogh")
    expect(message(carla, said)).to_be_visible()
    expect(row).not_to_contain_text("ulæst")
