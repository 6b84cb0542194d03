"""How `samtale doctor` looks at databases: whether they answer and are what is needed."""

import time

from samtale import portal_configuration as configuration
from samtale.config import Config
from samtale.stack import named_databases
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders
from samtale.stack.named_databases import Seen, UnusableError

# Codes for signing in, and who may still be signed in, are reckoned with both clocks.
_CLOCKS_APART = 30


def bundled(folders: Folders) -> Finding:
    """Our own PostgreSQL, asked as the portal does."""
    advice = "look at samtale logs postgres"
    try:
        how = configuration.parse(folders.portal_config.read_text(encoding="utf-8")).database
        seen = named_databases.look(
            host=how.host, port=str(how.port), user=how.user, password=how.password, dbname=how.name
        )
    except (OSError, configuration.PortalConfigError, UnusableError) as error:
        return Finding("database", "bad", str(error), advice)
    return _judged("database", seen)


def named(config: Config) -> list[Finding]:
    """The databases that the configuration names, whether or not the platform runs."""
    findings = []
    for database in named_databases.of(config):
        what = "synapse database" if database.for_synapse else "database"
        try:
            findings.append(_judged(what, database.usable()))
        except UnusableError as error:
            findings.append(Finding(what, "bad", error.found, error.advice or f"check {database.key}"))
    return findings


def _judged(what: str, seen: Seen) -> Finding:
    apart = abs(seen.now - time.time())
    if apart > _CLOCKS_APART:
        return Finding(
            what, "bad", f"{seen.name}, whose clock is {apart:.0f} s off ours", "keep both clocks with NTP"
        )
    return Finding(what, "good", f"{seen.name} answers")
