"""What the web client weighs, and how soon it is there on a slow phone.

Weight: bytes that Chromium received with nothing in its cache and gzip as the only encoding it accepts. With
a session that is the scripts and style sheets until the channel list is there; without one it is everything
from `/` to the sign-in form, the answers' headers too.

Time: from entering the address until it is painted, median of several visits, on a line of 1.6 Mbit/s down,
750 kbit/s up and 150 ms, with a processor four times slower (Chromium's own throttling). The sign-in form is
had with no session; the channel list with a session and nothing else kept, and once more as on a return
visit, where IndexedDB and the cache hold what they hold. The service worker is off, since its requests escape
the throttling.

Beside them stand pages that do as little as can be, served by another Caddy (plain_pages.py): for the weight
with a session matrix-js-sdk alone, bundled and minified, without any view; for the form two plain fields in
HTML, without the way through the authorization server; for the list a React page that asks for one file.

    .venv/bin/python bench/client.py [--visits 5] [--json] [--platform FOLDER:PORT]
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import own_platform
import plain_pages
import report
from e2e import browser as chromium
from platform_under_test import Platform
from playwright.sync_api import Browser, CDPSession, Error, Page

WITH_SESSION_KB, SIGN_IN_KB = 150.0, 30.0
FORM_SECONDS, LIST_SECONDS = 1.2, 2.0
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
PATIENCE = 60.0
FORM = 'input[name="login"]'
CHANNEL = 'nav a[href^="#/c/"]'
#: Runs in each document before its own scripts: notes when what one waits for has been painted.
_PAINTED = """
(() => {
    const wanted = %r
    const look = () => {
        if (!document.querySelector(wanted)) return
        observer.disconnect()
        // A frame is only drawn when no style sheet is outstanding; the one after it follows the paint.
        requestAnimationFrame(() => requestAnimationFrame(() => { window.paintedAt = Date.now() }))
    }
    const observer = new MutationObserver(look)
    observer.observe(document, { subtree: true, childList: true })
})()
"""
_FORGET_ALL_BUT_SESSION = """
() => new Promise((done, failed) => {
    const asked = indexedDB.open('os2samtale')
    asked.onerror = () => failed(asked.error)
    asked.onsuccess = () => {
        const stores = [...asked.result.objectStoreNames].filter(name => name !== 'session')
        const all = asked.result.transaction(stores, 'readwrite')
        for (const store of stores) all.objectStore(store).clear()
        all.oncomplete = () => { asked.result.close(); done() }
        all.onerror = () => failed(all.error)
    }
})
"""


@dataclass
class Received:
    """Bytes by kind of resource, as Chromium's network log names them: of the bodies, and of the headers."""

    bodies: dict[str, int] = field(default_factory=dict)
    headers: int = 0
    _answers: dict[str, tuple[str, int]] = field(default_factory=dict)

    def watch(self, debugger: CDPSession) -> None:
        debugger.on("Network.requestWillBeSent", self._sent)
        debugger.on("Network.responseReceived", self._answered)
        debugger.on("Network.loadingFinished", self._finished)

    @property
    def code(self) -> float:
        """Kilobytes of scripts and style sheets."""
        return sum(self.bodies.get(kind, 0) for kind in ("Script", "Stylesheet")) / 1000

    @property
    def everything(self) -> float:
        """Kilobytes that came over the line."""
        return (sum(self.bodies.values()) + self.headers) / 1000

    def _sent(self, event: dict[str, Any]) -> None:
        self.headers += int(event.get("redirectResponse", {"encodedDataLength": 0})["encodedDataLength"])

    def _answered(self, event: dict[str, Any]) -> None:
        # So far only the headers have come.
        self._answers[event["requestId"]] = (event["type"], int(event["response"]["encodedDataLength"]))

    def _finished(self, event: dict[str, Any]) -> None:
        kind, headers = self._answers.get(event["requestId"], ("Other", 0))
        self.headers += headers
        self.bodies[kind] = self.bodies.get(kind, 0) + int(event["encodedDataLength"]) - headers


@dataclass(frozen=True)
class Visitor:
    """A window, and the debugger that makes it slow and watches it."""

    page: Page
    debugger: CDPSession

    def slow_down(self) -> None:
        self.debugger.send("Network.emulateNetworkConditions", SLOW_4G)
        self.debugger.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    def hurry(self) -> None:
        self.debugger.send("Network.emulateNetworkConditions", SLOW_4G | {"latency": 0} | _UNLIMITED)
        self.debugger.send("Emulation.setCPUThrottlingRate", {"rate": 1})

    def seconds(self, address: str) -> float:
        """From entering the address until what one waits for is painted."""
        began = time.time()
        self.page.goto(address, wait_until="commit")
        while (painted := self._painted()) is None:
            if time.time() - began > PATIENCE:
                raise SystemExit(f"{address} did not show what was waited for within {PATIENCE:.0f} s")
            self.page.wait_for_timeout(100)
        return painted / 1000 - began

    def _painted(self) -> float | None:
        # The pages' own policy forbids the evaluation that Playwright's waiting does.
        try:
            found: float | None = self.page.evaluate("() => window.paintedAt")
        except Error:  # on its way to the next page
            return None
        return found


_UNLIMITED = {"downloadThroughput": -1, "uploadThroughput": -1}


