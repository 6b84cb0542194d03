"""How many people sign in with their municipality in a second, for a minute on end, and the memory it takes.

A platform of its own runs as it is installed: granian's workers, PostgreSQL, Synapse. Each sign-in has its
three requests: the way to the provider, its answer, the session. They go to the portal itself, each from an
address of its own, as the proxy would pass them on; everybody has signed in before. Processes of their own
make the answers, with the test identity provider's code and the demo provider's key, and stand in for the
browsers: what they take of the processor is a row apart. Beside it stand three questions for our metadata by
the same processes, which ask no database: what is left between the two is the sign-in itself.

    .venv/bin/python bench/sign_ins.py [--seconds 60] [--people 400] [--json] [--platform FOLDER:PORT]
"""

import base64
import http.client
import random
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from statistics import quantiles
from urllib.parse import parse_qs, urlencode, urlsplit

# Before whatever needs the checkout's code.
import own_platform  # isort: split

import httpx
import psutil
import report
from lxml import etree
from platform_under_test import Platform

from samtale.config_sections import DEMO_PROVIDER
from samtale_testidp import answers, keys, people
from samtale_testidp.answers import Answer, Keys
from samtale_testidp.people import Employee
from samtale_testidp.service_provider import ServiceProvider
from samtale_testidp.service_provider import read as read_service

#: As many as the portal has threads: more would only wait.
BROWSERS = 8
#: Two processes, so that making answers does not wait for itself.
PROCESSES = 2
METADATA = "/adgang/saml/metadata"
START = f"/adgang/log-ind/med/{DEMO_PROVIDER}/"
FORM = "application/x-www-form-urlencoded"
#: Of one core: what is less is nothing.
IDLE = 0.1
PATIENCE = 600.0
PARTS = ("portal", "postgres", "synapse")


@dataclass(frozen=True)
class Place:
    """The portal and who it trusts. ``host``: what browsers would call it."""

    port: int
    host: str
    issuer: str
    keys: Keys
    service: ServiceProvider


@dataclass
class Done:
    """What one process did. ``waited``: milliseconds of each; ``processor``: seconds it took itself."""

    waited: list[float] = field(default_factory=list)
    processor: float = 0.0

    def __add__(self, other: "Done") -> "Done":
        return Done(self.waited + other.waited, self.processor + other.processor)


class Browser:
    """Keeps its cookies, also those that are for HTTPS only, and comes from an address that it chooses."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
        self.forget()

    def forget(self) -> None:
        """Be another one from now on; the connection stays, as the proxy's do."""
        self._cookies: dict[str, str] = {}
        self._address = f"2001:db8::{random.getrandbits(16):x}:{random.getrandbits(16):x}"

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str, bytes]:
        """Status, Location, content."""
        headers = {
            "Host": self._place.host,
            "X-Forwarded-For": self._address,
            "X-Forwarded-Proto": "http",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Content-Type": FORM,
        }
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for each in answer.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(each).items()}
        return answer.status, answer.getheader("Location", ""), content


def sign_in(place: Place, employee: Employee, browser: Browser) -> float:
    """Milliseconds that the browser waited for the portal, not those for which the answer was made."""
    browser.forget()
    took = 0.0

    def wait(wanted: int, method: str, path: str, body: str = "") -> str:
        nonlocal took
        began = time.perf_counter()
        status, location, content = browser.ask(method, path, body)
        took += (time.perf_counter() - began) * 1000
        assert status == wanted, (status, content[-2000:])
        return location

    asked = {name: each[0] for name, each in parse_qs(urlsplit(wait(302, "GET", START)).query).items()}
    form = {
        "SAMLResponse": answer(place, employee, id_of(asked["SAMLRequest"])),
        "RelayState": asked["RelayState"],
    }
    arrived = wait(303, "POST", urlsplit(place.service.acs_urls[0]).path, urlencode(form))
    wait(302, "GET", urlsplit(arrived).path)
    return took


def ask_for_metadata(_place: Place, _employee: Employee, browser: Browser) -> float:
    """Milliseconds for three."""
    began = time.perf_counter()
    for _ in range(3):
        status, _, content = browser.ask("GET", METADATA)
        assert status == 200, content[-2000:]
    return (time.perf_counter() - began) * 1000


def id_of(message: str) -> str:
    """Of a request in the redirect binding."""
    root = etree.fromstring(zlib.decompress(base64.b64decode(message), wbits=-15))
    return str(root.get("ID"))


def answer(place: Place, employee: Employee, request_id: str) -> str:
    """What the provider would send."""
    made = Answer(
        issuer=place.issuer,
        recipient=place.service.acs_urls[0],
        audience=place.service.entity_id,
        request_id=request_id,
        person=employee.subject(place.service.host),
        now=datetime.now(UTC),
    )
    sealed = answers.encrypted(answers.signed(made.assertion(), place.keys), place.service.encryption)
    return answers.form_value(made.response(sealed))


