"""What `samtale doctor` looks at: one function per subject, each with its advice."""

import ctypes
import os
import platform as machine
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from cryptography import x509

from samtale.config import Config, listening_ports
from samtale.stack import (
    client,
    database_diagnosis,
    openid_diagnosis,
    platform,
    ports,
    postgres,
    proxy,
    state,
)
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders
from samtale.stack.http import http_probe
from samtale.stack.part import Probe, Unhealthy

_LEAST_MEMORY_GB = 2
_LEAST_DISK_GB = 2
_CERTIFICATE_DAYS = 14
# Caddy's: what our configuration is written for. PostgreSQL's: the builtin locale provider.
_LEAST_CADDY = (2, 6)
_LEAST_POSTGRESQL = (17,)
# adjtimex(2): the clock is kept by nobody.
_TIME_ERROR = 5


async def examine(config: Config) -> list[Finding]:
    """Look at everything. Changes nothing."""
    folders = platform.locate(config)
    running = state.holder(folders.lock) is not None
    findings = [
        _machine(),
        _python(),
        *_programs(config),
        _account(config, folders),
        _disk(folders),
        clock(folders),
        *_ports(config, folders, running=running),
        _certificates(config, folders),
        _client(),
        *database_diagnosis.named(config),
        *openid_diagnosis.services(config, folders),
    ]
    if not running:
        findings.append(
            Finding("platform", "warning", f"does not run on {folders.root}", "start it with samtale up")
        )
        return findings
    if config.bundled_database:
        findings.append(database_diagnosis.bundled(folders))
    return [*findings, *await _parts(config)]


def _machine() -> Finding:
    memory = psutil.virtual_memory().total / 1024**3
    found = f"{machine.machine()}, {os.cpu_count()} cores, {memory:.1f} GB memory"
    if memory < _LEAST_MEMORY_GB:
        return Finding("machine", "bad", found, f"give it {_LEAST_MEMORY_GB} GB of memory")
    return Finding("machine", "good", found)


def _python() -> Finding:
    return Finding("python", "good", f"{machine.python_version()} ({sys.executable})")


def _programs(config: Config) -> list[Finding]:
    needed = []
    if config.bundled_database:
        needed.append(
            _program(
                "postgresql",
                lambda: _cluster_programs(config) / "postgres",
                "--version",
                least=_LEAST_POSTGRESQL,
            )
        )
    if not config.proxy.external:
        needed.append(_program("caddy", lambda: proxy.program(config), "version", least=_LEAST_CADDY))
    return [
        *needed,
        _program("node", client.node, "--version"),
        _package("synapse", "matrix-synapse"),
        _package("django", "django"),
    ]


def _cluster_programs(config: Config) -> Path:
    named = config.programs.postgresql
    return Path(named) if named else postgres.bundled_programs()


def _program(name: str, find: Callable[[], Path], argument: str, *, least: tuple[int, ...] = ()) -> Finding:
    try:
        path = find()
        answer = subprocess.run([path, argument], capture_output=True, text=True, check=True, timeout=10)
    except (postgres.PostgresError, proxy.ProxyError, client.ClientError) as error:
        return Finding(name, "bad", "missing", str(error))
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(name, "bad", str(error), "run `make bootstrap`")
    said = answer.stdout.strip().partition(" h1:")[0]
    found = f"{said} ({path})"
    number = re.search(r"\d+(\.\d+)*", said)
    if number and tuple(int(each) for each in number[0].split(".")) < least:
        needed = ".".join(str(each) for each in least)
        return Finding(name, "bad", found, f"name {needed} or newer in programs.{name}")
    return Finding(name, "good", found)


def _package(name: str, package: str) -> Finding:
    try:
        return Finding(name, "good", version(package))
    except PackageNotFoundError:
        return Finding(name, "bad", f"{package} is not installed", "run `make bootstrap`")


def _account(config: Config, folders: Folders) -> Finding:
    accounts = folders.accounts
    if accounts.database is None:
        return Finding("account", "good", f"everything runs as uid {os.geteuid()}")
    if accounts.programs is None:
        who = "every part runs as root"
        if config.bundled_database:
            who = f"PostgreSQL runs as {accounts.database.name}, the other parts as root"
        return Finding(
            "account",
            "warning",
            f"{who}: {accounts.hindrance}",
            "start as an ordinary user, or put checkout and Python where that account can read them",
        )
    if folders.proxy_account is None:
        found = "the proxy runs as root, which the ports of the web need"
        return Finding("account", "good", f"{found}, every other part as {accounts.programs.name}")
    return Finding("account", "good", f"every part runs as {accounts.programs.name}")


