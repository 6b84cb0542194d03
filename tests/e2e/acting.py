"""What people do in the client, by the words on the screen: start a topic, write, act on a message."""

import secrets

from platform_under_test import Platform
from playwright.sync_api import Locator, Page, expect

SUPPORT = "/#/c/os2display/support"


def new_name(about: str) -> str:
    """A topic's name that no other test, and no run before this one, has used."""
    return f"{about} {secrets.token_hex(4)}"


def main(page: Page) -> Locator:
    """The sheet: everything but the side."""
    return page.get_by_role("main")


def expect_place(page: Page, heading: str) -> None:
    """The page with this heading is open."""
    expect(main(page).get_by_role("heading", name=heading, level=1, exact=True)).to_be_visible()


def start_topic(page: Page, name: str, text: str) -> str:
    """In an open channel; returns the topic's path, to be opened by somebody else."""
    # An empty channel offers it twice.
    page.get_by_role("button", name="Nyt emne", exact=True).first.click()
    page.get_by_label("Emnets navn").fill(name)
    page.get_by_label("Din besked").fill(text)
    page.get_by_role("button", name="Start emnet").click()
    expect_place(page, name)
    expect(message(page, text)).to_be_visible()
    return path_of(page)


def path_of(page: Page) -> str:
    """The address from the slash on."""
    return "/" + page.url.split("/", 3)[3]


def box(page: Page) -> Locator:
    """The field for an answer, or for a message where there is no topic."""
    return main(page).get_by_role("form").locator("textarea")


def send(page: Page) -> None:
    """Press the button at the field."""
    main(page).get_by_role("button", name="Send", exact=True).click()


def write(page: Page, text: str) -> Locator:
    """Write in the open conversation; returns the message, which may still be on its way."""
    box(page).fill(text)
    send(page)
    expect(box(page)).to_have_value("")
    return message(page, text)


def message(page: Page, text: str) -> Locator:
    """The newest message with this text."""
    return main(page).get_by_role("article").filter(has_text=text).last


def expect_sent(said: Locator) -> None:
    """The server has it: the message no longer says that it waits."""
    expect(said).to_be_visible()
    expect(said).not_to_contain_text("Sender …")
    expect(said).not_to_contain_text("Venter på net")


def act_on(said: Locator, name: str) -> None:
    """Press one of the buttons that a message shows to the pointer once it is sent."""
    expect_sent(said)
    said.hover()
    said.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def choose(said: Locator, name: str) -> None:
    """Choose from the menu behind the message's three dots."""
    act_on(said, "Flere handlinger")
    said.page.get_by_role("menuitem", name=name).click()


def sign_out(page: Page, platform: Platform) -> None:
    """In our client, to the page that says so."""
    page.goto(platform.url + "/#/dig")
    page.get_by_role("button", name="Log ud").click()
    expect(page).to_have_url(platform.url + "/adgang/logget-ud/")
    expect(page.get_by_role("heading", name="Du er logget ud")).to_be_visible()
