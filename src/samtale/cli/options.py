"""What every command is told on its command line, and how it becomes a Config."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from samtale.config import Config, ConfigError, load

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Configuration file; samtale.toml in the checkout unless named."
    ),
]
DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Data folder; .samtale unless named.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def read(config: Path | None, data: Path | None, *, demo: bool = False) -> Config:
    """Read the configuration, or end with its sentences."""
    overrides: dict[str, object] = {}
    if data is not None:
        overrides["data"] = str(data.absolute())
    if demo:
        overrides["demo"] = True
    try:
        return load(config, overrides=overrides)
    except ConfigError as error:
        refuse(*error.problems)


def refuse(*sentences: str) -> NoReturn:
    """Say why not, and end with exit code 1."""
    for sentence in sentences:
        err.print(sentence, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)
