"""The platform's one configuration: `samtale.toml` and the environment become a typed, frozen `Config`.

Every key has a default that suits a trial on this machine, so no file is needed to begin. An
environment variable `SAMTALE_SECTION_KEY` (`SAMTALE_PROXY_PORT`) wins over the file. All wrong values are
reported at once, each in one sentence that names file, key, what was given and what is allowed.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_type_hints

from samtale import config_rules
from samtale.config_values import (
    BOOLEAN,
    HOSTNAME,
    LANGUAGE,
    OPTIONAL_DSN,
    OPTIONAL_MAIL_ADDRESS,
    OPTIONAL_PATH,
    OPTIONAL_TEXT,
    PORT,
    PRESENCE,
    RATE,
    SECURITY,
    SERVER_NAME,
    SIZE,
    TLS,
    Kind,
    whole_number,
)

CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_FILE = CHECKOUT / "samtale.toml"
DEFAULT_DATA = CHECKOUT / ".samtale"
LOCAL_HOST = "localhost"

# Variables of the same prefix that are no keys of the file.
_OTHER_VARIABLES = frozenset({"SAMTALE_PORTAL_CONFIG"})


class ConfigError(Exception):
    """One or more values are wrong; `problems` holds one sentence for each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _key(kind: Kind, default: Any, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"kind": kind, "secret": secret})


@dataclass(frozen=True)
class PortalSection:
    """How people reach the platform. `hostname` may change later, `matrix.server_name` may not.

    `device_days`: how long a device stays signed in after its person last signed in to the portal.
    """

    hostname: str = _key(HOSTNAME, LOCAL_HOST)
    language: Literal["da", "en"] = _key(LANGUAGE, "da")
    device_days: int = _key(whole_number(1, 365), 30)


@dataclass(frozen=True)
class ProxySection:
    """The proxy in front.

    `external`: another one is there already, and none of ours starts.
    `tls`: `off`, `acme` (a certificate is fetched and renewed) or `files` (`certificate`, `certificate_key`).
    """

    port: int = _key(PORT, 8400)
    external: bool = _key(BOOLEAN, False)
    tls: Literal["off", "acme", "files"] = _key(TLS, "off")
    certificate: str = _key(OPTIONAL_PATH, "")
    certificate_key: str = _key(OPTIONAL_PATH, "")
    acme_email: str = _key(OPTIONAL_MAIL_ADDRESS, "")


@dataclass(frozen=True)
class MatrixSection:
    """The chat engine. Rates are per second, with room for a whole municipality behind one address."""

    server_name: str = _key(SERVER_NAME, "")
    messages_per_second: float = _key(RATE, 5.0)
    joins_per_second: float = _key(RATE, 5.0)
    invites_per_second: float = _key(RATE, 1.0)
    max_upload_size: int = _key(SIZE, 50 * 1024**2)
    url_previews: bool = _key(BOOLEAN, True)
    presence: Literal["on", "off", "untracked"] = _key(PRESENCE, "on")
    cache_factor: float = _key(RATE, 0.5)
    connections: int = _key(whole_number(2, 200), 5)


@dataclass(frozen=True)
class DatabaseSection:
    """Empty DSN: the bundled PostgreSQL, in the data folder, reached by a unix socket only."""

    portal_dsn: str = _key(OPTIONAL_DSN, "", secret=True)
    synapse_dsn: str = _key(OPTIONAL_DSN, "", secret=True)
    shared_buffers: int = _key(SIZE, 32 * 1024**2)
    max_connections: int = _key(whole_number(20, 2000), 60)


@dataclass(frozen=True)
class PortsSection:
    """Where the parts listen on 127.0.0.1."""

    portal: int = _key(PORT, 8402)
    synapse: int = _key(PORT, 8408)


@dataclass(frozen=True)
class MailSection:
    """Outgoing mail. Without a host, and always in the demo, mails are files in the data folder."""

    host: str = _key(OPTIONAL_TEXT, "")
    port: int = _key(PORT, 587)
    security: Literal["starttls", "tls", "none"] = _key(SECURITY, "starttls")
    user: str = _key(OPTIONAL_TEXT, "")
    password: str = _key(OPTIONAL_TEXT, "", secret=True)
    sender: str = _key(OPTIONAL_MAIL_ADDRESS, "")


@dataclass(frozen=True)
class ProgramsSection:
    """The distribution's own programs in place of the bundled ones: PostgreSQL's folder, Caddy's file."""

    postgresql: str = _key(OPTIONAL_PATH, "")
    caddy: str = _key(OPTIONAL_PATH, "")


