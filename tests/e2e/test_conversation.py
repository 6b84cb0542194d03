"""What people do in a conversation, each by the control that does it, and what another person sees of it."""

import re
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
from e2e.conftest import Tab
from playwright.sync_api import Page, expect

FILES = Path(__file__).parents[2] / "src" / "samtale" / "demo" / "data" / "demo-files"
PICTURE = FILES / "foyer-skaerm.png"


@pytest.fixture
def topic(tab: Tab) -> Page:
    """A topic of the test's own, with Anna in it."""
    anna = tab("anna", SUPPORT)
    start_topic(anna, new_name("Prøve"), "Første besked")
    return anna


def test_a_reaction_goes_on_and_off_and_others_see_it(topic: Page, tab: Tab) -> None:
    bo = tab("bo", path_of(topic))
    said = message(topic, "Første besked")
    said.hover()
    topic.keyboard.press("+")
    mine = said.get_by_role("button", name="Tommel op: 1, også dig")
    expect(mine).to_have_attribute("aria-pressed", "true")

    theirs = message(bo, "Første besked").get_by_role("button", name="Tommel op: 1", exact=True)
    expect(theirs).to_have_attribute("aria-pressed", "false")
    theirs.click()
    both = said.get_by_role("button", name="Tommel op: 2, også dig")
    both.click()
    expect(said.get_by_role("button", name="Tommel op: 1", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )
    message(bo, "Første besked").get_by_role("button", name="Tommel op: 1, også dig").click()
    expect(said.get_by_role("list", name="Reaktioner")).to_have_count(0)


def test_another_reaction_is_picked_from_the_grid(topic: Page) -> None:
    said = message(topic, "Første besked")
    act_on(said, "Reager")
    said.get_by_role("group", name="Vælg en emoji").get_by_role("button", name="Raket").click()
    expect(said.get_by_role("button", name="Raket: 1, også dig")).to_be_visible()


def test_a_mention_typed_with_at_is_red_for_the_one_named_only(topic: Page, tab: Tab) -> None:
    box(topic).press_sequentially("Hej @bo")
    topic.get_by_role("option", name="Bo Ek").click()
    box(topic).press_sequentially("kan du se på det?")
    send(topic)
    said = message(topic, "kan du se på det?")
    expect_sent(said)
    expect(said.get_by_text("@Bo Ek", exact=True)).to_be_visible()

    path = path_of(topic)
    bo, carla = tab("bo", path), tab("carla", path)
    named = message(bo, "kan du se på det?").get_by_text("@Bo Ek", exact=True)
    other = message(carla, "kan du se på det?").get_by_text("@Bo Ek", exact=True)
    expect(other).to_be_visible()
    red = named.evaluate("element => getComputedStyle(element).color")
    expect(other).not_to_have_css("color", red)
    expect(said.get_by_text("@Bo Ek", exact=True)).not_to_have_css("color", red)


def test_who_is_named_follows_the_topic(topic: Page, tab: Tab) -> None:
    carla = tab("carla", SUPPORT)
    box(topic).press_sequentially("@Carla")
    topic.get_by_role("option", name="Carla Holt").click()
    send(topic)
    carla.goto(carla.url.split("/#")[0] + path_of(topic))
    expect(carla.get_by_role("button", name="Følger", exact=True)).to_have_attribute("aria-pressed", "true")


def test_an_answer_quotes_and_the_quote_leads_back(topic: Page, tab: Tab) -> None:
    write(topic, "Noget andet imellem")
    act_on(message(topic, "Første besked"), "Svar på beskeden")
    answer = write(topic, "Mit svar på den første")
    expect_sent(answer)
    quote = message(tab("bo", path_of(topic)), "Mit svar på den første").get_by_title("Gå til beskeden")
    expect(quote).to_contain_text("Anna Jensen")
    expect(quote).to_contain_text("Første besked")

    answer.get_by_title("Gå til beskeden").click()
    expect(main(topic).get_by_role("article").first).to_be_focused()


def test_resolved_and_opened_again_by_another_person(topic: Page, tab: Tab) -> None:
    bo = tab("bo", path_of(topic))
    topic.get_by_role("button", name="Markér som løst").click()
    expect(main(bo).get_by_role("status").filter(has_text="Løst")).to_contain_text("Løst af Anna Jensen")
    bo.get_by_role("button", name="Genåbn").click()
    expect(topic.get_by_role("button", name="Markér som løst")).to_be_visible()
    # Undone at once: nothing of it stays in the conversation.
    expect(main(topic)).not_to_contain_text("har genåbnet emnet")


def test_a_topic_gets_another_name_everywhere(topic: Page, tab: Tab) -> None:
    bo = tab("bo", SUPPORT)
    name = new_name("Et bedre navn")
    topic.keyboard.press("m")
    dialog = topic.get_by_role("dialog", name="Omdøb emnet")
    dialog.get_by_label("Emnets navn").fill(name)
    dialog.get_by_role("button", name="Omdøb").click()
    expect_place(topic, name)
    expect(topic).to_have_title(re.compile(rf"^(\(\d+\) )?{name} · OS2samtale$"))
    expect(main(bo).get_by_role("link", name=name)).to_be_visible()


def test_a_topic_needs_a_name_that_no_other_has(topic: Page) -> None:
    topic.keyboard.press("m")
    dialog = topic.get_by_role("dialog", name="Omdøb emnet")
    dialog.get_by_label("Emnets navn").fill("  ")
    dialog.get_by_role("button", name="Omdøb").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Giv emnet et navn")
    dialog.get_by_label("Emnets navn").fill("RSS  viser nyheder fra sidste uge")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_role("button", name="Omdøb").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Kanalen har allerede et emne, der hedder sådan")


def test_own_message_is_edited_and_says_so(topic: Page, tab: Tab) -> None:
    bo = tab("bo", path_of(topic))
    said = write(topic, "En besked med en fejl")
    expect_sent(said)
    choose(said, "Ret")
    field = topic.get_by_label("Ret beskeden")
    field.fill("En besked uden fejl")
    field.press("Control+Enter")
    for page in (topic, bo):
        expect(message(page, "En besked uden fejl")).to_contain_text("(redigeret)")
        expect(main(page)).not_to_contain_text("En besked med en fejl")


def test_a_message_is_deleted_after_a_question(topic: Page, tab: Tab) -> None:
    bo = tab("bo", path_of(topic))
    said = write(topic, "Det skulle jeg ikke have skrevet")
    expect_sent(said)
    choose(said, "Slet")
    topic.get_by_role("dialog").get_by_role("button", name="Fortryd").click()
    expect(message(bo, "Det skulle jeg ikke")).to_be_visible()

    choose(said, "Slet")
    topic.get_by_role("dialog", name="Slet beskeden?").get_by_role("button", name="Slet beskeden").click()
    for page in (topic, bo):
        expect(main(page).get_by_text("Beskeden er slettet")).to_be_visible()
        expect(main(page)).not_to_contain_text("Det skulle jeg ikke")


def test_a_picture_is_shown_with_its_words_and_opens(topic: Page, tab: Tab) -> None:
    with topic.expect_file_chooser() as chosen:
        topic.get_by_role("button", name="Vedhæft en fil").click()
    chosen.value.set_files(PICTURE)
    topic.get_by_label("Beskriv billedet").fill("En skærm i en foyer")
    send(topic)
    bo = tab("bo", path_of(topic))
    for page in (topic, bo):
        shown = main(page).get_by_role("img", name="En skærm i en foyer")
        expect(shown).to_be_visible()
        expect(shown).not_to_have_js_property("naturalWidth", 0)
    bo.get_by_role("button", name="Åbn foyer-skaerm.png").click()
    dialog = bo.get_by_role("dialog", name="foyer-skaerm.png")
    with bo.expect_download() as download:
        dialog.get_by_role("button", name="Hent billedet").click()
    assert Path(download.value.path()).read_bytes() == PICTURE.read_bytes()


def test_a_file_is_sent_and_comes_back_as_it_was(topic: Page, tab: Tab, tmp_path: Path) -> None:
    sheet = tmp_path / "åbningstider.csv"
    sheet.write_text("sted;åbner\nHovedbiblioteket;8.00\n", encoding="utf-8")
    with topic.expect_file_chooser() as chosen:
        topic.get_by_role("button", name="Vedhæft en fil").click()
    chosen.value.set_files(sheet)
    expect(topic.get_by_role("list", name="Filer, der bliver sendt")).to_contain_text("åbningstider.csv")
    send(topic)
    bo = tab("bo", path_of(topic))
    with bo.expect_download() as download:
        message(bo, "åbningstider.csv").get_by_role("button", name="Hent åbningstider.csv").click()
    assert download.value.suggested_filename == "åbningstider.csv"
    assert Path(download.value.path()).read_bytes() == sheet.read_bytes()


def test_a_draft_survives_a_reload(topic: Page) -> None:
    box(topic).fill("Halvt skrevet")
    expect(main(topic)).to_contain_text("Kladden er gemt")
    topic.reload()
    expect(box(topic)).to_have_value("Halvt skrevet")


def test_markdown_is_shown_as_it_is_meant(topic: Page) -> None:
    write(topic, "**fed** og `kode`\n\n- et\n- to\n\n```sh\nls -la\n```")
    said = message(topic, "fed og kode")
    expect(said.locator("strong", has_text="fed")).to_be_visible()
    expect(said.get_by_role("listitem")).to_have_text(["et", "to"])
    said.get_by_role("button", name="Kopiér", exact=True).click()
    expect(topic.get_by_text("Koden er kopieret")).to_be_visible()
    assert topic.evaluate("navigator.clipboard.readText()") == "ls -la"


def test_hostile_markup_is_shown_as_text(topic: Page, tab: Tab) -> None:
    asked: list[str] = []
    bo = tab("bo", path_of(topic))
    for page in (topic, bo):
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(dialog.message))
    write(
        topic,
        "Se her: <script>alert(1)</script> <img src=https://evil.example/x.png onerror=alert(2)> "
        "[klik](javascript:alert(3)) ![billede](https://evil.example/y.png) **fed**",
    )
    for page in (topic, bo):
        said = message(page, "alert(1)")
        expect(said.locator("strong", has_text="fed")).to_be_visible()
        expect(said).to_contain_text("<script>alert(1)</script>")
        expect(said.locator("img, script, a[href^='javascript']")).to_have_count(0)
    assert [url for url in asked if "evil" in url or not url.startswith(topic.url.split("/#")[0])] == []
