"""`samtale idp`: the ways in that authorities vouch for."""

from typing import Annotated

import typer

from samtale.cli import management
from samtale.cli.options import ConfigOption, DataOption

app = typer.Typer(help="The ways in that authorities vouch for.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The ways in that authorities vouch for."""


@app.command(name="test")
def try_one(
    slug: Annotated[str, typer.Argument(help="Its name in samtale.toml: [oidc.SLUG], [oiosaml.SLUG] …")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Try one sign-in: prints an address to open, and then what came and what it would give."""
    management.run(management.running(config, data), "idp_test", slug)
