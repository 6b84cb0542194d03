"""`samtale fka record`: a real answer becomes a test case, without the person in it."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from samtale.cli.options import ConfigOption, DataOption, out, read, refuse
from samtale.config import CHECKOUT
from samtale.oiosaml import algorithms, keys, recording
from samtale.oiosaml.recording import Recording
from samtale.oiosaml.refusal import Refused
from samtale.stack import federation, platform

_CASES = CHECKOUT / "tests" / "unit" / "oiosaml" / "recorded"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def record(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="The form's field SAMLResponse, base64."
        ),
    ],
    *,
    name: Annotated[str, typer.Option("--name", help="What the case is called, such as odense-2027-01.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the tests look.")] = _CASES,
    yes: Annotated[bool, typer.Option("--yes", help="Write it without asking.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Keep a real answer as a test case: opened with our key, everything about the person made up."""
    if _NAME.fullmatch(name) is None:
        refuse(f"--name must be small letters, digits and hyphens, got {name!r}")
    target = to / f"{name}.xml"
    if not to.is_dir():
        refuse(f"{to} is no folder: name the tests' with --to")
    if target.exists():
        refuse(f"{target} is there already")
    settings = read(config, data)
    section = federation.with_keys_of_now(federation.fka(settings, platform.locate(settings)))
    password_file = Path(section.password_file) if section.password_file else None
    try:
        own = [keys.load(Path(path), password_file).private for path in section.encryption_keys]
        recorded = recording.record(file.read_text(encoding="ascii"), own, algorithms.PROFILE)
    except (keys.KeyProblem, Refused, recording.NotScrubbed) as problem:
        refuse(str(problem))
    except UnicodeDecodeError:
        refuse(f"{file}: must be the form's field SAMLResponse, which is base64")
    out.print(_table(recorded))
    out.print(
        "All else stays as it was: look whether any of it says who it is about.\n",
        markup=False,
        soft_wrap=True,
    )
    out.print(recorded.document.decode(), markup=False, soft_wrap=True)
    if not yes and not typer.confirm(f"Write it to {target}?"):
        raise typer.Exit(1)
    target.write_bytes(recorded.document + b"\n")
    out.print(
        f"written to {target}; delete {file}, which is about a real person", markup=False, soft_wrap=True
    )


def _table(recorded: Recording) -> Table:
    table = Table("made up", "stands there now", box=None, pad_edge=False)
    for each in recorded.replaced:
        table.add_row(escape(each.where), escape(each.made_up))
    return table
