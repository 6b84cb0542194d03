"""`samtale communities`: communities and channels as data."""

from pathlib import Path
from typing import Annotated

import typer

from samtale.cli import management
from samtale.cli.options import ConfigOption, DataOption, refuse

app = typer.Typer(help="Communities and channels as data.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Communities and channels as data."""


@app.command()
def apply(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="communities.yaml")
    ],
    *,
    archive: Annotated[
        bool, typer.Option("--archive", help="Close what left the file for new messages; it is kept.")
    ] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make the communities those of FILE."""
    folders = management.running(config, data)
    account = folders.accounts.programs
    if account is not None and not account.may_read(file):
        refuse(f"{file}: must be readable by the account {account.name}, which the portal runs as")
    more = ["--archive"] if archive else []
    management.run(folders, "communities_apply", str(file.absolute()), *more)
