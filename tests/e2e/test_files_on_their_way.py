"""A file on its way shows how far it is, can be taken back, and arrives whole whatever happens meanwhile."""

import os
import re
import secrets
import signal
from pathlib import Path

from e2e.acting import (
    SUPPORT,
    expect_place,
    expect_sent,
    main,
    message,
    new_name,
    path_of,
    send,
    start_topic,
)
from e2e.browser import looked_at
from e2e.conftest import Tab, Visit
from platform_under_test import Platform
from playwright.sync_api import Locator, Page, Request, expect

NAME = "plan.bin"
CONTENT = secrets.token_bytes(2_000_000)
#: Octets each second.
SLOW = 400_000

# Every value that the bar has shown, once it has gone.
VALUES = """bar => new Promise((resolve) => {
  const values = []
  const look = () => {
    if (!bar.isConnected) return resolve(values)
    if (values.at(-1) !== bar.value) values.push(bar.value)
    requestAnimationFrame(look)
  }
  look()
})"""


class Line:
    """The network of a page, as thin as one wants; what is under way when that changes is let through."""

    def __init__(self, page: Page) -> None:
        self._protocol = page.context.new_cdp_session(page)
        self._protocol.send("Network.enable")

    def carry(self, octets: int) -> None:
        """From now on so many octets each second on the way up; -1: as many as there are."""
        self._protocol.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": octets},
        )


def attach(page: Page, content: bytes = CONTENT) -> None:
    page.locator("input[type=file]").first.set_input_files(
        {"name": NAME, "mimeType": "application/octet-stream", "buffer": content}
    )


def bar_of(page: Page) -> Locator:
    return message(page, NAME).get_by_role("progressbar", name=f"Sender {NAME}")


def expect_under_way(page: Page, tens: int = 1) -> None:
    """So many tenths of the file have been sent, and not all of it."""
    expect(bar_of(page)).to_have_attribute("value", re.compile(rf"^[{tens}-9]\d$"), timeout=60_000)


def expect_whole(page: Page) -> None:
    """The file is there once, and what one gets is what was sent."""
    said = message(page, NAME)
    with page.expect_download() as fetched:
        said.get_by_role("button", name=f"Hent {NAME}").click()
    assert Path(fetched.value.path()).read_bytes() == CONTENT
    expect(main(page).get_by_role("article").filter(has_text=NAME)).to_have_count(1)


def is_upload(request: Request) -> bool:
    return "/_matrix/media/v3/upload" in request.url


def test_a_slow_file_shows_a_bar_that_grows_in_every_tab_and_ends_as_a_message(
    visit: Visit, tab: Tab
) -> None:
    anna = visit("anna", SUPPORT)
    start_topic(anna, new_name("Stor fil"), "Første besked")
    bo = tab("bo", path_of(anna))
    # The tab that was open first sends for both.
    Line(anna).carry(SLOW)
    second = anna.context.new_page()
    second.goto(anna.url)
    attach(second)
    send(second)
    expect_under_way(anna)
    values = bar_of(second).evaluate(VALUES)
    assert values == sorted(values)
    assert len([value for value in values if 0 < value < 100]) > 3
    for page in (second, anna, bo):
        expect_sent(message(page, NAME))
        expect_whole(page)


def test_a_file_on_its_way_is_taken_back(visit: Visit, tab: Tab) -> None:
    anna = visit("anna", SUPPORT)
    start_topic(anna, new_name("Fortrudt"), "Første besked")
    bo = tab("bo", path_of(anna))
    line = Line(anna)
    line.carry(SLOW)
    attach(anna)
    send(anna)
    expect_under_way(anna)
    with anna.expect_event("requestfailed", is_upload):
        message(anna, NAME).get_by_role("button", name="Fortryd").click()
    expect(main(anna)).not_to_contain_text(NAME)
    line.carry(-1)
    anna.reload()
    expect(message(anna, "Første besked")).to_be_visible()
    for page in (anna, bo):
        expect(main(page)).not_to_contain_text(NAME)


def test_a_file_of_a_new_topic_shows_its_bar_too(visit: Visit) -> None:
    anna = visit("anna", SUPPORT)
    line = Line(anna)
    line.carry(SLOW)
    name = new_name("Emne med fil")
    anna.get_by_role("button", name="Nyt emne", exact=True).first.click()
    anna.get_by_label("Emnets navn").fill(name)
    anna.get_by_label("Din besked").fill("Se filen")
    attach(anna)
    anna.get_by_role("button", name="Start emnet").click()
    expect_place(anna, name)
    expect_under_way(anna)
    line.carry(-1)
    expect_whole(anna)


def test_a_page_that_is_loaded_anew_sends_its_file_again(visit: Visit) -> None:
    anna = visit("anna", SUPPORT)
    start_topic(anna, new_name("Genindlæst"), "Første besked")
    line = Line(anna)
    line.carry(SLOW)
    attach(anna)
    send(anna)
    expect_under_way(anna, 3)
    with anna.expect_request(is_upload):
        anna.reload()
    expect_under_way(anna)
    line.carry(-1)
    expect_whole(anna)


def test_a_file_waits_for_the_network(visit: Visit, platform: Platform) -> None:
    anna = visit("anna", SUPPORT)
    start_topic(anna, new_name("I tunnelen"), "Første besked")
    Line(anna).carry(SLOW)
    attach(anna)
    send(anna)
    expect_under_way(anna, 3)
    # The browser would let a file that is under way through: what cuts it off is the other end.
    os.kill(platform.pid("proxy"), signal.SIGKILL)
    anna.context.set_offline(True)
    expect(message(anna, NAME)).to_contain_text("Venter på net")
    expect(bar_of(anna)).to_have_js_property("value", 0)
    anna.context.set_offline(False)
    expect_sent(message(anna, NAME))
    expect_whole(anna)


def test_a_file_that_is_too_large_is_refused_with_the_reason(visit: Visit, tmp_path: Path) -> None:
    anna = visit("anna", SUPPORT)
    start_topic(anna, new_name("For stor"), "Første besked")
    large = tmp_path / NAME
    with large.open("wb") as file:
        file.truncate(51 * 1024**2)
    anna.locator("input[type=file]").first.set_input_files(large)
    send(anna)
    said = message(anna, NAME)
    expect(said).to_contain_text("Ikke sendt")
    expect(said).to_contain_text("Filen er for stor.")
    expect(bar_of(anna)).to_have_count(0)
    said.get_by_role("button", name="Slet").click()
    expect(main(anna)).not_to_contain_text(NAME)


def test_how_a_file_on_its_way_looks(visit: Visit) -> None:
    anna = visit("anna", SUPPORT)
    start_topic(anna, new_name("Fil på vej"), "Første besked")
    # Long enough for four pictures.
    Line(anna).carry(SLOW)
    attach(anna, CONTENT * 8)
    send(anna)
    expect_under_way(anna)
    looked_at(anna, "file-on-its-way")
    expect_under_way(anna)
