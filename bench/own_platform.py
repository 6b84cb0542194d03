"""A platform of a measurement's own, with the demo, beside whatever else runs on this machine."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from report import ASIDE

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT / "src"), str(CHECKOUT / "tests")]

from platform_under_test import Place, Platform  # noqa: E402

from samtale.stack import postgres, secrets  # noqa: E402

FIRST_PORT = 20400
PATIENCE = 1200.0
_HOW_FAR = """
    SELECT extract(epoch FROM first_done_at - today)::float, extract(epoch FROM all_done_at - today)::float,
           (SELECT count(*) FROM demo_sent WHERE key NOT LIKE '%|read %')
    FROM demo_load
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
    """Ask how far the demo is. The database, since a process of the portal would slow the loader."""
    known = secrets.load_or_create(running.folders.secrets)
    cluster = postgres.bundled(running.config, running.folders, known)
    with psycopg.connect(cluster.connection(postgres.PORTAL)) as connection:
        found = connection.execute(_HOW_FAR).fetchone()
    assert found is not None
    return Loaded(*found)


def wait_for_demo(running: Platform) -> Loaded:
    """Wait until everything is loaded."""
    deadline = time.monotonic() + PATIENCE
    while (loaded := look(running)).all is None:
        if time.monotonic() > deadline:
            raise SystemExit(f"the demo was not loaded after {PATIENCE:.0f} s")
        time.sleep(1)
    return loaded
