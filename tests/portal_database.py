"""PostgreSQL for the unit tests: started by the first run that asks, stopped by the last one that leaves."""

import asyncio
import fcntl
import os
import subprocess
from pathlib import Path
from typing import IO

import psycopg

from samtale import config
from samtale.stack import folders, portal, postgres, privilege, secrets

CHECKOUT = Path(__file__).resolve().parents[1]
ROOT = CHECKOUT / ".samtale-test" / "unit"


class PortalDatabase:
    """The server of `.samtale-test/unit`; several test runs share it, each with a database of its own."""

    def __init__(self) -> None:
        os.umask(0o022)
        self.config = config.load(
            environment={
                "SAMTALE_DATA": str(ROOT),
                "SAMTALE_DEMO": "true",
                "SAMTALE_PROXY_PORT": "18400",
                "SAMTALE_PORTS_PORTAL": "18402",
                "SAMTALE_PORTS_SYNAPSE": "18408",
            }
        )
        self.folders = folders.place(self.config, privilege.choose())
        self.folders.make()
        with self._locked("secrets.lock"):
            self.secrets = secrets.load_or_create(self.folders.secrets)
        self._in_use: IO[str] | None = None

    def describe(self) -> Path:
        """Write what the portal reads, and return its path."""
        portal.prepare(self.config, self.folders, self.secrets)
        return self.folders.portal_config

    def start(self) -> None:
        """Start the server unless another test run did."""
        cluster = postgres.bundled(self.config, self.folders, self.secrets)
        with self._locked("start.lock"):
            first = self._lock_alone()
            if first or not _answers(cluster):
                cluster.prepare()
                self._pg_ctl(cluster, "start", "--wait", f"--log={cluster.folder / 'log'}")
                asyncio.run(cluster.provision())
                _allow_test_databases(cluster)
            self._lock_with_others()

    def stop(self) -> None:
        """Stop the server unless another test run still uses it."""
        if self._in_use is None:
            return
        with self._locked("start.lock"):
            if self._lock_alone():
                cluster = postgres.bundled(self.config, self.folders, self.secrets)
                self._pg_ctl(cluster, "stop", "--mode=fast")
            self._in_use.close()
            self._in_use = None

    def _pg_ctl(self, cluster: postgres.Postgres, *arguments: str) -> None:
        if arguments[0] == "start" and _answers(cluster):
            return
        subprocess.run(
            [str(cluster.programs / "pg_ctl"), *arguments, f"--pgdata={cluster.data}"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd=cluster.folder,
            **privilege.identity(cluster.account),
        )

    def _locked(self, name: str) -> IO[str]:
        file = (ROOT / name).open("w")
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def _lock_alone(self) -> bool:
        self._in_use = self._in_use or (ROOT / "in-use.lock").open("w")
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock_with_others(self) -> None:
        assert self._in_use is not None
        fcntl.flock(self._in_use, fcntl.LOCK_SH)


def _answers(cluster: postgres.Postgres) -> bool:
    try:
        psycopg.connect(cluster.connection()).close()
    except psycopg.Error:
        return False
    return True


def _allow_test_databases(cluster: postgres.Postgres) -> None:
    """Let the portal's role make databases, and drop those that killed test runs left."""
    with psycopg.connect(cluster.connection(), autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {postgres.PORTAL} CREATEDB")
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'").fetchall()
        for (name,) in left:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