@contextmanager
def visitor(browser: Browser, wanted: str, *, only_gzip: bool = False) -> Iterator[Visitor]:
    """A window of its own with nothing in it, which waits for an element."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        locale="da-DK",
        service_workers="block",
        extra_http_headers={"Accept-Encoding": "gzip"} if only_gzip else {},
    )
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(_PAINTED % wanted)
    page = context.new_page()
    debugger = context.new_cdp_session(page)
    debugger.send("Network.enable")
    yield Visitor(page, debugger)
    context.close()


@dataclass(frozen=True)
class Figures:
    """Kilobytes, and seconds of each visit."""

    kilobytes: dict[str, float]
    seconds: dict[str, list[float]]


class Measuring:
    """Visits in turn ours and the plain page, so that whatever else this machine does falls on both."""

    def __init__(self, browser: Browser, running: Platform, plain: str, visits: int) -> None:
        self._browser = browser
        self._running = running
        self._plain = plain
        self._visits = range(visits)
        self.figures = Figures({}, {})

    def weigh(self) -> None:
        weights = self.figures.kilobytes
        for name, address in (("form", f"{self._running.url}/"), ("plain form", f"{self._plain}/form/")):
            with visitor(self._browser, FORM, only_gzip=True) as window:
                weights[name] = _received(window, address).everything
        with visitor(self._browser, "#app:not(:empty)", only_gzip=True) as window:
            weights["sdk"] = _received(window, f"{self._plain}/sdk/").code
        with self._signed_in(only_gzip=True) as window:
            self._forget(window)
            weights["client"] = _received(window, self._home).code

    def time_form(self) -> None:
        for _ in self._visits:
            for name, address in (("form", f"{self._running.url}/"), ("plain form", f"{self._plain}/form/")):
                with visitor(self._browser, FORM) as window:
                    window.slow_down()
                    self._note(name, window.seconds(address))

    def time_list(self) -> None:
        with self._signed_in() as ours, visitor(self._browser, CHANNEL) as plain:
            for _ in self._visits:
                self._note("list", self._slowly(ours, self._home, before=self._forget))
                self._note("list again", self._slowly(ours, self._home, before=self._leave))
                address = f"{self._plain}/list/"
                self._note("plain list", self._slowly(plain, address, before=_empty_cache))
                self._note("plain list again", self._slowly(plain, address, before=lambda _: None))

    @property
    def _home(self) -> str:
        return f"{self._running.url}/"

    @contextmanager
    def _signed_in(self, *, only_gzip: bool = False) -> Iterator[Visitor]:
        """Anna's window, with everything loaded."""
        with visitor(self._browser, CHANNEL, only_gzip=only_gzip) as window:
            window.page.goto(self._running.sign_in_link("anna"))
            window.page.locator(CHANNEL).first.wait_for()
            window.page.wait_for_timeout(3000)
            yield window

    def _leave(self, window: Visitor) -> None:
        """Away from the client, once it has kept what it keeps."""
        window.page.wait_for_timeout(3000)
        window.page.goto(f"{self._running.url}/robots.txt")

    def _forget(self, window: Visitor) -> None:
        self._leave(window)
        window.page.evaluate(_FORGET_ALL_BUT_SESSION)
        _empty_cache(window)

    def _slowly(self, window: Visitor, address: str, *, before: Callable[[Visitor], None]) -> float:
        before(window)
        window.slow_down()
        try:
            return window.seconds(address)
        finally:
            window.hurry()

    def _note(self, name: str, seconds: float) -> None:
        self.figures.seconds.setdefault(name, []).append(seconds)


def _empty_cache(window: Visitor) -> None:
    window.debugger.send("Network.clearBrowserCache")


def _received(window: Visitor, address: str) -> Received:
    received = Received()
    received.watch(window.debugger)
    window.seconds(address)
    window.page.wait_for_timeout(500)
    return received


def rows(figures: Figures) -> list[report.Row]:
    weights = figures.kilobytes
    times = {name: statistics.median(taken) for name, taken in figures.seconds.items()}
    return [
        report.row(
            "scripts and styles with a session",
            weights["client"],
            "KB",
            most=WITH_SESSION_KB,
            peer=weights["sdk"],
        ),
        report.row(
            "sign-in page, everything", weights["form"], "KB", most=SIGN_IN_KB, peer=weights["plain form"]
        ),
        report.row("sign-in form usable", times["form"], "s", most=FORM_SECONDS, peer=times["plain form"]),
        report.row("channel list shown", times["list"], "s", most=LIST_SECONDS, peer=times["plain list"]),
        report.row(
            "channel list shown, return visit",
            times["list again"],
            "s",
            most=LIST_SECONDS,
            peer=times["plain list again"],
        ),
    ]


def main() -> int:
    parser = report.parser(__doc__)
    own_platform.options(parser)
    parser.add_argument("--visits", type=int, default=5)
    options = parser.parse_args()
    with (
        own_platform.with_demo("client", options.platform) as running,
        plain_pages.served(running, running.ports["proxy"] + 4) as plain,
        chromium.started() as browser,
    ):
        measuring = Measuring(browser, running, plain, options.visits)
        for what in (measuring.weigh, measuring.time_form, measuring.time_list):
            with report.ASIDE.status("visiting"):
                what()
    found = report.Report(
        "client", "The web client on slow 4G, with a slow processor", "plain", rows(measuring.figures)
    )
    return found.finish(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
