"""`samtale demo`: sign-in links for the demo's people."""

import typer

from samtale.cli.options import ConfigOption, DataOption, out, read, refuse
from samtale.stack import demo, platform, state
from samtale.stack.folders import Folders

app = typer.Typer(help="The demo.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The demo."""


@app.command()
def links(config: ConfigOption = None, data: DataOption = None) -> None:
    """Print new links that sign in, each once."""
    folders = platform.locate(read(config, data))
    if state.holder(folders.lock) is None:
        refuse("nothing runs: `samtale up --demo` starts the demo")
    print_links(folders)


def print_links(folders: Folders) -> None:
    """Print one line per person."""
    try:
        made = demo.links(folders)
    except demo.DemoError as error:
        refuse(str(error))
    for link in made:
        out.print(f"  {link.name:<16} {link.url}", markup=False, soft_wrap=True)
