"""A platform of a measurement's own, with the demo, beside whatever else runs on this machine."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from report import ASIDE

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT / "src"), str(CHECKOUT / "tests")]

from platform_under_test import Place, Platform  # noqa: E402

FIRST_PORT = 20400
PATIENCE = 1200.0
_ASK = """
import json
from samtale.demo.models import Load, Sent
load = Load.objects.get(pk=1)
seconds = lambda at: at and (at - load.today).total_seconds()
events = Sent.objects.exclude(key__contains="|read ")
print(json.dumps({
    "first": seconds(load.first_done_at),
    "all": seconds(load.all_done_at),
    "events": events.count(),
}))
"""


@dataclass(frozen=True)
class Loaded:
    """How far the demo is.

    Attributes:
        first: seconds from when its loader began until what a newcomer sees was there; None until then.
        all: the same for everything.
        events: how many events Matrix got.
    """

    first: float | None
    all: float | None
    events: int


def options(parser: argparse.ArgumentParser) -> None:
    """Let the caller name a platform that runs already."""
    parser.add_argument(
        "--platform",
        metavar="FOLDER:PORT",
        help="measure the demo that runs on this data folder and first port, instead of starting one",
    )


@contextmanager
def with_demo(name: str, given: str | None = None) -> Iterator[Platform]:
    """A platform with the whole demo; the one that runs already when ``given`` names it."""
    with started(name, given) as running:
        with ASIDE.status("waiting until the whole demo is loaded"):
            wait_for_demo(running)
        yield running


@contextmanager
def started(name: str, given: str | None = None) -> Iterator[Platform]:
    """A platform with what a newcomer sees first; the rest of the demo is being loaded."""
    if given is not None:
        folder, _, port = given.rpartition(":")
        yield Platform(Path(folder), int(port))
        return
    place = Place(f"bench-{name}", FIRST_PORT)
    running = Platform(place.root, place.first_port)
    try:
        with ASIDE.status("starting a platform with the demo"):
            running.start()
        yield running
    finally:
        running.stop()
        place.leave()


def look(running: Platform) -> Loaded:
    """Ask how far the demo is."""
    printed = running.portal("shell", "--no-imports", "-c", _ASK)
    return Loaded(**json.loads(printed.strip().splitlines()[-1]))


def wait_for_demo(running: Platform) -> Loaded:
    """Wait until everything is loaded."""
    deadline = time.monotonic() + PATIENCE
    while (loaded := look(running)).all is None:
        if time.monotonic() > deadline:
            raise SystemExit(f"the demo was not loaded after {PATIENCE:.0f} s")
        time.sleep(3)
    return loaded
