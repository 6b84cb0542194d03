"""Findings as a table: what was looked at, how it is, what was found and what to do."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import typer
from rich.markup import escape
from rich.table import Table

from samtale.cli.options import out
from samtale.stack.finding import Finding

_MARKS = {"good": "[green]good[/]", "warning": "[yellow]look[/]", "bad": "[red]bad[/]"}


def show(findings: Sequence[Finding], *, as_json: bool) -> typer.Exit:
    """Print them. Returns the end of the command: exit code 1 when something must be put right."""
    if as_json:
        out.print_json(json.dumps([asdict(finding) for finding in findings]))
    else:
        out.print(_table(findings))
    return typer.Exit(1 if any(finding.verdict == "bad" for finding in findings) else 0)


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("what")
    table.add_column("")
    table.add_column("found and what to do", overflow="fold")
    for finding in findings:
        advice = f"\n[bold]→ {escape(finding.advice)}[/]" if finding.advice else ""
        table.add_row(finding.what, _MARKS[finding.verdict], f"{escape(finding.found)}{advice}")
    return table
