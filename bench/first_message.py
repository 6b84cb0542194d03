"""How long a newcomer needs from the last line of `make up` until two people have talked.

The links that `up` prints are taken as they are. From that line on: Chromium starts, Anna and Bo are opened
by their links in windows of their own, Anna starts a topic in OS2display › Generelt, and Bo's window shows
it. A script does at once what a person reads and thinks about, so this is what the platform adds. Meanwhile
the rest of the demo is being loaded, as it is for a newcomer. Beside it stands the same by two bare HTTP
clients: both sign in, ask Synapse for their first sync, one sends and the other's sync tells of it.

Then Anna answers a few times: from the key press until the text is in Bo's page; beside it the bare clients'
send until Bo's sync has returned.

    .venv/bin/python bench/first_message.py [--json] [--platform FOLDER:PORT]
"""

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import quote

import own_platform
import report
from e2e import browser as chromium
from matrix_client import Access, token_for
from platform_under_test import Place, Platform
from playwright.sync_api import Browser, Page, expect

GOAL = 20.0
ANSWERS = 10
CHANNEL = "#/c/os2display/generelt"
_LINK = re.compile(r"^\s+(\w+) .*?(http\S+)$", re.MULTILINE)
# Watches the page itself: asking from outside would add the time between two questions.
_WATCH = """
text => { window.seen = new Promise(seen => {
    const look = () => document.body.textContent.includes(text) && seen(Date.now())
    new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true})
    look()
}) }
"""
_PRESSED = """
() => { window.pressed = new Promise(pressed =>
    addEventListener('keydown', event => event.key === 'Enter' && pressed(Date.now()), {capture: true})
) }
"""


@contextmanager
def printed_by_up(given: str | None) -> Iterator[tuple[Platform, str]]:
    """A platform that runs in the background, and what `samtale up --demo` printed."""
    if given is not None:
        with own_platform.started("first-message", given) as running:
            yield running, up(running)
        return
    place = Place("bench-first-message", own_platform.FIRST_PORT)
    running = Platform(place.root, place.first_port)
    try:
        with report.ASIDE.status("starting a platform with the demo"):
            printed = up(running)
        yield running, printed
    finally:
        running.samtale("down")
        place.leave()


def up(running: Platform) -> str:
    """As `make up` calls it. Returns what it printed."""
    command = [sys.executable, "-m", "samtale.cli", "up", "--demo", "--ensure"]
    done = subprocess.run(
        command, env=running.environment, stdout=subprocess.PIPE, text=True, check=True, timeout=900
    )
    return done.stdout


def open_by(link: str, browser: Browser) -> Page:
    """A window of a person's own, in the channel."""
    page = chromium.window(browser).new_page()
    page.goto(link)
    expect(page.get_by_role("navigation")).to_be_visible(timeout=60_000)
    page.goto(f"{page.url.partition('#')[0]}{CHANNEL}")
    expect(page.get_by_role("heading", name="Generelt", level=1)).to_be_visible(timeout=60_000)
    return page


def start_topic(page: Page, name: str) -> None:
    page.get_by_role("button", name="Nyt emne", exact=True).click()
    page.get_by_placeholder("Hvad handler det om?").fill(name)
    page.get_by_placeholder("Skriv den første besked").fill("Hvem prøver den først?")
    page.get_by_role("button", name="Start emnet").click()


def answer(anna: Page, bo: Page, text: str) -> float:
    """Milliseconds from Anna's key press until Bo's page has the text."""
    anna.get_by_placeholder("Skriv et svar").fill(text)
    bo.evaluate(_WATCH, text)
    anna.evaluate(_PRESSED)
    anna.keyboard.press("Control+Enter")
    return float(bo.evaluate("() => window.seen")) - float(anna.evaluate("() => window.pressed"))


def in_windows(links: dict[str, str], began: float) -> tuple[float, list[float]]:
    """Seconds until Bo's window shows the topic; milliseconds of each answer."""
    name = f"Release 2.4 ({time.strftime('%H.%M.%S')})"
    with chromium.started() as browser:
        anna, bo = (open_by(links[key], browser) for key in ("Anna", "Bo"))
        start_topic(anna, name)
        shown = bo.get_by_role("main").get_by_role("link", name=name)
        expect(shown).to_be_visible(timeout=60_000)
        seconds = time.monotonic() - began
        shown.click()
        expect(bo.get_by_role("heading", name=name, level=1)).to_be_visible()
        expect(anna.get_by_role("heading", name=name, level=1)).to_be_visible()
        return seconds, [answer(anna, bo, f"Svar nr. {number} ({name})") for number in range(ANSWERS)]


def bare(platform: Platform) -> tuple[float, list[float]]:
    """The same without a browser: seconds until the first message; milliseconds of each further one."""
    began = time.monotonic()
    anna, bo = token_for(platform, "anna"), token_for(platform, "bo")
    room_id = anna.post("/api/channels/os2display/generelt/open")["room_id"]
    anna.get(_sync())
    since = bo.get(_sync())["next_batch"]
    seconds, times = 0.0, []
    for number in range(ANSWERS + 1):
        pressed = time.monotonic()
        since = _send(anna, bo, room_id, since, f"Besked nr. {number}")
        if number == 0:
            seconds = time.monotonic() - began
        else:
            times.append((time.monotonic() - pressed) * 1000)
    return seconds, times


def _send(anna: Access, bo: Access, room_id: str, since: str, text: str) -> str:
    """Send, and wait until Bo's sync tells of it. Returns where Bo's next sync begins."""
    path = f"/_matrix/client/v3/rooms/{quote(room_id)}/send/m.room.message/{time.time_ns()}"
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(anna.http.put, path, json={"msgtype": "m.text", "body": text})
        while True:
            told = bo.get(_sync(since))
            since = told["next_batch"]
            room = told.get("rooms", {}).get("join", {}).get(room_id, {"timeline": {"events": []}})
            if any(event["content"].get("body") == text for event in room["timeline"]["events"]):
                assert sending.result().status_code == 200, sending.result().text
                return str(since)


def _sync(since: str | None = None) -> str:
    chosen = quote(json.dumps({"room": {"state": {"lazy_load_members": True}, "timeline": {"limit": 20}}}))
    path = f"/_matrix/client/v3/sync?filter={chosen}&timeout=30000"
    return path if since is None else f"{path}&since={since}"


def main() -> int:
    parser = report.parser(__doc__)
    own_platform.options(parser)
    options = parser.parse_args()
    with printed_by_up(options.platform) as (running, printed):
        began = time.monotonic()
        links = dict(_LINK.findall(printed))
        with report.ASIDE.status("Anna and Bo talk in two windows"):
            seconds, answers = in_windows(links, began)
        with report.ASIDE.status("two bare clients do the same"):
            peer_seconds, peer_answers = bare(running)
    rows = [
        report.row(
            "last line of `up` → Bo's window shows Anna's topic", seconds, "s", most=GOAL, peer=peer_seconds
        ),
        report.row(
            f"key press → Bo's window shows the answer, median of {ANSWERS}",
            statistics.median(answers),
            "ms",
            peer=statistics.median(peer_answers),
        ),
    ]
    found = report.Report("first_message", "The first message", "bare HTTP", rows)
    return found.finish(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
