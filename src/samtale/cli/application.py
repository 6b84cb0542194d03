"""The commands together."""

import typer

from samtale.cli import communities, configuration, demo, doctor, down, fka, idp, logs, sso, status, up

app = typer.Typer(
    name="samtale",
    help="OS2samtale: start it, look after it, try it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(up.up)
app.command()(down.down)
app.command()(status.status)
app.command()(logs.logs)
app.command()(doctor.doctor)
app.add_typer(configuration.app, name="config")
app.add_typer(demo.app, name="demo")
app.add_typer(communities.app, name="communities")
app.add_typer(fka.app, name="fka")
app.add_typer(idp.app, name="idp")
app.add_typer(sso.app, name="sso")


def main() -> None:
    """Entry point."""
    app()
