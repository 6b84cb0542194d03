"""`samtale fka keys`: our keys in the data folder, and how they are changed while people sign in."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from samtale.cli.options import ConfigOption, DataOption, out, read, refuse
from samtale.config import Config
from samtale.stack import federation_change, federation_keys, platform, portal_commands
from samtale.stack.federation_keys import KeysError
from samtale.stack.folders import Folders, FoldersError

app = typer.Typer(help="Our keys for the federation, in the data folder.", no_args_is_help=True)
_READ_AGAIN = (
    "KOMBIT must read our metadata again: by itself where it has their address, else by an upload of what "
    "`samtale fka metadata` prints."
)


@app.callback()
def _group() -> None:
    """Our keys for the federation, in the data folder."""


@app.command()
def new(config: ConfigOption = None, data: DataOption = None) -> None:
    """Make the first keys, one for signing and one for encryption. Never overwrites."""
    _do("made", federation_keys.new, read(config, data))
    _say("Next: `samtale fka check`.")


@app.command()
def rollover(
    *,
    switch: Annotated[bool, typer.Option("--switch", help="Use the next keys from now on.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make the next keys and publish them beside the current ones; with --switch, begin to use them."""
    settings = read(config, data)
    if switch:
        _do("switched", federation_keys.switch, settings)
        _say(
            f"Both are published, the new ones first, and both open what comes. {_READ_AGAIN} When it has: "
            "`samtale fka keys retire`."
        )
    else:
        _do("rollover_begun", federation_keys.begin_rollover, settings)
        _say(
            f"Both are published, the current ones first. {_READ_AGAIN} When it has: "
            "`samtale fka keys rollover --switch`."
        )


@app.command()
def retire(config: ConfigOption = None, data: DataOption = None) -> None:
    """Delete the keys of before the switch, once KOMBIT has read our metadata again."""
    _do("retired", federation_keys.retire, read(config, data))


def _do(
    act: str, change: Callable[[Config, Folders], list[federation_keys.Changed]], settings: Config
) -> None:
    folders = platform.locate(settings)
    for use in federation_keys.USES:
        if named := federation_keys.named(settings, use):
            _say(f"{use}: samtale.toml names {', '.join(named)}, which are yours to change.")
    try:
        folders.make()
        changed = change(settings, folders)
        runs = federation_change.record(folders, act, [each.fingerprint for each in changed])
    except (KeysError, FoldersError, portal_commands.CommandFailed) as problem:
        refuse(str(problem))
    except OSError as error:
        refuse(f"{error.filename}: {error.strerror}: do it as the one who starts the platform")
    for each in changed:
        _say(f"{act.replace('_', ' ')}: {each.path}, certificate {each.fingerprint}")
    _say("The portal uses this from now on." if runs else "The portal uses this when it starts.")


def _say(text: str | Path) -> None:
    out.print(str(text), markup=False, soft_wrap=True)
