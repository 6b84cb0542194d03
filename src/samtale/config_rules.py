"""Rules between keys of the configuration: each value is fine by itself, together they are not."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict

from samtale.config_sections import DEMO_AUTHORITY, DEMO_PROVIDER

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
        rules += [
            *_metadata(config, where, idp.metadata, idp.pinned),
            _alone(config, where, idp.cvr),
            (
                idp.cvr == "any" and idp.metadata != CONTEXT_HANDLER,
                f"{where}.cvr",
                f"must be a list of CVR numbers: any is for {CONTEXT_HANDLER} alone, got 'any'",
            ),
        ]
    for slug, broker in config.broker.items():
        where = f"broker.{slug}"
        rules += [
            _secret(config, where, broker.secret_file),
            _alone(config, where, broker.cvr),
        ]
    for slug, oidc in config.oidc.items():
        where = f"oidc.{slug}"
        rules += [
            _secret(config, where, oidc.secret_file),
            _which_organisation(f"{where}.cvr_claim", oidc.cvr, oidc.cvr_claim),
            _both(where, "role_claim", oidc.role_claim, oidc.member_role),
        ]
    for slug, saml in config.saml.items():
        where = f"saml.{slug}"
        rules += [
            *_metadata(config, where, saml.metadata, saml.pinned),
            _which_organisation(f"{where}.cvr_attribute", saml.cvr, saml.cvr_attribute),
            _both(where, "role_attribute", saml.role_attribute, saml.member_role),
        ]
    return [*rules, *_same_slug(config)]


def _metadata(config: "Config", where: str, metadata: str, pinned: str) -> list[tuple[bool, str, str]]:
    is_address = "://" in metadata
    return [
        (
            is_address and not metadata.startswith("https://") and not config.demo,
            f"{where}.metadata",
            f"must be an address that begins with https://, or a file, got {metadata!r}",
        ),
        (
            not is_address and not config.path(metadata).is_file(),
            f"{where}.metadata",
            f"must be a file that exists, or an address, got {metadata!r}",
        ),
        (
            bool(pinned) and not config.path(pinned).is_file(),
            f"{where}.pinned",
            f"must be a file that exists, or empty, got {pinned!r}",
        ),
    ]


def _alone(config: "Config", where: str, cvr: object) -> tuple[bool, str, str]:
    """Who may speak for every municipality stands beside no other that speaks for one."""
    return (
        cvr == "any" and len(config.oiosaml) + len(config.broker) > 1,
        f"{where}.cvr",
        "must be a list of CVR numbers as long as there is another identity provider beside it, got 'any'",
    )


def _secret(config: "Config", where: str, file: str) -> tuple[bool, str, str]:
    return (
        not config.path(file).is_file(),
        f"{where}.secret_file",
        f"must be a file that exists, got {file!r}",
    )


def _which_organisation(key: str, cvrs: tuple[str, ...], name: str) -> tuple[bool, str, str]:
    return (
        len(cvrs) > 1 and not name,
        key,
        "must say where the person's CVR number stands when cvr names several, got ''",
    )


def _both(where: str, key: str, name: str, role: str) -> tuple[bool, str, str]:
    return (
        bool(name) != bool(role),
        f"{where}.{key if role else 'member_role'}",
        f"must be set together with {'member_role' if role else key}, got ''",
    )


def _same_slug(config: "Config") -> list[tuple[bool, str, str]]:
    """The slug is part of each person's key: two ways in with one slug would be one."""
    first: dict[str, str] = {}
    wrong: list[tuple[bool, str, str]] = []
    if config.demo:
        first = {DEMO_PROVIDER: "the demo's municipality", DEMO_AUTHORITY: "the demo's region"}
    for kind in ("oiosaml", "broker", "oidc", "saml"):
        for slug in getattr(config, kind):
            other = first.setdefault(slug, f"{kind}.{slug}")
            sentence = f"must have a name that no other way in has, got {slug}, which is {other} too"
            wrong.append((other != f"{kind}.{slug}", f"{kind}.{slug}", sentence))
    return wrong


def _same_database(one: str, other: str) -> bool:
    first, second = conninfo_to_dict(one), conninfo_to_dict(other)
    return bool(one) and all(first.get(name) == second.get(name) for name in ("host", "port", "dbname"))


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
