"""How long the demo takes to load: what a newcomer sees first, and everything.

A platform of its own is started with the demo, as `make up` does. The loader notes when it began, when the
first part was there, and when all was. Beside each figure stands what the same number of events takes when
they are sent one after the other into one room of the same Synapse, which is what a plain loader would do.

    .venv/bin/python bench/demo.py [--json]
"""

import sys
import time

import own_platform
import report
from platform_under_test import Platform

from samtale.homeserver.events import SendEvent
from samtale.homeserver.rooms import CreateRoom
from samtale.homeserver.sender import Sender
from samtale.stack import secrets

FIRST, ALL = 20.0, 180.0
PLAIN_SENDS = 60


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


def main() -> int:
    options = report.parser(__doc__).parse_args()
    with own_platform.started("demo") as running:
        first = own_platform.look(running)
        with report.ASIDE.status("waiting for the rest of the demo"):
            loaded = own_platform.wait_for_demo(running)
        with report.ASIDE.status("sending one event after the other"):
            plain = seconds_for_one_event(running)
    assert first.first is not None
    assert loaded.all is not None
    rows = [
        report.row(
            "OS2display with its conversations", first.first, "s", most=FIRST, peer=first.events * plain
        ),
        report.row("everything", loaded.all, "s", most=ALL, peer=loaded.events * plain),
    ]
    found = report.Report("demo", "Loading the demo", "one by one", rows)
    return found.finish(as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
