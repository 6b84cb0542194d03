"""Rules between keys of the configuration: each value is fine by itself, together they are not."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from samtale.config import Config

#: The metadata of KOMBIT's production Context Handler, the one that may speak for every organisation.
CONTEXT_HANDLER = "https://n2adgangsstyring.stoettesystemerne.dk/runtime/saml2/metadata.idp"


def broken(config: "Config", ports: Mapping[str, int]) -> list[tuple[str, str]]:
    """Each broken rule: the key to change, and what it must be. `ports`: by the key that changes each."""
    proxy, tls = config.proxy, config.proxy.tls
    rules = [
        *_same_port(ports),
        (
            config.demo and not config.local,
            "portal.hostname",
            f"must be localhost with --demo, got {config.portal.hostname!r}",
        ),
        (
            config.demo and proxy.external,
            "proxy.external",
            "must be false with --demo, which listens on this machine only, got true",
        ),
        *(
            (
                config.demo and bool(dsn),
                f"database.{key}",
                "must be empty with --demo, which uses its own PostgreSQL, got one",
            )
            for key, dsn in (
                ("portal_dsn", config.database.portal_dsn),
                ("synapse_dsn", config.database.synapse_dsn),
            )
        ),
        (
            _same_database(config.database.portal_dsn, config.database.synapse_dsn),
            "database.synapse_dsn",
            "must be another database than that of database.portal_dsn, got the same",
        ),
        (
            not config.local and tls == "off" and not proxy.external,
            "proxy.tls",
            "must be acme or files with a host name, unless proxy.external is true, got 'off'",
        ),
        (
            proxy.external and tls != "off",
            "proxy.tls",
            f"must be off when proxy.external is true, got {tls!r}",
        ),
        (
            config.local and tls == "acme",
            "proxy.tls",
            "must be off or files with the host name localhost, got 'acme'",
        ),
        *(
            (
                tls == "files" and not Path(value).is_file(),
                f"proxy.{key}",
                f"must be a file that exists when proxy.tls is files, got {value!r}",
            )
            for key, value in (
                ("certificate", proxy.certificate),
                ("certificate_key", proxy.certificate_key),
            )
        ),
        *_ways_in(config),
        *_ways_on(config),
        *(
            (
                bool(value) and not Path(value, file).is_file(),
                f"programs.{key}",
                f"must be {kind} that exists, or empty for the bundled one, got {value!r}",
            )
            for key, value, file, kind in (
                ("postgresql", config.programs.postgresql, "initdb", "a folder with initdb and postgres"),
                ("caddy", config.programs.caddy, "", "a program"),
            )
        ),
        (
            bool(config.mail.host) and not config.mail.sender,
            "mail.sender",
            "must be the address mails come from when mail.host is set, got ''",
        ),
    ]
    return [(key, sentence) for wrong, key, sentence in rules if wrong]


def _ways_in(config: "Config") -> list[tuple[bool, str, str]]:
    """Who may say who somebody is: a mistake here would open the door to a stranger."""
    fka = config.fka
    named = [("fka.signing_keys", one) for one in fka.signing_keys]
    named += [("fka.encryption_keys", one) for one in fka.encryption_keys]
    named += [("fka.password_file", fka.password_file)] if fka.password_file else []
    rules = [
        (not config.path(value).is_file(), key, f"must name files that exist, got {value!r}")
        for key, value in named
    ]
    for slug, idp in config.oiosaml.items():
        where = f"oiosaml.{slug}"
        is_address = "://" in idp.metadata
        rules += [
            (
                is_address and not idp.metadata.startswith("https://") and not config.demo,
                f"{where}.metadata",
                f"must be an address that begins with https://, or a file, got {idp.metadata!r}",
            ),
            (
                not is_address and not config.path(idp.metadata).is_file(),
                f"{where}.metadata",
                f"must be a file that exists, or an address, got {idp.metadata!r}",
            ),
            (
                bool(idp.pinned) and not config.path(idp.pinned).is_file(),
                f"{where}.pinned",
                f"must be a file that exists, or empty, got {idp.pinned!r}",
            ),
            (
                idp.cvr == "any" and len(config.oiosaml) > 1,
                f"{where}.cvr",
                "must be a list of CVR numbers as long as there is another identity provider beside it, "
                "got 'any'",
            ),
            (
                idp.cvr == "any" and idp.metadata != CONTEXT_HANDLER,
                f"{where}.cvr",
                f"must be a list of CVR numbers: any is for {CONTEXT_HANDLER} alone, got 'any'",
            ),
        ]
    return rules


def _same_database(one: str, other: str) -> bool:
    if not (one and other):
        return False
    parts = [conninfo_to_dict(dsn) for dsn in (one, other)]
    return all(parts[0].get(name) == parts[1].get(name) for name in ("host", "port", "dbname"))


def _ways_on(config: "Config") -> list[tuple[bool, str, str]]:
    """Which services learn who somebody is: a client either has a secret or says that it can keep none."""
    rules = []
    for slug, service in config.sso.items():
        where = f"sso.{slug}.secret_file"
        rules += [
            (
                service.public and bool(service.secret_file),
                where,
                f"must be empty when public is true, got {service.secret_file!r}",
            ),
            (
                not service.public
                and not (service.secret_file and config.path(service.secret_file).is_file()),
                where,
                f"must be a file that exists, unless public is true, got {service.secret_file!r}",
            ),
        ]
    return rules


def _same_port(ports: Mapping[str, int]) -> list[tuple[bool, str, str]]:
    first: dict[int, str] = {}
    wrong: list[tuple[bool, str, str]] = []
    for key, port in ports.items():
        other = first.setdefault(port, key)
        sentence = f"must be a port that no other part uses, got {port}, which is {other} too"
        wrong.append((other != key, key, sentence))
    return wrong
