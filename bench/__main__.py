"""Runs the programs of this folder one after the other, prints what each found, and sums it up.

    .venv/bin/python bench [NAME …] [--json]

One that fails does not stop the others. With `--json` standard output gets a list of their objects. The exit
code is 1 when a goal was missed or a program failed.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import report
from rich.table import Table

HERE = Path(__file__).resolve().parent
#: Those that need the least come first.
PROGRAMS = (
    *("introspection", "oiosaml", "topic_state", "start", "demo", "sign_ins", "first_message", "memory"),
    "client",
)
#: What a program needs to be told to measure all that has a goal.
OPTIONS = {"start": ("--cold",)}
#: Seconds; each bounds itself, this is for one that hangs.
PATIENCE = 45 * 60.0


@dataclass(frozen=True)
class Outcome:
    """How a program ended.

    Attributes:
        found: its JSON object; None when it failed.
        seconds: how long it took.
    """

    name: str
    found: dict[str, Any] | None
    seconds: float

    @property
    def missed(self) -> list[dict[str, Any]]:
        return [row for row in (self.found or {"rows": []})["rows"] if not row["ok"]]


def run(name: str, *, aside: Any) -> Outcome:
    """Run one; its progress and its table go to ``aside``."""
    began = time.monotonic()
    command = [sys.executable, str(HERE / f"{name}.py"), "--json", *OPTIONS.get(name, ())]
    found = None
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=aside, check=False, timeout=PATIENCE)
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        print(f"{name} was not done after {PATIENCE / 60:.0f} minutes", file=sys.stderr)
    except ValueError:
        print(f"{name} printed no figures and ended with exit code {done.returncode}", file=sys.stderr)
    return Outcome(name, found, time.monotonic() - began)


def summary(outcomes: list[Outcome]) -> Table:
    """Every figure that has a goal, and every program that has none because it failed."""
    table = Table(title="All goals", caption=report.machine(), title_justify="left", caption_justify="left")
    for heading in ("program", "what", "value", "", "goal", ""):
        table.add_column(heading, justify="right" if heading in {"value", "goal"} else "left")
    for outcome in outcomes:
        name = f"{outcome.name} ({outcome.seconds:.0f} s)"
        if outcome.found is None:
            table.add_row(name, "it failed", "", "", "", "[red]failed[/]")
            continue
        for row in outcome.found["rows"]:
            if row["goal"]:
                verdict = "[green]ok[/]" if row["ok"] else "[red]missed[/]"
                value = row["ratio"] if row["goal"].endswith("×") else row["value"]
                unit = "×" if row["goal"].endswith("×") else row["unit"]
                table.add_row(name, row["what"], report.number(value), unit, row["goal"], verdict)
                name = ""
    return table


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(PROGRAMS)}; all when none"
    )
    options = parser.parse_args()
    if unknown := set(options.names) - set(PROGRAMS):
        parser.error(f"no program {', '.join(sorted(unknown))}: there are {', '.join(PROGRAMS)}")
    aside = None if options.json else sys.stdout
    outcomes = [run(name, aside=aside) for name in options.names or PROGRAMS]
    if options.json:
        print(json.dumps([each.found for each in outcomes if each.found], ensure_ascii=False))
    report.console(aside=options.json).print(summary(outcomes))
    return 1 if any(each.found is None or each.missed for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
