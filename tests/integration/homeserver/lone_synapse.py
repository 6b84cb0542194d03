"""A real Synapse with our module on a real PostgreSQL, and nothing else of the platform.

The rules of the module are tested here one by one, with real tokens. What stands in for the portal is the
smallest thing Synapse needs: somebody who tells whose token it is. That the portal does so rightly is tested
elsewhere.
"""

import asyncio
import json
import os
import secrets as random_source
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import coverage
import httpx
import psycopg
import yaml

from samtale import config
from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.application_service import RegisterSender
from samtale.homeserver.mas import ProvisionUser, UpsertDevice
from samtale.homeserver.module import SetStanding
from samtale.homeserver.sender import Sender
from samtale.stack import folders, postgres, privilege, secrets, synapse

CHECKOUT = Path(__file__).resolve().parents[3]


class TokenTeller:
    """Answers Synapse's two questions: who signs people in here, and whose token is this?"""

    def __init__(self, port: int, secret: str) -> None:
        self._devices: dict[str, tuple[str, str, str]] = {}
        teller = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer = f"http://127.0.0.1:{port}/adgang/matrix/"
                self._answer(200, {"issuer": issuer, "account_management_uri": f"{issuer}account"})

            def do_POST(self) -> None:
                if self.headers["Authorization"] != f"Bearer {secret}":
                    self._answer(403, {})
                    return
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._answer(200, teller.introspect(form["token"][0]))

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def issue(self, localpart: str, device_id: str, more_scope: str = "") -> str:
        token = random_source.token_urlsafe(16)
        self._devices[token] = (localpart, device_id, more_scope)
        return token

    def introspect(self, token: str) -> dict[str, Any]:
        if token not in self._devices:
            return {"active": False}
        localpart, device_id, more_scope = self._devices[token]
        scope = f"urn:matrix:client:api:* urn:matrix:client:device:{device_id} {more_scope}"
        return {"active": True, "scope": scope, "username": localpart, "device_id": device_id}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Person:
    """Somebody with a token, talking to Synapse as any client does."""

    def __init__(self, base_url: str, user_id: str, token: str) -> None:
        self.user_id = user_id
        self._http = httpx.Client(
            base_url=f"{base_url}/_matrix/client/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )
        self._transactions = 0

    def request(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """``path`` from ``/_matrix/client/`` on."""
        return self._http.request(method, path, json=body)

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.request("POST", path, body)

    def put(self, path: str, body: Any) -> httpx.Response:
        return self.request("PUT", path, body)

    def send(
        self, room_id: str, content: dict[str, Any], event_type: str = "m.room.message"
    ) -> httpx.Response:
        self._transactions += 1
        return self.put(f"v3/rooms/{room_id}/send/{event_type}/t{self._transactions}", content)

    def say(self, room_id: str, text: str, **content: Any) -> httpx.Response:
        return self.send(room_id, {"msgtype": "m.text", "body": text, **content})

    def set_state(
        self, room_id: str, event_type: str, content: dict[str, Any], state_key: str = ""
    ) -> httpx.Response:
        return self.put(f"v3/rooms/{room_id}/state/{event_type}/{state_key}", content)

    def create_room(self, **body: Any) -> httpx.Response:
        return self.post("v3/createRoom", body)

    def join(self, room_id: str) -> httpx.Response:
        return self.post(f"v3/rooms/{room_id}/join", {})

    def invite(self, room_id: str, user_id: str) -> httpx.Response:
        return self.post(f"v3/rooms/{room_id}/invite", {"user_id": user_id})


class LoneSynapse:
    """On ports that nobody uses, so that several can run beside each other."""

    def __init__(self, root: Path) -> None:
        os.umask(0o022)
        proxy, portal, homeserver = _free_ports(3)
        self.config = config.load(
            environment={
                "SAMTALE_DATA": str(root),
                "SAMTALE_DEMO": "true",
                "SAMTALE_PROXY_PORT": str(proxy),
                "SAMTALE_PORTS_PORTAL": str(portal),
                "SAMTALE_PORTS_SYNAPSE": str(homeserver),
            }
        )
        self.folders = folders.place(self.config, privilege.choose())
        self.folders.make()
        self.secrets = secrets.load_or_create(self.folders.secrets)
        self.base_url = f"http://127.0.0.1:{homeserver}"
        self.server_user = f"@{synapse.SENDER}:{self.config.server_name}"
        self.portal = Sender(self.base_url, self.secrets.as_token, timeout=60)
        self.mas = Sender(self.base_url, self.secrets.mas, timeout=60)
        self.teller = TokenTeller(self.config.ports.portal, self.secrets.mas)
        self._processes: list[subprocess.Popen[Any]] = []

    def start(self) -> None:
        cluster = postgres.bundled(self.config, self.folders, self.secrets)
        cluster.prepare()
        self._run(cluster.part())
        wait_until(lambda: _answers(cluster), "PostgreSQL")
        asyncio.run(cluster.provision())
        synapse.prepare(self.config, self.folders, self.secrets)
        self._loosen()
        part = synapse.part(self.config, self.folders)
        self._run(replace(part, command=_measured(part.command, self._coverage)))
        wait_until(lambda: httpx.get(f"{self.base_url}/health").status_code == 200, "Synapse")
        self.portal.send(RegisterSender())

    def stop(self) -> None:
        self.portal.close()
        self.mas.close()
        for process in reversed(self._processes):
            process.terminate()
            process.wait(timeout=60)
        self.teller.stop()
        if self._coverage.exists():
            # Beside the tests' own, which are combined at the end.
            shutil.copyfile(self._coverage, CHECKOUT / f".coverage.module.{self._processes[-1].pid}")

    @property
    def _coverage(self) -> Path:
        return self.folders.synapse / ".coverage"

    @property
    def pids(self) -> list[int]:
        """PostgreSQL's and Synapse's, for whoever measures them."""
        return [process.pid for process in self._processes]

    def administrator(self, name: str) -> Person:
        """Somebody whose token may use Synapse's admin API."""
        return self.person(name, more_scope="urn:synapse:admin:*")

    def person(self, name: str, *, guest: bool | None = False, more_scope: str = "") -> Person:
        """Somebody new, provisioned as the portal does it. ``guest`` None: the portal forgot to say."""
        localpart = f"p{random_source.token_hex(5)}"
        device_id = "TESTDEVICE01"
        user_id = f"@{localpart}:{self.config.server_name}"
        self.mas.send(ProvisionUser(localpart, name))
        if guest is not None:
            self.portal.send(SetStanding(self.server_user, user_id, guest=guest))
        self.mas.send(UpsertDevice(localpart, device_id))
        return Person(self.base_url, user_id, self.teller.issue(localpart, device_id, more_scope))

    def acting_as(self, person: Person) -> ActingAs:
        return ActingAs(self.portal, person.user_id)

    def _loosen(self) -> None:
        """Rate limits would only make the tests wait."""
        path = self.folders.synapse / "homeserver.yaml"
        content = yaml.safe_load(path.read_text())
        unlimited = {"per_second": 10_000, "burst_count": 10_000}
        for key in ("rc_message", "rc_room_creation", "rc_joins_per_room"):
            content[key] = unlimited
        content["rc_joins"] = {"local": unlimited, "remote": unlimited}
        content["rc_invites"] = dict.fromkeys(("per_room", "per_user", "per_issuer"), unlimited)
        path.write_text(yaml.safe_dump(content))

    def _run(self, part: Any) -> None:
        log = (self.folders.root / f"{part.name}.log").open("wb")
        self._processes.append(
            subprocess.Popen(
                part.command,
                env=part.environment,
                cwd=part.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **privilege.identity(part.account),
            )
        )


def _measured(command: tuple[str, ...], data: Path) -> tuple[str, ...]:
    """What runs of the module in Synapse is covered as well, when coverage is asked for."""
    if coverage.Coverage.current() is None:
        return command
    python, *rest = command
    options = ("--branch", "--source=samtale_synapse", f"--data-file={data}")
    return (python, "-m", "coverage", "run", *options, *rest)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(each.getsockname()[1]) for each in taken]


def _answers(cluster: postgres.Postgres) -> bool:
    try:
        psycopg.connect(cluster.connection()).close()
    except psycopg.Error:
        return False
    return True


def wait_until(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if true():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{what} did not answer within {seconds} seconds")
