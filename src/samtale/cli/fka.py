"""`samtale fka`: the sign-in with the municipalities, from the metadata to the first answer."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from samtale.cli import findings, fka_keys, fka_record, management
from samtale.cli.options import ConfigOption, DataOption, JsonOption, out, read, refuse
from samtale.config import Config
from samtale.lifecycle.tried import Case
from samtale.stack import (
    federation_diagnosis,
    federation_selftest,
    installation,
    platform,
    portal_commands,
    postgres,
)

app = typer.Typer(help="The sign-in with the municipalities (FK Adgangsstyring).", no_args_is_help=True)
app.add_typer(fka_keys.app, name="keys")
app.command()(fka_record.record)


@app.callback()
def _group() -> None:
    """The sign-in with the municipalities (FK Adgangsstyring)."""


@app.command()
def metadata(
    file: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Print the metadata to upload: what /adgang/saml/metadata shows, without a running platform."""
    settings = _settings(config, data)
    try:
        document = federation_diagnosis.metadata(settings, platform.locate(settings))
        if file is None:
            typer.echo(document)
            return
        file.write_text(document, encoding="utf-8")
    except portal_commands.CommandFailed as failed:
        refuse(str(failed))
    except OSError as error:
        refuse(f"{file}: {error.strerror}")
    out.print(f"written to {file}", markup=False)


@app.command()
def check(config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check keys, certificates, metadata and providers; exit code 1 when something must be put right."""
    settings = _settings(config, data)
    raise findings.show(federation_diagnosis.examine(settings, platform.locate(settings)), as_json=as_json)


@app.command()
def selftest(config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Try every good and every evil answer, in a database made for it; exit code 1 when one goes wrong."""
    settings = _settings(config, data)
    try:
        cases = federation_selftest.run(settings, platform.locate(settings))
    except (
        federation_selftest.NotInstalled,
        postgres.PostgresError,
        portal_commands.CommandFailed,
    ) as problem:
        refuse(str(problem))
    if as_json:
        out.print_json(json.dumps([asdict(case) | {"good": case.good} for case in cases]))
    else:
        out.print(_cases(cases))
        out.print(f"{sum(case.good for case in cases)} of {len(cases)} as they must be")
    raise typer.Exit(0 if all(case.good for case in cases) else 1)


@app.command()
def approve(
    cvr: Annotated[str, typer.Argument(help="Eight digits.")],
    product: Annotated[str, typer.Argument(help="The community's slug, such as os2display.")],
    *,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Let it count no more.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Let the privilege »moderator« of an organisation count for a product."""
    more = ["--withdraw"] if withdraw else []
    management.run(management.running(config, data), "privileges_approve", *more, "--", cvr, product)


@app.command()
def approvals(config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """List whose privilege »moderator« counts for which product, and who waits for it."""
    more = ["--json"] if as_json else []
    management.run(management.running(config, data), "privileges_approved", *more)


def _settings(config: Path | None, data: Path | None) -> Config:
    """As the platform was started: a data folder with the demo in it is the demo's."""
    settings = read(config, data)
    if installation.holds_demo(platform.locate(settings)):
        return read(config, data, demo=True)
    return settings


def _cases(cases: list[Case]) -> Table:
    table = Table("answer", "", "expected", "got", "refused at", box=None, pad_edge=False)
    for case in cases:
        mark = "[green]good[/]" if case.good else "[red]bad[/]"
        table.add_row(case.name, mark, case.expected, escape(case.got), case.step)
    return table
