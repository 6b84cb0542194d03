"""What the portal's processes are told when they start: one JSON file, read once.

`samtale.stack.portal` writes the file (mode 0600) from the platform's `Config`; the environment
variable `SAMTALE_PORTAL_CONFIG` names it. The portal reads nothing else from outside.
"""

import json
import os
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from samtale.config_sections import BrokerSection, FkaSection, OidcSection, OiosamlSection, SamlSection

ENVIRONMENT_VARIABLE = "SAMTALE_PORTAL_CONFIG"

Language = Literal["da", "en"]
MailKind = Literal["files", "smtp"]
MailSecurity = Literal["starttls", "tls", "none"]


class PortalConfigError(Exception):
    """The file is missing, unreadable or does not have the expected shape; the text names it and the key."""


@dataclass(frozen=True)
class DatabaseConfig:
    """How to reach the portal's own database.

    `host` is a host name, or the absolute path of the folder that holds PostgreSQL's unix socket. `options`
    are further parameters by libpq's names, such as `sslmode`.
    """

    name: str
    user: str
    password: str
    host: str
    port: int = 5432
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MailConfig:
    """Where mail goes: `files` (the demo: never leaves the machine) or `smtp`."""

    kind: MailKind = "files"
    sender: str = "samtale@localhost"
    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    security: MailSecurity = "starttls"


@dataclass(frozen=True)
class ServiceConfig:
    """Another service in which people sign in with us (OpenID Connect). Its client id is its key in `sso`.

    Attributes:
        name: what people know it as.
        redirect_uris: where it may have people sent back to, exactly.
        post_logout_redirect_uris: the same after a sign-out, exactly.
        backchannel_logout_uri: where it hears that somebody's session ended; empty when it cannot.
        secret_sha256: of its secret, in hexadecimal; empty for a public client.
        trusted: people are not asked whether it may know who they are.
        scopes: what it may ask for besides `openid`.
        roles: who may use it.
        organisations: of which kinds; empty for every kind.
    """

    name: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    secret_sha256: str = ""
    trusted: bool = False
    scopes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True)
class PortalConfig:
    """Everything the portal knows about its surroundings.

    Attributes:
        public_url: what people type, without a slash at the end: `http://localhost:8400`.
        hostname: host of `public_url`, without port.
        server_name: the Matrix server name: the part of `@anna:SERVER` after the colon.
        homeserver_url: where the portal reaches Synapse, without a slash at the end.
        database: the portal's database.
        secret_key: Django's `SECRET_KEY`.
        mas_secret: shared with Synapse: introspection (Synapse to us) and `/_synapse/mas` (us to Synapse).
        as_token: what the application service `samtale` shows Synapse.
        hs_token: what Synapse shows the application service.
        demo: the people and conversations are made up; loopback only.
        mail: where mail goes.
        mail_dir: folder for mails when `mail.kind` is `files`; exists, the portal may write to it.
        data_dir: the portal's own writable folder (keys, uploads); exists.
        language: the installation's first language.
        device_days: how long a device lives after its person was last confirmed.
        client_dist: folder of the built web client (the portal needs it for its tests of links only).
        demo_file: the demo's list of people and passwords, empty outside the demo.
        start_over: the commands that begin the demo anew, one a line.
        fka: what we are to the municipalities' federation; its paths are absolute.
        oiosaml: identity providers that speak OIOSAML 3, by slug; their paths are absolute.
        broker, oidc: OpenID Providers that people sign in with, by slug; their paths are absolute.
        saml: other authorities' providers that speak SAML 2.0, by slug; their paths are absolute.
        sso: services in which people sign in with us, by client id.
        database_connections: how many connections one process keeps at most.
    """

    public_url: str
    hostname: str
    server_name: str
    homeserver_url: str
    database: DatabaseConfig
    secret_key: str
    mas_secret: str
    as_token: str
    hs_token: str
    demo: bool
    mail: MailConfig
    mail_dir: Path
    data_dir: Path
    language: Language = "da"
    device_days: int = 30
    client_dist: Path = Path("web/dist")
    demo_file: Path | None = None
    start_over: str = ""
    fka: FkaSection = field(default_factory=FkaSection)
    oiosaml: dict[str, OiosamlSection] = field(default_factory=dict)
    broker: dict[str, BrokerSection] = field(default_factory=dict)
    oidc: dict[str, OidcSection] = field(default_factory=dict)
    saml: dict[str, SamlSection] = field(default_factory=dict)
    sso: dict[str, ServiceConfig] = field(default_factory=dict)
    database_connections: int = 4

    @property
    def secure(self) -> bool:
        """Whether people reach the platform by https."""
        return self.public_url.startswith("https://")

    def to_json(self) -> str:
        """The file's content; `parse` reads it back to an equal value."""
        return json.dumps(asdict(self), default=str, indent=2, ensure_ascii=False) + "\n"


