"""A real Synapse whose tokens the portal of the test process issues."""

import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import portal_settings
import psycopg
import yaml
from platform_under_test import Place
from psycopg import sql

from samtale import config
from samtale.stack import folders, postgres, privilege, synapse


class SynapseBeside:
    """Shares PostgreSQL and the secrets with the portal's tests; asks the portal at `portal_port`.

    Folder, ports and database are its own, so that test runs side by side do not meet.
    """

    def __init__(self) -> None:
        self._place = Place("matrixauth")
        self.portal_port, port, proxy_port = _free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        self._server = portal_settings.DATABASE_SERVER
        self._database = f"test_synapse_{os.getpid()}"
        self._config = config.load(
            environment={
                "SAMTALE_DATA": str(self._place.root),
                "SAMTALE_DEMO": "true",
                "SAMTALE_PROXY_PORT": str(proxy_port),
                "SAMTALE_PORTS_PORTAL": str(self.portal_port),
                "SAMTALE_PORTS_SYNAPSE": str(port),
            }
        )
        self._folders = folders.place(self._config, privilege.choose())
        self._folders.make()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self._place.root / "synapse.log"

    def prepare(self) -> None:
        """A database and the configuration that names it."""
        with psycopg.connect(self._superuser(), autocommit=True) as connection:
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' LOCALE_PROVIDER builtin"
                    " BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
                ).format(sql.Identifier(self._database), sql.Identifier(postgres.SYNAPSE))
            )
        synapse.prepare(self._config, self._folders, self._server.secrets)
        path = self._folders.synapse / "homeserver.yaml"
        content = yaml.safe_load(path.read_text())
        content["database"]["args"] |= {"dbname": self._database, "host": str(self._server.folders.socket)}
        path.write_text(yaml.safe_dump(content))

    def leave(self) -> None:
        """Stop, and drop the database."""
        self.stop()
        with psycopg.connect(self._superuser(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self._database))
            )
        self._place.leave()

    def _superuser(self) -> str:
        return postgres.bundled(self._server.config, self._server.folders, self._server.secrets).connection()

    def start(self) -> None:
        part = synapse.part(self._config, self._folders)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                part.command,
                env=part.environment,
                cwd=part.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **postgres.identity(part.account),
            )
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, f"Synapse ended by itself, see {self.log}"
            try:
                if httpx.get(f"{self.url}/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError("Synapse does not answer")

    # ---- as any Matrix client ---------------------------------------------------------------------

    def whoami(self, token: str) -> httpx.Response:
        return self.get("account/whoami", token)

    def devices(self, token: str) -> dict[str, Any]:
        """Device id to display name."""
        listed = self.get("devices", token).json()["devices"]
        return {device["device_id"]: device.get("display_name") for device in listed}

    def get(self, path: str, token: str, **query: Any) -> httpx.Response:
        return httpx.get(
            f"{self.url}/_matrix/client/v3/{path}",
            params=query,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )


def _free_ports(count: int) -> list[int]:
    """The live server does not reuse an address, so the last run's ports may still be closing."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