@dataclass(frozen=True)
class Config:
    """The whole configuration; `load` makes it."""

    portal: PortalSection = PortalSection()
    proxy: ProxySection = ProxySection()
    matrix: MatrixSection = MatrixSection()
    database: DatabaseSection = DatabaseSection()
    ports: PortsSection = PortsSection()
    mail: MailSection = MailSection()
    programs: ProgramsSection = ProgramsSection()
    data: str = _key(OPTIONAL_PATH, "")
    demo: bool = _key(BOOLEAN, False)
    allow_bundled: bool = _key(BOOLEAN, False)
    source: Path | None = None
    from_environment: frozenset[str] = frozenset()

    @property
    def data_dir(self) -> Path:
        """Absolute path of the data folder; a relative one counts from the configuration file."""
        folder = self.source.parent if self.source else CHECKOUT
        return (folder / (self.data or DEFAULT_DATA.name)).resolve()

    def where(self, key: str) -> str:
        """Where the value of a key such as `proxy.port` comes from, or can be set: for sentences about it."""
        if key in self.from_environment:
            return f"environment: {_variable(*key.rpartition('.')[::2])}"
        return f"{_label(self.source) if self.source else DEFAULT_FILE.name}: {key}"

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the platform."""
        return self.portal.hostname == LOCAL_HOST

    @property
    def server_name(self) -> str:
        """The Matrix server name; the host name unless it was named."""
        return self.matrix.server_name or self.portal.hostname

    @property
    def public_url(self) -> str:
        """What people type, without a slash at the end."""
        if self.local:
            scheme = "https" if self.proxy.tls != "off" else "http"
            return f"{scheme}://{LOCAL_HOST}:{self.proxy.port}"
        port = "" if self.proxy.external or self.proxy.port == 443 else f":{self.proxy.port}"
        return f"https://{self.portal.hostname}{port}"

    @property
    def bundled_database(self) -> bool:
        """Whether our own PostgreSQL runs at all."""
        return not (self.database.portal_dsn and self.database.synapse_dsn)


def load(
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Config:
    """Read the configuration.

    Args:
        file: a file that must exist; None takes `samtale.toml` in the checkout when it is there.
        environment: variables; None takes the process's own.
        overrides: top-level keys from the command line, such as `{"demo": True}`.

    Raises:
        ConfigError: with one sentence per wrong value.
    """
    path = file if file is not None else (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    tables = _read(path) if path else {}
    given = {name: tables.pop(name) for name in _sections() if name in tables}
    variables = {
        name: value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith("SAMTALE_") and name not in _OTHER_VARIABLES
    }
    reading = _Reading(_label(path) if path else DEFAULT_FILE.name, variables, [], set())
    sections = {
        name: reading.section(name, shape, given.get(name, {})) for name, shape in _sections().items()
    }
    top = reading.values("", Config, tables)
    known = ", ".join(_all_variables())
    reading.problems += [f"environment: {name}: unknown key; known are {known}" for name in variables]
    if reading.problems:
        raise ConfigError(*reading.problems)
    config = Config(
        **sections,
        **(top | dict(overrides or {})),
        source=path.resolve() if path else None,
        from_environment=frozenset(reading.from_environment - set(overrides or {})),
    )
    broken = [
        f"{config.where(key)}: {sentence}"
        for key, sentence in config_rules.broken(config, listening_ports(config))
    ]
    if broken:
        raise ConfigError(*broken)
    return config


def masked(config: Config) -> dict[str, Any]:
    """The configuration as plain tables, secrets replaced by stars, for printing."""
    shown: dict[str, Any] = {}
    for item in fields(config):
        value = getattr(config, item.name)
        if is_dataclass(value):
            shown[item.name] = {
                inner.name: "********"
                if inner.metadata["secret"] and getattr(value, inner.name)
                else getattr(value, inner.name)
                for inner in fields(value)
            }
        elif item.metadata:
            shown[item.name] = value
    shown["data"] = str(config.data_dir)
    shown["matrix"]["server_name"] = config.server_name
    return shown


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error


def _label(path: Path) -> str:
    return path.name if path.resolve() == DEFAULT_FILE else str(path)


def _sections() -> dict[str, type[Any]]:
    return {name: hint for name, hint in get_type_hints(Config).items() if is_dataclass(hint)}  # type: ignore[misc]


def _keys(shape: type[Any]) -> dict[str, Field[Any]]:
    return {item.name: item for item in fields(shape) if "kind" in item.metadata}


def _variable(section: str, key: str) -> str:
    return "_".join(part for part in ("SAMTALE", section, key) if part).upper()


def _all_variables() -> list[str]:
    named = [(section, key) for section, shape in _sections().items() for key in _keys(shape)]
    return sorted(_variable(*pair) for pair in [*named, *(("", key) for key in _keys(Config))])


@dataclass
class _Reading:
    """One pass over file and environment; collects what is wrong and crosses off the variables it used."""

    label: str
    variables: dict[str, str]
    problems: list[str]
    from_environment: set[str]

    def section(self, name: str, shape: type[Any], given: object) -> Any:
        if not isinstance(given, dict):
            self.problems.append(f"{self.label}: {name}: must be a table [{name}], got {given!r}")
            given = {}
        return shape(**self.values(name, shape, given))

    def values(self, section: str, shape: type[Any], given: Mapping[str, object]) -> dict[str, Any]:
        keys = _keys(shape)
        known = sorted(keys) if section else sorted([*keys, *(f"[{each}]" for each in _sections())])
        self.problems += [
            f"{self.label}: {_dotted(section, name)}: unknown key; known are {', '.join(known)}"
            for name in given
            if name not in keys
        ]
        return {name: self._value(section, item, given.get(name, MISSING)) for name, item in keys.items()}

    def _value(self, section: str, item: Field[Any], raw: object) -> Any:
        kind: Kind = item.metadata["kind"]
        variable = _variable(section, item.name)
        where = f"{self.label}: {_dotted(section, item.name)}"
        if variable in self.variables:
            where, raw = f"environment: {variable}", kind.from_text(self.variables.pop(variable))
            self.from_environment.add(_dotted(section, item.name))
        if raw is MISSING:
            return item.default
        try:
            return kind.accept(raw)
        except ValueError:
            shown = "********" if item.metadata["secret"] else repr(raw)
            self.problems.append(f"{where}: must be {kind.allowed}, got {shown}")
            return item.default


def _dotted(section: str, key: str) -> str:
    return f"{section}.{key}" if section else key


def listening_ports(config: Config) -> dict[str, int]:
    """Every port the platform listens on, by the key that changes it."""
    return {
        "proxy.port": config.proxy.port,
        "ports.portal": config.ports.portal,
        "ports.synapse": config.ports.synapse,
    }
