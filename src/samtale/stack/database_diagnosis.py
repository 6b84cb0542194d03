"""How `samtale doctor` looks at databases: whether they answer and are what is needed."""

import time
from dataclasses import dataclass
from typing import Any

import psycopg

from samtale import portal_configuration as configuration
from samtale.config import Config
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders

_LEAST_VERSION = 170000
# Codes for signing in, and who may still be signed in, are reckoned with both clocks.
_CLOCKS_APART = 30
_SYNAPSE_WANTS = ("UTF8", "C", "C")
_MAKE_ANEW = (
    "make it anew: CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
)
_LOOK = (
    "SELECT current_setting('server_version_num')::int, extract(epoch FROM clock_timestamp())::float8,"
    " pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database()"
)


@dataclass(frozen=True)
class _Seen:
    version: int
    now: float
    locale: tuple[str, str, str]


async def bundled(folders: Folders) -> Finding:
    """Our own PostgreSQL, asked as the portal does."""
    advice = "look at samtale logs postgres"
    try:
        how = configuration.parse(folders.portal_config.read_text(encoding="utf-8")).database
    except (OSError, configuration.PortalConfigError) as error:
        return Finding("database", "bad", str(error), advice)
    return await _judged(
        "database",
        advice,
        host=how.host,
        port=how.port,
        user=how.user,
        password=how.password,
        dbname=how.name,
    )


async def named(config: Config) -> list[Finding]:
    """The databases that the configuration names, whether or not the platform runs."""
    findings = []
    if config.database.portal_dsn:
        findings.append(
            await _judged("database", "check database.portal_dsn", conninfo=config.database.portal_dsn)
        )
    if config.database.synapse_dsn:
        findings.append(
            await _judged(
                "synapse database",
                "check database.synapse_dsn",
                locale=_SYNAPSE_WANTS,
                conninfo=config.database.synapse_dsn,
            )
        )
    return findings


async def _judged(
    what: str, unreachable: str, *, locale: tuple[str, str, str] | None = None, **how: Any
) -> Finding:
    try:
        seen = await _look(**how)
    except (OSError, psycopg.Error) as error:
        return Finding(what, "bad", str(error).strip(), unreachable)
    found = f"PostgreSQL {seen.version // 10000}.{seen.version % 10000}"
    if seen.version < _LEAST_VERSION:
        return Finding(what, "bad", found, "use PostgreSQL 17 or newer")
    if locale is not None and seen.locale != locale:
        has = ", ".join(seen.locale)
        return Finding(what, "bad", f"{found}, but encoding, collation and ctype are {has}", _MAKE_ANEW)
    apart = abs(seen.now - time.time())
    if apart > _CLOCKS_APART:
        return Finding(
            what, "bad", f"{found}, whose clock is {apart:.0f} s off ours", "keep both clocks with NTP"
        )
    return Finding(what, "good", f"{found} answers")


async def _look(**how: Any) -> _Seen:
    connection = await psycopg.AsyncConnection.connect(connect_timeout=5, **how)
    async with connection:
        row = await (await connection.execute(_LOOK)).fetchone()
    if row is None:
        raise psycopg.DataError("the database does not know itself")
    version, now, *names = row
    return _Seen(version, now, (names[0], names[1], names[2]))
