"""Every control of every page does something: each is operated once, a dead one fails by its name.

What counts: the address, the document, the field one is in, what is chosen, a download, a chooser for
files. Of controls of one kind (the rows of a list) one is operated.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from e2e.acting import SUPPORT, act_on, expect_sent, main, message, new_name, path_of, start_topic
from e2e.conftest import Tab, Visit
from playwright.sync_api import ElementHandle, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as Nothing

CONTROLS = "a[href], button, input:not([type=file]), textarea"
FIELDS = "textarea, [type=search], [type=text], input:not([type])"
#: Each ends something that other tests need, and has a test of its own.
ELSEWHERE = "/^(Log ud|Forlad .*|Slut dig til .*)$/"
PATIENCE_MS = 5000

#: What the pointer or the focus alone brings about.
PASSING = "time, [role=log], article > [role=toolbar]"
#: A menu and its button, which are gone or changed once one has chosen.
MENUS = "[role=menu], [aria-haspopup=menu]"
#: What a person could notice, but for what matches ``passing``.
STATE = """passing => {
  const copy = document.body.cloneNode(true)
  for (const one of copy.querySelectorAll(passing)) one.remove()
  for (const stop of copy.querySelectorAll('[tabindex]')) stop.removeAttribute('tabindex')
  const fields = [...document.querySelectorAll('input, textarea')]
  const at = document.activeElement
  const inField = at.matches('input, textarea, main') ? at.ariaLabel || at.id || at.type : ''
  const values = fields.map(field => [field.value, field.checked])
  const {theme} = document.documentElement.dataset
  return JSON.stringify([location.href, copy.innerHTML, values, inField, theme])
}"""
#: The next control that can be operated, its name, and a word it shares with its kind; null when none is.
NEXT = f"""(root, operated) => [...root.querySelectorAll('{CONTROLS}')].map(control => {{
  const name = (control.ariaLabel || control.labels?.[0]?.textContent || control.textContent).trim()
  const list = control.closest('li, tr')?.closest('ul, ol, table')
  const many = list ? list.querySelectorAll(control.tagName).length > 3 : false
  const word = many ? `${{list.ariaLabel}} ${{control.className}}` : name
  const shown = control.checkVisibility({{visibilityProperty: true}}) && !control.closest('.skip')
  const off = control.disabled || control.ariaDisabled === 'true' || {ELSEWHERE}.test(name)
  const here = control.ariaCurrent === 'page' || (control.type === 'radio' && control.checked)
    || (control.ariaPressed === 'true' && control.closest('[role=group]') !== null)
  return {{control, name, kind: `${{control.tagName}} ${{word}}`, can: shown && !off && !here}}
}}).find(one => one.can && !operated.includes(one.kind)) ?? null"""


@contextmanager
def expect_change(page: Page, passing: str = PASSING) -> Iterator[None]:
    """What is done meanwhile shows. Raises: Nothing."""
    before = page.evaluate(STATE, passing)
    yield
    changed = f"([before, passing]) => ({STATE})(passing) !== before"
    page.wait_for_function(changed, arg=[before, passing], timeout=PATIENCE_MS)


def operate(page: Page, control: ElementHandle, name: str) -> None:
    """As a person would: write in a field, press everything else. Raises: Nothing."""
    if name.startswith("Vedhæft"):
        with page.expect_file_chooser(timeout=PATIENCE_MS):
            control.click()
    elif name.startswith("Hent "):
        with page.expect_download(timeout=PATIENCE_MS):
            control.click()
    else:
        with expect_change(page):
            if control.evaluate("(control, fields) => control.matches(fields)", FIELDS):
                control.fill("zz")
            else:
                control.click()


def dead_controls(page: Page, where: Callable[[], Locator]) -> list[str]:
    """Names of those that do nothing. `where` opens the page anew and says which part of it is meant."""
    operated: list[str] = []
    dead: list[str] = []
    while True:
        found = where().evaluate_handle(NEXT, operated)
        if found.json_value() is None:
            assert operated, "the page has no control at all"
            return dead
        name, kind = (str(found.get_property(key).json_value()) for key in ("name", "kind"))
        control = found.get_property("control").as_element()
        assert control is not None
        operated.append(kind)
        try:
            operate(page, control, name)
        except Nothing:
            dead.append(name)


def again(page: Page, address: str) -> Page:
    """Open the page as if for the first time, with what the server knows by now."""
    page.goto("about:blank")
    page.goto(address)
    expect(main(page).get_by_role("heading", level=1)).to_be_visible()
    return page


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Leave when the server has answered every change asked for meanwhile: none is lost with the page."""
    waiting: set[Request] = set()

    def asked(request: Request) -> None:
        if request.method != "GET":
            waiting.add(request)

    def ended(request: Request) -> None:
        waiting.discard(request)

    page.on("request", asked)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    yield
    while waiting:
        page.wait_for_timeout(20)
    page.remove_listener("request", asked)
    page.remove_listener("requestfinished", ended)
    page.remove_listener("requestfailed", ended)


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
