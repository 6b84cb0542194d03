"""What 5,000 renamed and resolved topics cost a channel.

A topic that was renamed or resolved is a state event in its room, and state is what a homeserver hands over
again and again. Two channels of one homeserver are compared, alike but for those events: joining, sending,
hearing of a message, and the first sync of somebody who has just joined. Both are asked in turn, so that
whatever else this machine does falls on both.

    .venv/bin/python bench/topic_state.py [--topics 5000] [--json]

Milliseconds are processor time of Synapse and PostgreSQL for one act: on a busy machine the clock on the wall
says more about the others. The wall's median stands beside it.
"""

import json
import secrets
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import report
from rich.console import Console
from rich.progress import track

CHECKOUT = Path(__file__).resolve().parents[1]
# The same lone Synapse that the module's tests use.
sys.path[:0] = [str(CHECKOUT / "src"), str(CHECKOUT / "tests" / "integration" / "homeserver")]

from community import OS2display, found  # noqa: E402
from lone_synapse import LoneSynapse, Person  # noqa: E402

from samtale.homeserver.recipe import TOPIC  # noqa: E402
from samtale.homeserver.rooms import Invite, SetState  # noqa: E402

LIMIT = 1.5
JOINERS, MESSAGES = 10, 60
FILTER = {"room": {"state": {"lazy_load_members": True}, "timeline": {"limit": 20}}}
#: A first sync that leaves topics out of the state, for a client that asks for them in another way.
FILTER_WITHOUT_TOPICS = {
    "room": {"state": {"lazy_load_members": True, "not_types": [TOPIC]}, "timeline": {"limit": 20}}
}


@dataclass
class Cost:
    """What one kind of act cost in one room: milliseconds each."""

    processor: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


class Meter:
    """Processor time of the servers, children included."""

    def __init__(self, pids: list[int]) -> None:
        self._roots = [psutil.Process(pid) for pid in pids]

    def seconds(self) -> float:
        total = 0.0
        for root in self._roots:
            for process in (root, *root.children(recursive=True)):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def measure(self, cost: Cost, act: Callable[[], Any], times: int = 1) -> Any:
        result = None
        before, started = self.seconds(), time.perf_counter()
        for _ in range(times):
            result = act()
        cost.wall.append((time.perf_counter() - started) * 1000 / times)
        cost.processor.append((self.seconds() - before) * 1000 / times)
        return result


@dataclass
class Room:
    """One of the two channels, and what was measured in it."""

    room_id: str
    reader: Person
    since: str
    costs: dict[str, Cost] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def cost(self, what: str) -> Cost:
        return self.costs.setdefault(what, Cost())


def sync(person: Person, filter_: dict[str, Any], since: str | None = None) -> dict[str, Any]:
    path = f"v3/sync?timeout=0&filter={quote(json.dumps(filter_))}"
    response = person.get(path if since is None else f"{path}&since={since}")
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer | {"bytes": len(response.content)}


def fill(os2display: OS2display, room_id: str, topics: int, console: Console) -> None:
    """Name and resolve that many topics. Only their state counts here, so headings are not sent."""
    portal = os2display.homeserver.portal
    for number in track(range(topics), "naming topics", console=console):
        content: dict[str, Any] = {"name": f"Emne nr. {number} om noget der blev løst"}
        if number % 3:
            content["resolved"] = True
        portal.send(SetState(room_id, TOPIC, content, f"${secrets.token_urlsafe(32)}"))


def say(person: Person, room_id: str) -> None:
    person.say(room_id, "Hej med jer").raise_for_status()


def join(person: Person, room_id: str) -> None:
    person.join(room_id).raise_for_status()


def measure(homeserver: LoneSynapse, os2display: OS2display, rooms: list[Room], console: Console) -> None:
    meter = Meter(homeserver.pids)
    # The processor clock ticks every 10 ms, so short acts are measured ten at a time.
    for _ in track(range(MESSAGES // 10), "sending and hearing", console=console):
        for room in rooms:
            meter.measure(room.cost("send a message"), partial(say, os2display.anna, room.room_id), times=10)
            for _ in range(10):
                say(os2display.anna, room.room_id)
                hear = partial(sync, room.reader, FILTER, room.since)
                answer = meter.measure(room.cost("hear of a message (sync)"), hear)
                room.since = answer["next_batch"]
    for number in track(range(JOINERS), "joining", console=console):
        for room in rooms:
            person = homeserver.person("Ny")
            homeserver.portal.send(Invite(room.room_id, person.user_id))
            meter.measure(room.cost("join"), partial(join, person, room.room_id))
            syncs = [("first sync", FILTER), ("first sync, topics left out", FILTER_WITHOUT_TOPICS)]
            # The first of the two finds colder caches, so they take turns.
            for what, filter_ in syncs if number % 2 else reversed(syncs):
                answer = meter.measure(room.cost(what), partial(sync, person, filter_))
                room.sizes[what] = answer["bytes"]


def rows(plain: Room, full: Room) -> list[report.Row]:
    found = []
    for what, cost in full.costs.items():
        value, peer = statistics.fmean(cost.processor), statistics.fmean(plain.costs[what].processor)
        found.append(report.row(f"{what}, processor", value, "ms", most_ratio=LIMIT, peer=peer))
        value, peer = statistics.median(cost.wall), statistics.median(plain.costs[what].wall)
        found.append(report.row(f"{what}, wall median", value, "ms", most_ratio=LIMIT, peer=peer))
    for what, size in full.sizes.items():
        peer = plain.sizes[what] / 1024
        found.append(report.row(f"{what}, size", size / 1024, "KiB", most_ratio=LIMIT, peer=peer))
    return found


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--topics", type=int, default=5000)
    arguments = parser.parse_args()
    console = report.ASIDE
    root = CHECKOUT / ".samtale-test" / "bench-topic-state"
    shutil.rmtree(root, ignore_errors=True)
    homeserver = LoneSynapse(root)
    try:
        homeserver.start()
        os2display = found(homeserver)
        rooms = []
        for slug in ("uden", "med"):
            room_id = os2display.channel(slug)
            reader = homeserver.person("Læser")
            os2display.let_in(room_id, reader)
            rooms.append(Room(room_id, reader, since=""))
        plain, full = rooms
        fill(os2display, full.room_id, arguments.topics, console)
        for room in rooms:
            room.since = sync(room.reader, FILTER)["next_batch"]
        measure(homeserver, os2display, rooms, console)
    finally:
        homeserver.stop()
    title = f"A channel with {arguments.topics:,} topic states against one with none"
    return report.Report("topic_state", title, "none", rows(plain, full)).finish(as_json=arguments.json)


if __name__ == "__main__":
    sys.exit(main())
