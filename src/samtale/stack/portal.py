"""The portal: two workers of granian behind the proxy, and the one file that tells them where they are."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from samtale.config import CHECKOUT, DEFAULT_DATA, DEFAULT_FILE, Config
from samtale.portal_configuration import ENVIRONMENT_VARIABLE, DatabaseConfig, MailConfig, PortalConfig
from samtale.stack import authorities, federation, named_databases, portal_setup, postgres, services
from samtale.stack.folders import Folders, default_client_dist
from samtale.stack.http import http_probe
from samtale.stack.part import Part
from samtale.stack.privilege import give
from samtale.stack.secrets import Secrets, write_private

WORKERS = 2
SET_UP = "portal-setup"


def configuration(config: Config, folders: Folders, secrets: Secrets) -> PortalConfig:
    """What the portal's processes are told."""
    return PortalConfig(
        public_url=config.public_url,
        hostname=config.portal.hostname,
        server_name=config.server_name,
        homeserver_url=f"http://127.0.0.1:{config.ports.synapse}",
        database=_database(config, folders, secrets),
        secret_key=secrets.portal_key,
        mas_secret=secrets.mas,
        as_token=secrets.as_token,
        hs_token=secrets.hs_token,
        demo=config.demo,
        mail=_mail(config),
        mail_dir=folders.portal / "mail",
        data_dir=folders.portal / "data",
        language=config.portal.language,
        device_days=config.portal.device_days,
        client_dist=default_client_dist(),
        demo_file=folders.portal / "demo.json" if config.demo else None,
        start_over=_start_over(config, folders) if config.demo else "",
        fka=federation.fka(config, folders),
        oiosaml=federation.providers(config),
        broker=authorities.broker(config),
        oidc=authorities.oidc(config, folders),
        saml=authorities.saml(config),
        sso=services.services(config),
    )


def prepare(config: Config, folders: Folders, secrets: Secrets) -> PortalConfig:
    """Write the file that the portal reads, mode 0600, for its account alone."""
    federation.make_keys(config, folders)
    made = configuration(config, folders, secrets)
    write_private(folders.portal_config, made.to_json())
    give(folders.portal_config, folders.accounts.programs)
    return made


def environment(folders: Folders) -> Mapping[str, str]:
    """The whole environment of every process of the portal."""
    return {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.defpath)),
        "HOME": str(folders.portal),
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(CHECKOUT / "src"),
        "MALLOC_ARENA_MAX": "2",
        ENVIRONMENT_VARIABLE: str(folders.portal_config),
    }


def management_command(*arguments: str) -> tuple[str, ...]:
    """A Django command of the portal."""
    return (sys.executable, "-m", "samtale.portal", *arguments)


def set_up(config: Config, folders: Folders) -> Part | None:
    """The step that brings the portal's tables and static files up to date; None when they are.

    Under a host name there always is one: the database may have been filled with the demo's people meanwhile.
    """
    wanted = portal_setup.fingerprint(folders, folders.database / "data")
    # Another server may have changed since: only our own cluster is known to be the one of the last run.
    done = config.bundled_database and portal_setup.is_done(folders, wanted)
    if done and config.local:
        return None
    return Part(
        name=SET_UP,
        command=management_command("demo_check") if done else portal_setup.command(),
        needs=("postgres",) if config.bundled_database else (),
        environment={**environment(folders), **portal_setup.environment(folders, wanted)},
        folder=folders.portal,
        account=folders.accounts.programs,
        step=True,
        start_seconds=600,
    )


def part(config: Config, folders: Folders, needs: tuple[str, ...]) -> Part:
    """How the supervisor runs it. SIGHUP replaces the workers one by one, without a gap."""
    return Part(
        name="portal",
        command=(
            sys.executable,
            "-m",
            "granian",
            "--interface=wsgi",
            "--host=127.0.0.1",
            f"--port={config.ports.portal}",
            f"--workers={WORKERS}",
            "--blocking-threads=4",
            "--respawn-failed-workers",
            "--workers-kill-timeout=5",
            "--no-ws",
            "--log-level=warning",
            "samtale.portal.wsgi:application",
        ),
        needs=needs,
        environment=environment(folders),
        folder=folders.portal,
        account=folders.accounts.programs,
        probe=http_probe(
            config.ports.portal,
            "/adgang/sundhed",
            host=config.portal.hostname,
        ),
    )


def _start_over(config: Config, folders: Folders) -> str:
    """What one types to begin the demo anew, one command a line."""
    options: list[str] = []
    if config.source not in {None, DEFAULT_FILE}:
        options.append(f"--config {shlex.quote(str(config.source))}")
    if folders.root != DEFAULT_DATA:
        options.append(f"--data {shlex.quote(str(folders.root))}")
    samtale = os.path.relpath(Path(sys.executable).with_name("samtale"), CHECKOUT)
    return "\n".join(
        [
            f"cd {shlex.quote(str(CHECKOUT))}",
            " ".join([samtale, "down", "--erase", *options]),
            " ".join([samtale, "up", "--demo", *options]) if options else "make up",
        ]
    )


def _database(config: Config, folders: Folders, secrets: Secrets) -> DatabaseConfig:
    if not config.database.portal_dsn:
        return DatabaseConfig(
            name=postgres.PORTAL,
            user=postgres.PORTAL,
            password=secrets.portal_database,
            host=str(folders.socket),
            port=postgres.PORT,
        )
    given = named_databases.parameters(config.database.portal_dsn)
    return DatabaseConfig(
        name=given.pop("dbname"),
        user=given.pop("user"),
        password=given.pop("password", ""),
        host=given.pop("host"),
        port=int(given.pop("port")),
        options=given,
    )


def _mail(config: Config) -> MailConfig:
    sender = config.mail.sender or f"samtale@{config.portal.hostname}"
    if config.demo or not config.mail.host:
        return MailConfig(kind="files", sender=sender)
    return MailConfig(
        kind="smtp",
        sender=sender,
        host=config.mail.host,
        port=config.mail.port,
        user=config.mail.user,
        password=config.mail.password,
        security=config.mail.security,
    )
