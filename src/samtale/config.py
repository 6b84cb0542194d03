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
from typing import Any, get_args, get_origin, get_type_hints

from samtale import config_rules
from samtale.config_sections import (
    LOCAL_HOST,
    BrokerSection,
    DatabaseSection,
    FkaSection,
    MailSection,
    MatrixSection,
    OidcSection,
    OiosamlSection,
    PortalSection,
    PortsSection,
    ProgramsSection,
    ProxySection,
    SamlSection,
    SsoSection,
    key,
)
from samtale.config_values import BOOLEAN, OPTIONAL_PATH, SLUG, Kind

CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_FILE = CHECKOUT / "samtale.toml"
DEFAULT_DATA = CHECKOUT / ".samtale"

# Variables of the same prefix that are no keys of the file.
_OTHER_VARIABLES = frozenset({"SAMTALE_PORTAL_CONFIG"})


class ConfigError(Exception):
    """One or more values are wrong; `problems` holds one sentence for each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Config:
    """The whole configuration; `load` makes it. A mapping holds tables that have names of their own."""

    portal: PortalSection = field(default_factory=PortalSection)
    proxy: ProxySection = field(default_factory=ProxySection)
    matrix: MatrixSection = field(default_factory=MatrixSection)
    database: DatabaseSection = field(default_factory=DatabaseSection)
    ports: PortsSection = field(default_factory=PortsSection)
    mail: MailSection = field(default_factory=MailSection)
    programs: ProgramsSection = field(default_factory=ProgramsSection)
    fka: FkaSection = field(default_factory=FkaSection)
    oiosaml: Mapping[str, OiosamlSection] = field(default_factory=dict)
    broker: Mapping[str, BrokerSection] = field(default_factory=dict)
    oidc: Mapping[str, OidcSection] = field(default_factory=dict)
    saml: Mapping[str, SamlSection] = field(default_factory=dict)
    sso: Mapping[str, SsoSection] = field(default_factory=dict)
    data: str = key(OPTIONAL_PATH, "")
    demo: bool = key(BOOLEAN, False)
    allow_bundled: bool = key(BOOLEAN, False)
    source: Path | None = None
    from_environment: frozenset[str] = frozenset()

    @property
    def data_dir(self) -> Path:
        """Absolute path of the data folder; a relative one counts from the configuration file."""
        return self.path(self.data or DEFAULT_DATA.name)

    def where(self, key: str) -> str:
        """Where the value of a key such as `proxy.port` comes from, or can be set: for sentences about it."""
        if key in self.from_environment:
            return f"environment: {_variable(*key.rpartition('.')[::2])}"
        return f"{_label(self.source) if self.source else DEFAULT_FILE.name}: {key}"

    def path(self, value: str) -> Path:
        """Absolute path of a file that a key names; a relative one counts from the configuration file."""
        return ((self.source.parent if self.source else CHECKOUT) / value).resolve()

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
    given = {name: tables.pop(name) for name in (*_sections(), *_named_sections()) if name in tables}
    variables = {
        name: value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith("SAMTALE_") and name not in _OTHER_VARIABLES
    }
    reading = _Reading(_label(path) if path else DEFAULT_FILE.name, variables, [], set())
    sections = {
        name: reading.section(name, shape, given.get(name, {})) for name, shape in _sections().items()
    }
    named: dict[str, Any] = {
        name: reading.named_sections(name, shape, given.get(name, {}))
        for name, shape in _named_sections().items()
    }
    top = reading.values("", Config, tables)
    known = ", ".join(_all_variables())
    reading.problems += [f"environment: {name}: unknown key; known are {known}" for name in variables]
    if reading.problems:
        raise ConfigError(*reading.problems)
    config = Config(
        **sections,
        **named,
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
            shown[item.name] = _masked_section(value)
        elif isinstance(value, Mapping):
            shown[item.name] = {name: _masked_section(section) for name, section in value.items()}
        elif item.metadata:
            shown[item.name] = value
    shown["data"] = str(config.data_dir)
    shown["matrix"]["server_name"] = config.server_name
    return shown


def _masked_section(section: Any) -> dict[str, Any]:
    return {
        item.name: "********"
        if item.metadata["secret"] and getattr(section, item.name)
        else getattr(section, item.name)
        for item in fields(section)
    }


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
    hints: dict[str, Any] = get_type_hints(Config)
    return {name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}


def _named_sections() -> dict[str, type[Any]]:
    """Those of which there are several, each with a name of its own."""
    hints: dict[str, Any] = get_type_hints(Config)
    return {name: get_args(hint)[1] for name, hint in hints.items() if get_origin(hint) is Mapping}


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

    def named_sections(self, name: str, shape: type[Any], given: object) -> dict[str, Any]:
        if not isinstance(given, dict):
            self.problems.append(f"{self.label}: {name}: must be tables [{name}.NAME], got {given!r}")
            return {}
        found = {}
        for own, content in given.items():
            try:
                found[SLUG.accept(own)] = self.section(f"{name}.{own}", shape, content)
            except ValueError:
                self.problems.append(f"{self.label}: {name}.{own}: its name must be {SLUG.allowed}")
        return found

    def values(self, section: str, shape: type[Any], given: Mapping[str, object]) -> dict[str, Any]:
        keys = _keys(shape)
        tables = [*(f"[{each}]" for each in _sections()), *(f"[{each}.NAME]" for each in _named_sections())]
        known = sorted(keys) if section else sorted([*keys, *tables])
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
            if item.default is MISSING:
                self.problems.append(f"{where}: must be {kind.allowed}, but is missing")
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
        **({"ports.testidp": config.ports.testidp} if config.demo else {}),
    }
