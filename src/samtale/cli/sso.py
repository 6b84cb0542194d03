"""`samtale sso`: other services that sign people in with us."""

import typer

from samtale.cli import management
from samtale.cli.options import ConfigOption, DataOption

app = typer.Typer(help="Other services that sign people in with us.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Other services that sign people in with us."""


@app.command(name="replace-keys")
def replace_keys(config: ConfigOption = None, data: DataOption = None) -> None:
    """Withdraw every signing key at once, for somebody else may have read them."""
    management.run(management.running(config, data), "sso_replace_keys")
