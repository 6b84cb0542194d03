"""The demo's identity provider, where made-up employees sign in as a municipality's own do.

On 127.0.0.1 while the portal is on localhost: a browser then sees two sites, as with a real one. It is no
part of what is installed elsewhere: the package lies beside ours, in the checkout alone.
"""

import os
import secrets
import sys
from pathlib import Path

from samtale.config import CHECKOUT, Config
from samtale.config_sections import DEMO_AUTHORITY
from samtale.stack.folders import Folders, make_private
from samtale.stack.http import http_probe
from samtale.stack.part import Part
from samtale.stack.privilege import give
from samtale.stack.secrets import write_private

#: What the portal is to its OpenID Provider.
CLIENT_ID = "os2samtale"


def issuer(config: Config) -> str:
    """Of its OpenID Provider."""
    return f"http://127.0.0.1:{config.ports.testidp}/oidc"


def client_secret(folders: Folders) -> Path:
    """The file with the secret that the portal shows it."""
    return folders.testidp / "client-secret"


def prepare(folders: Folders) -> None:
    """Make its folder, where it keeps its keys, and what it shares with the portal."""
    make_private(folders.testidp, folders.accounts.programs)
    secret = client_secret(folders)
    if not secret.exists():
        write_private(secret, secrets.token_hex(32))
        give(secret, folders.accounts.programs)


def part(config: Config, folders: Folders) -> Part:
    """How the supervisor runs it. Waits for nothing: it asks the portal who it is when somebody comes."""
    return Part(
        name="testidp",
        command=(
            sys.executable,
            "-m",
            "samtale_testidp",
            f"--port={config.ports.testidp}",
            f"--data={folders.testidp}",
            f"--service-provider={config.public_url}/adgang/saml/metadata",
            f"--client-id={CLIENT_ID}",
            f"--client-secret={client_secret(folders)}",
            f"--redirect-uri={config.public_url}/adgang/log-ind/retur/{DEMO_AUTHORITY}/",
            f"--goodbye={config.public_url}/adgang/logget-ud/",
        ),
        environment={
            "PATH": os.defpath,
            "HOME": str(folders.testidp),
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(CHECKOUT / "src"),
            "MALLOC_ARENA_MAX": "2",
        },
        folder=folders.testidp,
        account=folders.accounts.programs,
        probe=http_probe(config.ports.testidp, "/health"),
    )
