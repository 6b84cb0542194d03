"""Synapse: its homeserver.yaml, the registration of the portal as application service, the signing key."""

import base64
import os
import re
import secrets as random_source
import sys
from pathlib import Path
from typing import Any

import yaml

from samtale.config import CHECKOUT, Config
from samtale.stack import named_databases, postgres
from samtale.stack.folders import Folders
from samtale.stack.http import http_probe
from samtale.stack.part import Part
from samtale.stack.privilege import give
from samtale.stack.secrets import Secrets, write_private
from samtale_synapse.homeserver_options import REQUIRED_HOMESERVER_OPTIONS

SENDER = "samtale"

# Addresses that a link preview must never reach: this machine, this network, and what stands for them.
_NEVER_PREVIEWED = [
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "192.0.0.0/24",
    "169.254.0.0/16",
    "192.88.99.0/24",
    "198.18.0.0/15",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "0.0.0.0/8",
    "::1/128",
    "fe80::/10",
    "fc00::/7",
    "2001:db8::/32",
    "ff00::/8",
    "fec0::/10",
    "64:ff9b::/96",
    "::ffff:0:0/96",
]


def prepare(config: Config, folders: Folders, secrets: Secrets) -> None:
    """Write everything that Synapse reads, mode 0600, for its account alone."""
    files = {
        "homeserver.yaml": _yaml(homeserver(config, folders, secrets)),
        "samtale.yaml": _yaml(registration(config, secrets)),
        "log.yaml": _yaml(_logging()),
    }
    key = folders.synapse / "signing.key"
    if not key.exists():
        files[key.name] = _new_signing_key()
    for name, text in files.items():
        write_private(folders.synapse / name, text)
        give(folders.synapse / name, folders.accounts.programs)


def homeserver(config: Config, folders: Folders, secrets: Secrets) -> dict[str, Any]:
    """The content of homeserver.yaml."""
    matrix = config.matrix
    messages = {"per_second": matrix.messages_per_second, "burst_count": 50}
    joins = {"per_second": matrix.joins_per_second, "burst_count": 50}
    invites = {"per_second": matrix.invites_per_second, "burst_count": 30}
    return REQUIRED_HOMESERVER_OPTIONS | {
        "server_name": config.server_name,
        "public_baseurl": f"{config.public_url}/",
        "serve_server_wellknown": False,
        "report_stats": False,
        "enable_metrics": False,
        "pid_file": str(folders.synapse / "synapse.pid"),
        "log_config": str(folders.synapse / "log.yaml"),
        "signing_key_path": str(folders.synapse / "signing.key"),
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "macaroon_secret_key": secrets.synapse_macaroon,
        "form_secret": secrets.synapse_form,
        "listeners": [
            {
                "port": config.ports.synapse,
                "bind_addresses": ["127.0.0.1"],
                "type": "http",
                "tls": False,
                "x_forwarded": True,
                # openid without federation: only what a call service needs to know who somebody is.
                "resources": [{"names": ["client", "openid"], "compress": False}],
            }
        ],
        "database": {"name": "psycopg2", "args": _database(config, folders, secrets)},
        "caches": {"global_factor": matrix.cache_factor},
        # Who people are is the portal's to say.
        "matrix_authentication_service": {
            "enabled": True,
            "endpoint": f"http://127.0.0.1:{config.ports.portal}/adgang/matrix",
            "secret": secrets.mas,
        },
        "enable_registration": False,
        "password_config": {"enabled": False},
        "enable_3pid_changes": False,
        "room_list_publication_rules": [{"user_id": "*", "alias": "*", "room_id": "*", "action": "deny"}],
        "app_service_config_files": [str(folders.synapse / "samtale.yaml")],
        "modules": [
            {
                "module": "samtale_synapse.SamtaleModule",
                "config": {"server_user": f"@{SENDER}:{config.server_name}"},
            }
        ],
        "federation_domain_whitelist": [],
        # Nobody to send to, and no application service that receives (`registration`): else Synapse looks at
        # each event for both. The first one with a `url` gets what happened until then too, unless the row of
        # `appservice_stream_position` is moved on first.
        "federation_sender_instances": [],
        "notify_appservices_from_worker": "nobody",
        "presence": {"enabled": {"on": True, "off": False, "untracked": "untracked"}[matrix.presence]},
        # Per person, not per address: a whole municipality comes from one.
        "rc_message": messages,
        "rc_joins": {"local": joins, "remote": joins},
        "rc_joins_per_room": {"per_second": 20, "burst_count": 100},
        "rc_invites": {"per_room": invites, "per_user": invites, "per_issuer": invites},
        "rc_login": {"address": {"per_second": 20, "burst_count": 200}},
        "rc_room_creation": {"per_second": 0.2, "burst_count": 10},
        "media_store_path": str(folders.synapse / "media"),
        "max_upload_size": matrix.max_upload_size,
        "max_image_pixels": "32M",
        "url_preview_enabled": matrix.url_previews,
        "url_preview_ip_range_blacklist": _NEVER_PREVIEWED,
        "url_preview_accept_language": ["da", "en;q=0.8", "*;q=0.5"],
        "max_spider_size": "2M",
        "push": {"include_content": False},
    }


