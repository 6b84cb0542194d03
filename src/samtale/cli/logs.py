"""`samtale logs`: what the parts write."""

import time
from pathlib import Path
from typing import Annotated

import typer

from samtale.cli.options import ConfigOption, DataOption, out, read, refuse
from samtale.stack import platform
from samtale.stack.log_files import Followed, last_lines


def logs(
    part: Annotated[str | None, typer.Argument(help="One part, such as synapse; all unless named.")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many lines of each.")] = 40,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Print the end of the logs."""
    folder = platform.locate(read(config, data)).logs
    files = sorted(folder.glob("*.log")) if folder.is_dir() else []
    if part is not None:
        known = [file.stem for file in files]
        if part not in known:
            refuse(f"there is no log of {part!r}; there are {', '.join(known) or 'none yet'}")
        files = [folder / f"{part}.log"]
    # Opened first, so that no line is lost between the end of a file and what comes after.
    followed = [Followed(file) for file in files]
    for each in followed:
        for line in last_lines(each.path, lines, until=each.began):
            _print(each.path, line, named=part is None)
    try:
        while follow:
            for each in followed:
                for line in each.new_lines():
                    _print(each.path, line, named=part is None)
            time.sleep(0.3)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _print(file: Path, line: str, *, named: bool) -> None:
    out.print(f"{file.stem}: {line}" if named else line, markup=False, soft_wrap=True)
