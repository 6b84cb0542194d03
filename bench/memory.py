"""How much memory the platform takes when nobody does anything, after the whole demo was loaded.

Each figure is the proportional share (PSS) of a part's processes, as `samtale status --json` tells it: memory
that several processes share counts once. Beside the sum stands what Synapse alone takes of it, which is what
one pays for Matrix without any of ours. The supervisor, which is no part, is counted too.

    .venv/bin/python bench/memory.py [--json] [--platform FOLDER:PORT]
"""

import sys
import time

import own_platform
import report
from platform_under_test import Platform

from samtale.stack import state
from samtale.stack.process import tree_pss

GOAL = 700.0
#: Seconds without work before memory is looked at, so that what was only borrowed is given back.
IDLE = 60


def main() -> int:
    parser = report.parser(__doc__)
    own_platform.options(parser)
    options = parser.parse_args()
    with own_platform.with_demo("memory", options.platform) as running:
        with report.ASIDE.status("letting it rest"):
            time.sleep(IDLE)
        parts = {part["name"]: float(part["rss_mb"]) for part in running.status()["parts"]}
        parts["supervisor"] = supervisor(running) - sum(parts.values())
    rows = [report.row(part, share, "MB") for part, share in parts.items()]
    rows.append(report.row("all", sum(parts.values()), "MB", most=GOAL, peer=parts["synapse"]))
    found = report.Report("memory", "Memory (PSS), idle after the demo", "Synapse alone", rows)
    return found.finish(as_json=options.json)


def supervisor(running: Platform) -> float:
    """Megabytes of the supervisor and everything below it."""
    now = state.read(running.folders.state)
    assert now is not None
    return tree_pss(now.pid)


if __name__ == "__main__":
    sys.exit(main())