def registration(config: Config, secrets: Secrets) -> dict[str, Any]:
    """The portal as application service: it makes rooms and acts for people; nothing receives yet."""
    server = re.escape(config.server_name)
    return {
        "id": "samtale",
        "url": None,
        "as_token": secrets.as_token,
        "hs_token": secrets.hs_token,
        "sender_localpart": SENDER,
        "rate_limited": False,
        "namespaces": {
            # Exclusive would hide everybody from Synapse's own user lists.
            "users": [{"regex": f"@.*:{server}", "exclusive": False}],
            "aliases": [{"regex": f"#.*:{server}", "exclusive": True}],
            "rooms": [],
        },
        "io.element.msc4190": True,
    }


def part(config: Config, folders: Folders) -> Part:
    """How the supervisor runs it."""
    return Part(
        name="synapse",
        command=(
            sys.executable,
            "-m",
            "synapse.app.homeserver",
            f"--config-path={folders.synapse / 'homeserver.yaml'}",
        ),
        needs=("postgres",) if config.bundled_database else (),
        environment={
            "PATH": os.defpath,
            "HOME": str(folders.synapse),
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(CHECKOUT / "src"),
            # glibc keeps a memory arena per thread; Synapse has twenty threads.
            "MALLOC_ARENA_MAX": "2",
        },
        folder=folders.synapse,
        account=folders.accounts.programs,
        probe=http_probe(config.ports.synapse, "/health"),
        start_seconds=180,  # an upgrade changes the database first
    )


def _database(config: Config, folders: Folders, secrets: Secrets) -> dict[str, Any]:
    pool = {"cp_min": 1, "cp_max": config.matrix.connections, "cp_reconnect": True}
    if not config.database.synapse_dsn:
        return pool | {
            "user": postgres.SYNAPSE,
            "password": secrets.synapse_database,
            "dbname": postgres.SYNAPSE,
            "host": str(folders.socket),
            "port": postgres.PORT,
        }
    return pool | named_databases.parameters(config.database.synapse_dsn)


def _logging() -> dict[str, Any]:
    return {
        "version": 1,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "disable_existing_loggers": False,
    }


def _new_signing_key() -> str:
    """Synapse's own format: algorithm, version, seed in unpadded base64."""
    seed = base64.b64encode(random_source.token_bytes(32)).decode().rstrip("=")
    return f"ed25519 a_{random_source.token_hex(2)} {seed}\n"


def _yaml(content: dict[str, Any]) -> str:
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def signing_key(folders: Folders) -> Path:
    """The key that must never be lost."""
    return folders.synapse / "signing.key"
