"""`samtale status`: how each part is; exit code 0 only when all are healthy."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import typer
from rich.table import Table

from samtale.cli.options import ConfigOption, DataOption, JsonOption, out, read
from samtale.config import Config
from samtale.lifecycle import running_out
from samtale.stack import platform, state
from samtale.stack.process import tree_pss
from samtale.stack.state import PartState


@dataclass(frozen=True)
class PartStatus:
    """One part.

    Attributes:
        rss_mb: proportional share of memory (PSS) of the part's process tree, MB.
        since: when it got into the state it is in, ISO 8601 in UTC.
    """

    name: str
    healthy: bool
    pid: int | None
    rss_mb: float
    since: str
    detail: str


@dataclass(frozen=True)
class PlatformStatus:
    """All of them. ``warnings``: what runs out soon; the platform is healthy all the same."""

    healthy: bool
    url: str
    parts: tuple[PartStatus, ...]
    warnings: tuple[str, ...] = ()


def status(config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Say how each part is."""
    now = look(read(config, data))
    if as_json:
        out.print_json(json.dumps(asdict(now)))
    elif not now.parts:
        out.print("nothing runs: `samtale up` starts it")
    else:
        out.print(_table(now))
        out.print(now.url, markup=False)
        for warning in now.warnings:
            out.print(f"{warning}: `samtale fka check`", markup=False, style="yellow", soft_wrap=True)
    raise typer.Exit(0 if now.healthy else 1)


def look(config: Config) -> PlatformStatus:
    """Read what the supervisor knows, and measure memory."""
    folders = platform.locate(config)
    known = state.read(folders.state)
    alive = state.holder(folders.lock) is not None
    if known is None:
        return PlatformStatus(healthy=False, url=config.public_url, parts=())
    parts = tuple(_part(each, alive=alive) for each in known.parts if not each.step)
    healthy = alive and known.phase == "running" and all(part.healthy for part in parts)
    soon = running_out.read(folders.portal / "data")
    warnings = tuple(one.sentence(datetime.now(UTC)) for one in soon)
    return PlatformStatus(healthy=healthy, url=known.url, parts=parts, warnings=warnings)


def _part(known: PartState, *, alive: bool) -> PartStatus:
    return PartStatus(
        name=known.name,
        healthy=alive and known.phase == "healthy",
        pid=known.pid if alive else None,
        rss_mb=round(tree_pss(known.pid), 1) if alive and known.pid else 0.0,
        since=datetime.fromtimestamp(known.since, UTC).isoformat(timespec="seconds"),
        detail=_detail(known) if alive else "not running",
    )


def _detail(known: PartState) -> str:
    again = f"started again {known.restarts} times" if known.restarts else ""
    state_word = "" if known.phase == "healthy" else known.phase
    return "; ".join(text for text in (state_word, known.detail, again) if text)


def _table(now: PlatformStatus) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "state", "pid", "memory", "since", ""):
        table.add_column(heading, justify="right" if heading in {"pid", "memory"} else "left")
    for part in now.parts:
        mark = "[green]healthy[/]" if part.healthy else "[red]not healthy[/]"
        pid = "" if part.pid is None else str(part.pid)
        table.add_row(part.name, mark, pid, f"{part.rss_mb:.0f} MB", part.since, part.detail)
    total = sum(part.rss_mb for part in now.parts)
    table.add_row("", "", "", f"{total:.0f} MB", "", "", style="dim")
    return table