def made_up(number: int) -> Employee:
    """Somebody of Aarhus with a name of their own."""
    return Employee(
        f"m{number}",
        f"Medarbejder {number}",
        people.AARHUS,
        f"00000000-0000-4000-8000-{number:012}",
        f"medarbejder.{number}@aarhus.example",
    )


Act = Callable[[Place, Employee, Browser], float]


@dataclass(frozen=True)
class Load:
    """What each of the ``crowd`` does: once, or for ``seconds`` again and again."""

    act: Act
    crowd: int
    seconds: float | None = None


def browse(root: Path, first_port: int, load: Load, share: int) -> Done:
    """One process: some browsers, each in a thread. Nobody is in two of them."""
    place = placed(root, first_port)
    end = time.monotonic() + (load.seconds or 0)

    def act(first: int) -> list[float]:
        browser, waited = Browser(place), []
        for turn in count(first, BROWSERS):
            if turn >= load.crowd if load.seconds is None else time.monotonic() > end:
                break
            waited.append(load.act(place, made_up(turn % load.crowd), browser))
        return waited

    began = time.process_time()
    firsts = range(share, BROWSERS, PROCESSES)
    with ThreadPoolExecutor(len(firsts)) as pool:
        waited = [each for found in pool.map(act, firsts) for each in found]
    return Done(waited, time.process_time() - began)


def placed(root: Path, first_port: int) -> Place:
    """What the processes need of a platform."""
    running = Platform(root, first_port)
    url = urlsplit(running.url)
    portal = running.ports["portal"]
    published = httpx.get(f"http://127.0.0.1:{portal}{METADATA}", headers={"Host": url.netloc})
    service = read_service(published.raise_for_status().content)
    own = keys.load_or_create(running.folders.testidp)
    return Place(portal, url.netloc, f"http://127.0.0.1:{running.ports['testidp']}", own, service)


def all_browse(running: Platform, load: Load) -> Done:
    """All processes side by side."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        started = [
            pool.submit(browse, running.root, running.ports["proxy"], load, share)
            for share in range(PROCESSES)
        ]
        return sum((each.result() for each in started), Done())


def processor(running: Platform, part: str) -> float:
    """Seconds that a part has taken so far, with what it started."""
    root = psutil.Process(running.pid(part))
    times = [each.cpu_times() for each in (root, *root.children(recursive=True))]
    return sum(each.user + each.system for each in times) + times[0].children_user + times[0].children_system


def rest(running: Platform) -> None:
    """Wait until what newcomers set off is done: the worker puts each of them into rooms."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        before = sum(processor(running, part) for part in PARTS)
        time.sleep(5)
        if sum(processor(running, part) for part in PARTS) - before < 5 * IDLE:
            return
    raise SystemExit(f"the platform did not come to rest in {PATIENCE:.0f} s")


def memory(running: Platform) -> dict[str, float]:
    """Megabytes (PSS) by part."""
    shares = {part["name"]: float(part["rss_mb"]) for part in running.status()["parts"]}
    return {part: shares[part] for part in PARTS}


def measure(running: Platform, crowd: int, seconds: float) -> list[report.Row]:
    with report.ASIDE.status(f"{crowd} people sign in for the first time"):
        all_browse(running, Load(sign_in, crowd))
        rest(running)
    before = memory(running)
    with report.ASIDE.status("asking for the metadata"):
        plain = all_browse(running, Load(ask_for_metadata, crowd, seconds / 4))
    begun = {part: processor(running, part) for part in PARTS}
    with report.ASIDE.status(f"signing in for {seconds:g} seconds"):
        done = all_browse(running, Load(sign_in, crowd, seconds))
    number = len(done.waited)
    taken = {part: processor(running, part) - begun[part] for part in PARTS}
    taken["browsers and the maker of answers"] = done.processor
    after = memory(running)
    rows = [report.row("sign-ins a second", number / seconds, "/s", peer=len(plain.waited) / (seconds / 4))]
    rows += [
        report.row(
            f"waited for the portal, p{part}",
            quantiles(done.waited, n=100)[part - 1],
            "ms",
            peer=quantiles(plain.waited, n=100)[part - 1],
        )
        for part in (50, 95)
    ]
    rows += [
        report.row(f"processor for each: {part}", 1000 * each / number, "ms") for part, each in taken.items()
    ]
    rows += [
        report.row(f"memory afterwards (beside it: before), {part}", after[part], "MB", peer=before[part])
        for part in PARTS
    ]
    return rows


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, default=400)
    own_platform.options(parser)
    options = parser.parse_args()
    with own_platform.with_demo("sign-ins", options.platform) as running:
        rows = measure(running, options.people, options.seconds)
    title = f"Sign-ins with the municipality for {options.seconds:g} seconds, {BROWSERS} browsers at once"
    return report.Report("sign_ins", title, "three questions", rows).finish(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
