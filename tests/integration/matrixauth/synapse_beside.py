"""A real Synapse whose tokens the portal of the test process issues."""

import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import portal_settings

from samtale import config
from samtale.stack import folders, postgres, privilege, synapse

PORTAL_PORT = 28402
SYNAPSE_PORT = 28408


class SynapseBeside:
    """Shares PostgreSQL, folder and secrets with the portal's tests; asks the portal at `PORTAL_PORT`."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{SYNAPSE_PORT}"
        server = portal_settings.DATABASE_SERVER
        self._secrets = server.secrets
        self._config = config.load(
            environment={
                "SAMTALE_DATA": str(server.folders.root),
                "SAMTALE_DEMO": "true",
                "SAMTALE_PROXY_PORT": str(PORTAL_PORT - 2),
                "SAMTALE_PORTS_PORTAL": str(PORTAL_PORT),
                "SAMTALE_PORTS_SYNAPSE": str(SYNAPSE_PORT),
            }
        )
        self._folders = folders.place(self._config, privilege.choose())
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self._folders.root / "synapse-beside.log"

    def start(self) -> None:
        synapse.prepare(self._config, self._folders, self._secrets)
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
