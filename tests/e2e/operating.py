"""Operating controls as a person would, one after the other, and seeing that each does what it is for.

Of a link that is that one gets where it leads; of a switch that it turns; of a search that what is listed
changes; of anything else that something changes. Nothing is operated before the page has come to rest: what
comes by itself is not taken for an effect. Of controls of one kind (the rows of a list) one is operated.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from e2e.acting import main
from playwright.sync_api import ElementHandle, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as Nothing

CONTROLS = "a[href], button, input:not([type=file]), textarea"
#: Each ends something that other tests need, and has a test of its own.
ELSEWHERE = "/^(Log ud|Forlad .*|Slut dig til .*)$/"
PATIENCE_MS = 5000
REST_MS = 100

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
#: Resolves when nothing has changed for so long; what a clock shows does not count.
AT_REST = """restMs => new Promise(done => {
  const rest = () => { observer.disconnect(); done() }
  let timer = setTimeout(rest, restMs)
  const observer = new MutationObserver(changes => {
    if (changes.every(({target}) => (target.parentElement ?? target).closest('time'))) return
    clearTimeout(timer)
    timer = setTimeout(rest, restMs)
  })
  observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true})
})"""
#: What a control is for, and how that stands.
PURPOSE = """control => {
  if (control.matches('a[href]')) return ['link', control.href]
  if (control.type === 'checkbox' || control.type === 'radio') return ['switch', String(control.checked)]
  if (control.matches('[type=search]')) return ['search', document.body.innerText]
  for (const state of ['aria-pressed', 'aria-expanded']) {
    if (control.hasAttribute(state)) return ['switch', control.getAttribute(state)]
  }
  return [control.matches('textarea, input') ? 'field' : 'button', '']
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
def expect_change(page: Page, passing: str = PASSING, patience_ms: int = PATIENCE_MS) -> Iterator[None]:
    """What is done meanwhile shows. Raises: Nothing."""
    before = page.evaluate(STATE, passing)
    yield
    changed = f"([before, passing]) => ({STATE})(passing) !== before"
    page.wait_for_function(changed, arg=[before, passing], timeout=patience_ms)


def settle(page: Page) -> None:
    """Wait until the page no longer changes by itself."""
    page.evaluate(AT_REST, REST_MS)


def operate(page: Page, control: ElementHandle, name: str, patience_ms: int = PATIENCE_MS) -> None:
    """As a person would: write in a field, press everything else. Raises: Nothing."""
    purpose, was = control.evaluate(PURPOSE)
    if name.startswith("Vedhæft"):
        with page.expect_file_chooser(timeout=patience_ms):
            control.click()
        return
    if name.startswith("Hent "):
        with page.expect_download(timeout=patience_ms):
            control.click()
        return
    with expect_change(page, patience_ms=patience_ms):
        if purpose in ("field", "search"):
            control.fill("zzyzx")
        else:
            control.click()
    if purpose == "link":
        page.wait_for_url(lambda url: url == was, timeout=patience_ms)
    elif purpose == "search":
        page.wait_for_function("was => document.body.innerText !== was", arg=was, timeout=patience_ms)
    elif purpose == "switch":
        turned = f"([control, was]) => !control.isConnected || ({PURPOSE})(control)[1] !== was"
        page.wait_for_function(turned, arg=[control, was], timeout=patience_ms)


def dead_controls(page: Page, where: Callable[[], Locator], patience_ms: int = PATIENCE_MS) -> list[str]:
    """Names of those that do nothing. `where` opens the page anew and says which part of it is meant."""
    operated: list[str] = []
    dead: list[str] = []
    while True:
        part = where()
        settle(page)
        found = part.evaluate_handle(NEXT, operated)
        if found.json_value() is None:
            assert operated, "the page has no control at all"
            return dead
        name, kind = (str(found.get_property(key).json_value()) for key in ("name", "kind"))
        control = found.get_property("control").as_element()
        assert control is not None
        operated.append(kind)
        try:
            operate(page, control, name, patience_ms)
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
