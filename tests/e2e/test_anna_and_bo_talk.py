"""The first thing a newcomer does: Anna starts a topic, Bo sees it at once and answers."""

from e2e.acting import new_name
from e2e.conftest import Visit
from platform_under_test import Platform
from playwright.sync_api import expect

GENERELT = "/#/c/os2display/generelt"


def test_anna_starts_a_topic_and_bo_answers(visit: Visit, platform: Platform) -> None:
    """Each has followed the link that `make up` prints, in a browser of their own."""
    anna, bo = visit(None), visit(None)
    for page, who in ((anna, "anna"), (bo, "bo")):
        page.goto(platform.sign_in_link(who))
        expect(page).to_have_url(platform.url + "/")
        expect(page.get_by_role("heading", name="Seneste", level=1)).to_be_visible()
        side = page.get_by_role("navigation", name="Samtaler")
        channel = side.locator(f'a[href="{GENERELT[1:]}"]')
        community = side.get_by_role("button", name="OS2display")
        expect(community).to_be_visible()
        if community.get_attribute("aria-expanded") == "false":
            community.click()
        channel.click()
        expect(page.get_by_role("heading", name="Generelt", level=1)).to_be_visible()

    name = new_name("Release 2.4")
    anna.get_by_role("button", name="Nyt emne", exact=True).click()
    anna.get_by_placeholder("Hvad handler det om?").fill(name)
    anna.get_by_placeholder("Skriv den første besked").fill("Hvem prøver **2.4** først?")
    anna.get_by_role("button", name="Start emnet").click()
    expect(anna.get_by_role("heading", name=name, level=1)).to_be_visible()

    bo.get_by_role("main").get_by_role("link", name=name).click()
    expect(bo.get_by_role("main")).to_contain_text("Hvem prøver 2.4 først?")
    expect(bo.get_by_role("main").locator("strong", has_text="2.4").first).to_be_visible()
    bo.get_by_placeholder("Skriv et svar").fill("Vi tager den i Aarhus på onsdag.")
    bo.keyboard.press("Control+Enter")

    answer = anna.get_by_role("main").get_by_text("Vi tager den i Aarhus på onsdag.", exact=True)
    expect(answer).to_be_visible()


def test_a_second_topic_of_the_same_name_is_refused_and_nothing_is_lost(visit: Visit) -> None:
    anna = visit("anna", GENERELT)
    anna.get_by_role("button", name="Nyt emne", exact=True).click()
    anna.get_by_placeholder("Hvad handler det om?").fill("årets BEDSTE slide")
    anna.get_by_placeholder("Skriv den første besked").fill("En besked, der ikke må gå tabt")
    anna.get_by_role("button", name="Start emnet").click()
    expect(anna.get_by_role("main")).to_contain_text("Kanalen har allerede et emne, der hedder sådan")
    expect(anna.get_by_placeholder("Skriv den første besked")).to_have_value("En besked, der ikke må gå tabt")
