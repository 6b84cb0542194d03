"""`samtale up`: start everything, tell how it went, and for the demo how to try it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table

from samtale.cli import bundled, daemon, down
from samtale.cli.demo import print_links
from samtale.cli.options import ConfigOption, DataOption, err, out, read, refuse
from samtale.config import Config
from samtale.stack import client, code, installation, platform, state
from samtale.stack.folders import default_client_dist
from samtale.stack.log_files import last_lines
from samtale.stack.routes import ROUTES
from samtale.stack.state import PartState, State

_MARKS = {
    "waiting": "[dim]waiting[/]",
    "starting": "starting",
    "healthy": "[green]healthy[/]",
    "done": "[green]done[/]",
    "unhealthy": "[yellow]unhealthy[/]",
    "restarting": "[yellow]restarting[/]",
    "failed": "[red]failed[/]",
    "stopped": "stopped",
}

_STEPS = {"portal-setup": "bringing the portal's tables up to date", "demo": "loading the demo"}


def up(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Made-up people and conversations, on this machine only.")
    ] = False,
    config: ConfigOption = None,
    data: DataOption = None,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay here until Ctrl-C; for a service manager.")
    ] = False,
    ensure: Annotated[
        bool, typer.Option("--ensure", help="It is fine when it runs already: only take up what changed.")
    ] = False,
) -> None:
    """Start everything and wait until each part is healthy."""
    settings = read(config, data, demo=demo)
    if ensure and _runs_as_it_is(settings):
        _follow(settings, None)
        _how_to_begin(settings)
        return
    try:
        ready = platform.prepare(settings)
    except state.AlreadyRunningError as error:
        refuse(f"{platform.locate(settings).root}: {error}")
    except platform.REFUSALS as error:
        refuse(*str(error).splitlines())
    _build_client()
    _before(settings, first=ready.first_start)
    if foreground:
        raise typer.Exit(_stay(ready))
    child = daemon.fork(ready)
    _follow(settings, child)
    _how_to_begin(settings)


def _runs_as_it_is(settings: Config) -> bool:
    """Take up a client that changed; stop what runs on older code. Returns whether it runs on."""
    try:
        folders = platform.locate(settings)
        if state.holder(folders.lock) is None:
            return False
        # What could not be started again is not stopped.
        installation.check(settings, folders)
    except platform.REFUSALS as error:
        refuse(str(error))
    if code.is_current(folders):
        _build_client()
        return True
    _say("What runs is older than the code here: it is started again.")
    down.stop(folders)
    return False


def _build_client() -> None:
    if client.is_built():
        return
    with _step("building the web client"):
        try:
            client.build()
        except client.ClientError as error:
            if not client.exists():
                refuse(str(error))
            err.print(f"{error}\nStarting with the client built before.", style="yellow", markup=False)


def _before(settings: Config, *, first: bool) -> None:
    for sentence in bundled.warnings(settings):
        err.print(sentence, style="yellow", markup=False, soft_wrap=True)
    if first and not settings.demo:
        _say(
            f"First start: everybody's Matrix id ends in :{settings.server_name}, and that can never change."
        )
    if first and (elsewhere := platform.locate(settings).elsewhere):
        _say(f"{settings.data_dir.parent} is closed to what runs unprivileged: its data lie in {elsewhere}")
    if settings.proxy.external:
        out.print(_routing_table(settings))


def _routing_table(settings: Config) -> Table:
    table = Table(title="Routes for the proxy that is there already; the first that fits wins", box=None)
    for heading in ("path", "goes to"):
        table.add_column(heading, overflow="fold")
    places = {
        "client": str(default_client_dist()),
        "portal": f"http://127.0.0.1:{settings.ports.portal}",
        "synapse": f"http://127.0.0.1:{settings.ports.synapse}",
        "well-known": "the file of `samtale config show`",
        "nothing": "404",
    }
    for route in ROUTES:
        table.add_row(route.pattern or " ".join(route.paths), places[route.target.value])
    return table


def _stay(ready: platform.Platform) -> int:
    shown: dict[str, str] = {}

    def tell(now: State) -> None:
        for part in now.parts:
            if shown.get(part.name) != part.phase:
                shown[part.name] = part.phase
                sys.stderr.write(f"{part.name}: {part.phase} {part.detail}".rstrip() + "\n")
        if shown.get("") != now.phase:
            shown[""] = now.phase
            sys.stderr.write(f"{now.phase} {now.url} {now.message}".rstrip() + "\n")
        sys.stderr.flush()

    daemon.log_to_stderr()
    return 1 if ready.run(tell).phase == "failed" else 0


def _follow(settings: Config, child: int | None) -> None:
    """Show the parts until all are healthy; ends the command when one is not to be had."""
    folders = platform.locate(settings)
    told: set[str] = set()
    with Live(console=out, refresh_per_second=8, transient=True) as live:
        while True:
            now = state.read(folders.state)
            gone = child is not None and daemon.ended(child)
            if now is not None and (child is None or now.pid == child):
                live.update(_table(now, settings))
                _tell_steps(now, told)
                if now.phase == "running" or (gone and now.phase in {"failed", "stopped"}):
                    break
            elif gone:
                break
            time.sleep(0.1)
    if now is None or now.phase != "running":
        why = now.message if now else ""
        refuse(why or "the supervisor ended before the parts were healthy", f"Logs: {folders.logs}")
    out.print(_table(now, settings))


def _tell_steps(now: State, told: set[str]) -> None:
    """Where nothing can be redrawn, as in a log, each step is a line."""
    for part in now.parts:
        if not out.is_terminal and part.step and part.phase == "starting" and part.name not in told:
            told.add(part.name)
            _say(f"{_STEPS.get(part.name, part.name)} …")


def _say(text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)


def _table(now: State, settings: Config) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("part", min_width=12)
    table.add_column("state", min_width=12)
    table.add_column("seconds", justify="right")
    table.add_column("", overflow="ellipsis", no_wrap=True, style="dim")
    for part in now.parts:
        if part.step and part.phase in {"done", "waiting"}:
            continue
        seconds = "" if part.seconds is None else f"{part.seconds:.1f}"
        table.add_row(part.name, _MARKS[part.phase], seconds, _detail(part, settings))
    return table


def _detail(part: PartState, settings: Config) -> str:
    if part.step and part.phase == "starting":
        # A step tells how far it is in its log.
        return "".join(last_lines(platform.locate(settings).logs / f"{part.name}.log", 1))
    return part.detail


def _how_to_begin(settings: Config) -> None:
    out.print(f"\n{settings.public_url}", style="bold", markup=False)
    if settings.demo:
        print_links(platform.locate(settings))
        _say("Try this:")
        _say("  1. Open Anna's link here, and Bo's in a private window.")
        _say("  2. As Anna, start a topic in OS2display › Generelt; Bo sees it at once and answers.")
        _say("  3. Press n to go to the next unread topic.")


@contextmanager
def _step(text: str) -> Iterator[None]:
    if not out.is_terminal:
        out.print(f"{text} …")
        yield
        return
    with Live(Spinner("dots", f"{text} …"), console=out, transient=True):
        yield