#: Sections of which there are several, each with a name of its own.
_NAMED: dict[str, type[Any]] = {
    "oiosaml": OiosamlSection,
    "broker": BrokerSection,
    "oidc": OidcSection,
    "saml": SamlSection,
    "sso": ServiceConfig,
}


def load() -> PortalConfig:
    """Read the file that `SAMTALE_PORTAL_CONFIG` names.

    Raises:
        PortalConfigError: the variable is not set, or the file is missing or wrong.
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if not named:
        raise PortalConfigError(
            f"{ENVIRONMENT_VARIABLE} is not set: `samtale up` sets it for the portal's processes"
        )
    path = Path(named)
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PortalConfigError(f"{path}: {error.strerror}") from error
    except PortalConfigError as error:
        raise PortalConfigError(f"{path}: {error}") from error


def parse(text: str) -> PortalConfig:
    """Make a `PortalConfig` of the file's content.

    Raises:
        PortalConfigError: names the key that is missing, unknown or of the wrong kind.
    """
    try:
        content = json.loads(text)
    except ValueError as error:
        raise PortalConfigError(f"not JSON: {error}") from error
    values = _known(content, PortalConfig, "")
    values["database"] = DatabaseConfig(**_known(values["database"], DatabaseConfig, "database."))
    values["mail"] = MailConfig(**_known(values["mail"], MailConfig, "mail."))
    _one_of(values["mail"].kind, get_args(MailKind), "mail.kind")
    _one_of(values["mail"].security, get_args(MailSecurity), "mail.security")
    _one_of(values.get("language", "da"), get_args(Language), "language")
    values["fka"] = _section(values.get("fka", {}), FkaSection, "fka.")
    for key, shape in _NAMED.items():
        values[key] = {
            slug: _section(section, shape, f"{key}.{slug}.") for slug, section in values.get(key, {}).items()
        }
    for key in ("mail_dir", "data_dir", "client_dist", "demo_file"):
        if values.get(key) is not None:
            values[key] = Path(values[key])
    return PortalConfig(**values)


def _section(content: object, shape: type[Any], prefix: str) -> Any:
    """A section as `samtale.toml` has it; JSON has lists where it has tuples."""
    values = _known(content, shape, prefix)
    return shape(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})


def _known(content: object, shape: type[Any], prefix: str) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise PortalConfigError(f"{prefix or 'the file'}: must be an object, got {content!r}")
    names = {item.name for item in fields(shape)}
    for key in content:
        if key not in names:
            raise PortalConfigError(f"{prefix}{key}: unknown key; known are {', '.join(sorted(names))}")
    for item in fields(shape):
        required = item.default is MISSING and item.default_factory is MISSING
        if required and item.name not in content:
            raise PortalConfigError(f"{prefix}{item.name}: missing")
    return dict(content)


def _one_of(value: object, allowed: tuple[str, ...], key: str) -> None:
    if value not in allowed:
        raise PortalConfigError(f"{key}: must be one of {', '.join(allowed)}, got {value!r}")
