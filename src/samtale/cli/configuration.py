"""`samtale config`: what the configuration says, secrets masked."""

import json

import typer

from samtale.cli.options import ConfigOption, DataOption, JsonOption, out, read
from samtale.config import masked

app = typer.Typer(help="The configuration.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The configuration."""


@app.command()
def show(config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Print every key with the value in force."""
    values = masked(read(config, data))
    if as_json:
        out.print_json(json.dumps(values))
        return
    top = {key: value for key, value in values.items() if not isinstance(value, dict)}
    for name, table in (
        {"": top} | {key: value for key, value in values.items() if isinstance(value, dict)}
    ).items():
        if name:
            out.print(f"\n[{name}]", markup=False)
        for key, value in table.items():
            out.print(f"{key} = {json.dumps(value, ensure_ascii=False)}", markup=False, soft_wrap=True)
