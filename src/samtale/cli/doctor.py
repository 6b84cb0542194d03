"""`samtale doctor`: looks at everything the platform needs, and says for each what to do."""

import asyncio
import json
from dataclasses import asdict

import typer
from rich.table import Table

from samtale.cli.options import ConfigOption, DataOption, JsonOption, out, read
from samtale.stack import diagnosis
from samtale.stack.finding import Finding

_MARKS = {"good": "[green]good[/]", "warning": "[yellow]look[/]", "bad": "[red]bad[/]"}


def doctor(config: ConfigOption = None, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check machine, programs, data and parts; exit code 1 when something must be put right."""
    findings = asyncio.run(diagnosis.examine(read(config, data)))
    if as_json:
        out.print_json(json.dumps([asdict(finding) for finding in findings]))
    else:
        out.print(_table(findings))
    raise typer.Exit(1 if any(finding.verdict == "bad" for finding in findings) else 0)


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("what")
    table.add_column("")
    table.add_column("found and what to do", overflow="fold")
    for finding in findings:
        advice = f"\n[bold]→ {finding.advice}[/]" if finding.advice else ""
        table.add_row(finding.what, _MARKS[finding.verdict], f"{finding.found}{advice}")
    return table
