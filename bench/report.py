"""What all programs of this folder share: how a figure is written down, judged, and shown."""

import argparse
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import overload

import psutil
from rich.console import Console
from rich.table import Table


def console(*, aside: bool = False) -> Console:
    """Standard output, or aside standard error; wide enough for the tables where no terminal has a say."""
    found = Console(stderr=aside)
    return found if found.is_terminal else Console(stderr=aside, width=120)


#: Progress, and the table when standard output is for the JSON object.
ASIDE = console(aside=True)


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        goal: what must hold: ``≤ 8`` of the value, ``≤ 1.5 ×`` of the ratio; empty when nothing must.
        peer: the same act done by what the program's docstring names; None when there is no such thing.
        ratio: value / peer.
        ok: whether the goal is reached; true when there is none.
    """

    what: str
    value: float
    unit: str
    goal: str
    peer: float | None
    ratio: float | None
    ok: bool


@dataclass(frozen=True)
class Report:
    """What one program found; ``peer`` heads the column of the figures beside ours."""

    bench: str
    title: str
    peer: str
    rows: Sequence[Row]

    @property
    def ok(self) -> bool:
        return all(row.ok for row in self.rows)

    def finish(self, *, as_json: bool) -> int:
        """Print it. Returns the exit code: 1 when a goal is missed."""
        if as_json:
            ASIDE.print(self._table())
            rows = [asdict(row) for row in self.rows]
            print(json.dumps({"bench": self.bench, "machine": machine(), "rows": rows}, ensure_ascii=False))
        else:
            console().print(self._table())
        return 0 if self.ok else 1

    def _table(self) -> Table:
        table = Table(title=self.title, caption=machine(), title_justify="left", caption_justify="left")
        for heading in ("what", "value", "", "goal", self.peer, "ratio", ""):
            table.add_column(heading, justify="left" if heading in {"what", ""} else "right")
        for row in self.rows:
            verdict = "" if not row.goal else "[green]ok[/]" if row.ok else "[red]missed[/]"
            table.add_row(
                row.what, number(row.value), row.unit, row.goal, number(row.peer), number(row.ratio), verdict
            )
        return table


def row(
    what: str,
    value: float,
    unit: str,
    *,
    most: float | None = None,
    most_ratio: float | None = None,
    peer: float | None = None,
) -> Row:
    """Judge a figure: by itself (``most``), by what it is of the peer's (``most_ratio``), or not at all."""
    ratio = None if not peer else value / peer
    goal, ok = "", True
    if most is not None:
        goal, ok = f"≤ {most:g}", value <= most
    elif most_ratio is not None:
        goal, ok = f"≤ {most_ratio:g} ×", ratio is not None and ratio <= most_ratio
    return Row(what, _rounded(value), unit, goal, _rounded(peer), _rounded(ratio), ok)


def machine() -> str:
    """Where the figures come from; a load above the number of cores means that others were at work."""
    memory = psutil.virtual_memory().total / 1024**3
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} "
        f"{platform.release().partition('-')[0]}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} over the last minute"
    )


def parser(about: str | None) -> argparse.ArgumentParser:
    """``about``: the program's docstring."""
    found = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--json", action="store_true", help="one JSON object on standard output")
    return found


def number(value: float | None) -> str:
    """As a table shows it."""
    return "" if value is None else f"{value:,.10g}"


@overload
def _rounded(value: float) -> float: ...
@overload
def _rounded(value: float | None) -> float | None: ...
def _rounded(value: float | None) -> float | None:
    """Three figures that count, and no decimals where there are more in front."""
    if value is None:
        return None
    return round(value, 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0)