def _disk(folders: Folders) -> Finding:
    existing = next(path for path in (folders.root, *folders.root.parents) if path.exists())
    free = shutil.disk_usage(existing).free / 1024**3
    found = f"{free:.1f} GB free for {folders.root}"
    if free < _LEAST_DISK_GB:
        return Finding("disk", "bad", found, f"free {_LEAST_DISK_GB} GB, or name another folder with --data")
    return Finding("disk", "good", found)


def clock(folders: Folders) -> Finding:
    """Whether this machine's clock can be right, and whether something keeps it so."""
    now = datetime.now(UTC)
    found = now.isoformat(timespec="seconds")
    # Files are written with this machine's clock: one from the future means that the clock went back.
    newest = folders.state.stat().st_mtime if folders.state.exists() else 0.0
    if newest > time.time() + 60 or now.year < 2026:
        return Finding("clock", "bad", f"{found} is in the past", "set the clock, and keep it with NTP")
    if not _clock_is_kept():
        return Finding(
            "clock",
            "warning",
            f"{found}, but the system says that nothing keeps it right",
            "install systemd-timesyncd or chrony: codes for signing in fail when it is 30 seconds wrong",
        )
    return Finding("clock", "good", f"{found}, kept right")


def _clock_is_kept() -> bool:
    """Whether the kernel's clock is synchronised, as adjtimex(2) tells without being asked to change it."""
    # Larger than `struct timex`; all zero means: only look.
    return bool(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) != _TIME_ERROR)


def _ports(config: Config, folders: Folders, *, running: bool) -> list[Finding]:
    known = state.read(folders.state)
    ours = {part.pid for part in known.parts} if known and running else set()
    findings = []
    for key, port in listening_ports(config).items():
        if key == "proxy.port" and config.proxy.external:
            continue
        if ports.is_free(port):
            findings.append(Finding(key, "good", f"port {port} is free"))
        elif running and (ports.holder(port) in _with_children(ours) or ports.holder(port) is None):
            findings.append(Finding(key, "good", f"port {port} is ours"))
        else:
            findings.append(
                Finding(key, "bad", f"port {port} is not ours", ports.sentence(config, key, port))
            )
    return findings


def _with_children(pids: set[int | None]) -> set[int | None]:
    found = set(pids)
    for pid in pids - {None}:
        try:
            found.update(child.pid for child in psutil.Process(pid).children(recursive=True))
        except psutil.Error:
            continue
    return found


def _certificates(config: Config, folders: Folders) -> Finding:
    if config.proxy.tls == "off":
        why = "the proxy that is there already has them" if config.proxy.external else "none: localhost only"
        return Finding("certificates", "good", why)
    if config.proxy.tls == "files":
        return _certificate(
            Path(config.proxy.certificate), missing="name a PEM file in proxy.certificate", old="renew it"
        )
    host = config.portal.hostname
    advice = f"look at samtale logs proxy: {host} must lead here, and ports 80 and 443 be open from outside"
    fetched = list((folders.proxy / "certificates").rglob(f"{host}.crt"))
    if not fetched:
        return Finding("certificates", "warning", f"Caddy has fetched none for {host} yet", advice)
    return _certificate(max(fetched, key=lambda file: file.stat().st_mtime), missing=advice, old=advice)


def _certificate(file: Path, *, missing: str, old: str) -> Finding:
    try:
        until = x509.load_pem_x509_certificates(file.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError) as error:
        return Finding("certificates", "bad", str(error), missing)
    found = f"{file} is good until {until.date()}"
    if until - datetime.now(UTC) < timedelta(days=_CERTIFICATE_DAYS):
        return Finding("certificates", "bad", found, old)
    return Finding("certificates", "good", found)


def _client() -> Finding:
    if client.is_built():
        return Finding("client build", "good", "that of the sources as they are")
    return Finding("client build", "warning", "older than its sources", "samtale up builds it")


async def _parts(config: Config) -> list[Finding]:
    loopback: list[tuple[str, Probe]] = [
        ("synapse answers", http_probe(config.ports.synapse, "/health")),
        (
            "portal answers",
            http_probe(
                config.ports.portal,
                "/adgang/sundhed",
                host=config.portal.hostname,
            ),
        ),
        ("synapse reaches portal", http_probe(config.ports.synapse, "/_matrix/client/v1/auth_metadata")),
    ]
    if not config.proxy.external:
        tls = config.proxy.tls != "off"
        loopback.append(
            (
                "proxy answers",
                http_probe(
                    config.proxy.port, "/_matrix/client/versions", host=config.portal.hostname, tls=tls
                ),
            )
        )
    return [await _asked(name, probe) for name, probe in loopback]


async def _asked(name: str, probe: Probe) -> Finding:
    try:
        return Finding(name, "good", await probe() or "yes")
    except Unhealthy as error:
        return Finding(name, "bad", str(error), f"look at samtale logs {name.split(maxsplit=1)[0]}")
