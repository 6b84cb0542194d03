"""How long the demo takes to load: what a newcomer sees first, and everything.

A platform of its own is started with the demo, as `make up` does. The loader notes when it began, when the
first part was there, and when all was. Beside each figure stands what the same number of events takes when
they are sent one after the other into one room of the same Synapse, which is what a plain loader would do.

    .venv/bin/python bench/demo.py [--json]
"""

import argparse
import json
import os
import platform as machine
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT / "src"), str(CHECKOUT / "tests")]

from platform_under_test import Place, Platform  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from samtale.homeserver.events import SendEvent  # noqa: E402
from samtale.homeserver.rooms import CreateRoom  # noqa: E402
from samtale.homeserver.sender import Sender  # noqa: E402
from samtale.stack import secrets  # noqa: E402

GOALS = {"OS2display with its conversations": 20.0, "everything": 180.0}
PLAIN_SENDS = 60
PATIENCE = 900.0
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
class Row:
    """As bench/README.md describes it. Seconds; ``peer``: the same events one after the other."""

    what: str
    value: float
    unit: str
    goal: str
    peer: float
    ratio: float
    ok: bool


@dataclass(frozen=True)
class Loaded:
    """Seconds since the loader began, None when it is not there yet; how many events Matrix got."""

    first: float | None
    all: float | None
    events: int


def look(running: Platform) -> Loaded:
    printed = running.portal("shell", "--no-imports", "-c", _ASK)
    return Loaded(**json.loads(printed.strip().splitlines()[-1]))


def seconds_for_one_event(running: Platform) -> float:
    """One after the other, into one room."""
    known = secrets.load_or_create(running.folders.secrets)
    sender = Sender(f"http://127.0.0.1:{running.config.ports.synapse}", known.as_token, timeout=60)
    room_id = sender.send(CreateRoom({"preset": "private_chat"}))
    began = time.perf_counter()
    for number in range(PLAIN_SENDS):
        content = {"msgtype": "m.text", "body": f"Besked {number}"}
        sender.send(SendEvent(room_id, "m.room.message", content, f"bench-{number}"))
    return (time.perf_counter() - began) / PLAIN_SENDS


def measure(console: Console) -> list[Row]:
    place = Place("bench-demo", first_port=20400)
    running = Platform(place.root, place.first_port)
    try:
        with console.status("starting a platform with the demo"):
            running.start()
        first = look(running)
        with console.status("waiting for the rest of the demo"):
            deadline = time.monotonic() + PATIENCE
            while (loaded := look(running)).all is None:
                if time.monotonic() > deadline:
                    raise SystemExit(f"the demo was not loaded after {PATIENCE:.0f} s")
                time.sleep(2)
        with console.status("sending one event after the other"):
            plain = seconds_for_one_event(running)
    finally:
        running.stop()
        place.leave()
    assert first.first is not None
    return [
        row("OS2display with its conversations", first.first, first.events * plain),
        row("everything", loaded.all, loaded.events * plain),
    ]


def row(what: str, value: float, peer: float) -> Row:
    goal = GOALS[what]
    return Row(
        what, round(value, 1), "s", f"≤ {goal:.0f}", round(peer, 1), round(value / peer, 2), value <= goal
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = arguments.parse_args()
    rows = measure(Console(stderr=True))
    if options.json:
        about = f"{machine.machine()}, {os.cpu_count()} cores, Python {machine.python_version()}"
        print(json.dumps({"bench": "demo", "machine": about, "rows": [asdict(each) for each in rows]}))
        return
    table = Table("what", "seconds", "goal", "one by one", "ratio", "ok", title="Loading the demo")
    for each in rows:
        table.add_row(
            each.what, str(each.value), each.goal, str(each.peer), str(each.ratio), "yes" if each.ok else "NO"
        )
    Console().print(table)


if __name__ == "__main__":
    main()
