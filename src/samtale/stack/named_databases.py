"""Databases that the configuration names by DSN, on a server that somebody else runs."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from samtale.config import Config
from samtale.stack import postgres

_LEAST_VERSION = 170000
_LOOK = """
SELECT current_setting('server_version_num')::int AS version,
    extract(epoch FROM clock_timestamp())::float8 AS now,
    concat_ws(', ', pg_encoding_to_char(encoding), datcollate, datctype) AS locale,
    CASE pg_encoding_to_char(encoding) WHEN 'UTF8' THEN lower('ÆØÅ') = 'æøå' ELSE false END AS danish,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create
FROM pg_database WHERE datname = current_database()
"""
_MAKE_ANEW = "make it anew: CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' " + postgres.LOCALE
_SYNAPSE_WANTS = "UTF8, C, C"


class NamedDatabaseError(Exception):
    """One sentence for each database that cannot be used."""


class UnusableError(Exception):
    """A database cannot be used.

    Attributes:
        found: why, without anything secret.
        advice: what to do; empty when all that one can do is to look at the key.
    """

    def __init__(self, found: str, advice: str = "") -> None:
        super().__init__(found)
        self.found = found
        self.advice = advice


@dataclass(frozen=True)
class Seen:
    """What a database that answers says of itself.

    Attributes:
        version: as PostgreSQL numbers them: 180004 is 18.4.
        now: its clock, in seconds since 1970.
        locale: encoding, collation and ctype.
        danish: whether it knows that Æ, Ø and Å are large letters.
        may_create: whether our role may make tables.
    """

    version: int
    now: float
    locale: str
    danish: bool
    may_create: bool

    @property
    def name(self) -> str:
        """As people call it."""
        return f"PostgreSQL {self.version // 10000}.{self.version % 10000}"


@dataclass(frozen=True)
class NamedDatabase:
    """One database, the key that names it, and for whom it is."""

    key: str
    dsn: str
    for_synapse: bool

    def usable(self) -> Seen:
        """Ask it whether it is what is needed.

        Raises:
            UnusableError: it does not let us in, or is another kind of database.
        """
        seen = look(**parameters(self.dsn))
        if seen.version < _LEAST_VERSION:
            raise UnusableError(seen.name, "use PostgreSQL 17 or newer")
        if self.for_synapse and seen.locale != _SYNAPSE_WANTS:
            raise UnusableError(
                f"{seen.name}, but encoding, collation and ctype are {seen.locale}", _MAKE_ANEW
            )
        if not seen.danish:
            raise UnusableError(f"{seen.name}, but lower('ÆØÅ') is not 'æøå' there", _MAKE_ANEW)
        if not seen.may_create:
            raise UnusableError(
                f"{seen.name}, but its user may not make tables", "make the user the database's owner"
            )
        return seen


def of(config: Config) -> Iterator[NamedDatabase]:
    """Those that this configuration names."""
    if config.database.portal_dsn:
        yield NamedDatabase("database.portal_dsn", config.database.portal_dsn, for_synapse=False)
    if config.database.synapse_dsn:
        yield NamedDatabase("database.synapse_dsn", config.database.synapse_dsn, for_synapse=True)


def check(config: Config) -> None:
    """Look at each, so that no part starts only to fail.

    Raises:
        NamedDatabaseError: with where each was named.
    """
    problems = []
    for database in of(config):
        try:
            database.usable()
        except UnusableError as error:
            advice = f": {error.advice}" if error.advice else ""
            problems.append(f"{config.where(database.key)}: {error.found}{advice}")
    if problems:
        raise NamedDatabaseError("\n".join(problems))


def parameters(dsn: str) -> dict[str, str]:
    """What a DSN says, by the names that libpq has for it: `user`, `password`, `host`, `sslmode` …"""
    # Where a driver looks for a socket when no host is named differs between its builds.
    given = {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
    return {"host": "localhost", "port": str(postgres.PORT)} | given


def look(**how: str) -> Seen:
    """Ask a database about itself.

    Raises:
        UnusableError: it does not let us in, in its own words, which never hold the password.
    """
    try:
        with psycopg.connect(make_conninfo(**{"connect_timeout": "5"} | how)) as connection:
            row = connection.execute(_LOOK).fetchone()
    except psycopg.Error as error:
        raise UnusableError(_reason(error)) from error
    assert row is not None  # noqa: S101 - the database that one is connected to exists
    return Seen(*row)


def _reason(error: psycopg.Error) -> str:
    # Further lines are other tries of the same, without TLS for example, and guesses.
    return str(error).strip().partition("\n")[0].rpartition("FATAL:  ")[2]
