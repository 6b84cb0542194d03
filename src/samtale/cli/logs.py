"""`samtale logs`: what the parts write."""

import time
from pathlib import Path
from typing import Annotated

import typer

from samtale.cli.options import ConfigOption, DataOption, out, read, refuse
from samtale.stack import platform
from samtale.stack.log_files import last_lines


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
    for file in files:
        for line in last_lines(file, lines):
            _print(file, line, named=part is None)
    if follow:
        try:
            _follow(files, named=part is None)
        except KeyboardInterrupt:
            raise typer.Exit(0) from None


def _follow(files: list[Path], *, named: bool) -> None:
    read_until = {file: file.stat().st_size for file in files}
    while True:
        for file, position in read_until.items():
            size = file.stat().st_size if file.exists() else 0
            # A rotated file begins again.
            start = position if size >= position else 0
            if size > start:
                with file.open("rb") as opened:
                    opened.seek(start)
                    for line in opened.read(size - start).decode("utf-8", "replace").splitlines():
                        _print(file, line, named=named)
            read_until[file] = size
        time.sleep(0.3)


def _print(file: Path, line: str, *, named: bool) -> None:
    out.print(f"{file.stem}: {line}" if named else line, markup=False, soft_wrap=True)
