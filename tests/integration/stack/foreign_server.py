"""A PostgreSQL that somebody else runs: own superuser, own locale, on TCP, asking for passwords."""

import os
import re
import subprocess
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, LiteralString

import psycopg
from platform_under_test import CHECKOUT
from psycopg import sql

from samtale import config
from samtale.stack import folders, postgres, privilege, secrets

_SUPERUSER = "postgres"


class ForeignServer:
    """Start it, make roles and databases in it as the operator's guide says, ask it, restart it, stop it."""

    def __init__(self, root: Path, port: int) -> None:
        settings = config.load(environment={"SAMTALE_DATA": str(root)})
        place = folders.place(settings, privilege.choose())
        place.make()
        made = postgres.bundled(settings, place, secrets.load_or_create(place.secrets))
        self._programs, self._folder, self._account = made.programs, made.folder, made.account
        self._socket = made.socket
        self.port = port
        self._superuser_password = token_urlsafe(12)
        # What an address must write otherwise.
        self.passwords = {name: f"{token_urlsafe(12)}@/%:?#" for name in (postgres.PORTAL, postgres.SYNAPSE)}

    def start(self) -> None:
        """Make a cluster as a distribution does, and start it."""
        password_file = self._folder / "superuser"
        password_file.write_text(self._superuser_password)
        privilege.give(password_file, self._account)
        self._run(
            "initdb",
            f"--username={_SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        with (self._folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\n")
            file.write(f"unix_socket_directories = '{self._socket}'\n")
        self._run("pg_ctl", "start", "--wait", f"--log={self.log}")

    @property
    def log(self) -> Path:
        """What it writes."""
        return self._folder / "log"

    def make_as_the_guide_says(self) -> None:
        """Run the operator's guide, word by word, and set passwords as `\\password` does."""
        guide = (CHECKOUT / "docs" / "en" / "operating.md").read_text(encoding="utf-8")
        (statements,) = re.findall(r"^```sql\n(.*?)^```", guide, flags=re.M | re.S)
        with psycopg.connect(self._as_superuser(), autocommit=True) as connection:
            for statement in filter(str.strip, statements.split(";")):
                connection.execute(statement)
            for role, password in self.passwords.items():
                words = sql.SQL("ALTER ROLE {} PASSWORD {}")
                connection.execute(words.format(sql.Identifier(role), sql.Literal(password)))

    def ask(self, question: LiteralString, *values: object, database: str = _SUPERUSER) -> Any:
        """The one value that answers an SQL question."""
        with psycopg.connect(self._as_superuser(database)) as connection:
            row = connection.execute(question, values).fetchone()
        assert row is not None
        return row[0]

    def restart(self) -> None:
        """As an operator does after an upgrade."""
        self._run("pg_ctl", "restart", "--wait", "--mode=fast", f"--log={self.log}")

    def stop(self) -> None:
        """Stop it; its data stay to be looked at."""
        self._run("pg_ctl", "stop", "--mode=fast")

    def _as_superuser(self, database: str = _SUPERUSER) -> str:
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1",
            port=self.port,
            user=_SUPERUSER,
            password=self._superuser_password,
            dbname=database,
        )

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments, f"--pgdata={self._folder / 'data'}"],
            check=True,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd=self._folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **privilege.identity(self._account),
        )
