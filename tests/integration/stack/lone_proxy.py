"""Caddy with our configuration in front of two servers that only say who they are."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from samtale import config
from samtale.stack import folders, privilege, proxy

FILES = {
    "index.html": "<!doctype html><title>OS2samtale</title>",
    "sw.js": "// worker",
    "manifest.webmanifest": "{}",
    "robots.txt": "User-agent: *",
    "favicon.ico": "small",
    "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    ".well-known/security.txt": "Contact: https://os2.eu",
    "assets/index-abc123.js": "console.log('x'.repeat(2000))" + " " * 4000,
    "assets/main-def456.js": "console.log('plain')",
    "assets/main-def456.js.br": "as the build compressed it",
    ".vite/manifest.json": "{}",
    ".built-from": "secret",
}

#: Whoever is asked for an address with this in it hangs up.
CUT = "hang-up"


@dataclass(frozen=True)
class Answer:
    """One answer: status, headers in small letters, body."""

    status: int
    headers: dict[str, str]
    body: str


class LoneProxy:
    """Ask it as a browser or an attacker would: paths are sent as they are."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log

    def get(self, path: str, *, host: str | None = None, body: bytes = b"", **headers: str) -> Answer:
        """One request with exactly this path and Host."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest("POST" if body else "GET", path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host if host is not None else f"localhost:{self.port}")
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        found = connection.getresponse()
        text = found.read().decode("utf-8", "replace")
        connection.close()
        return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, text)


@contextmanager
def started(root: Path) -> Iterator[LoneProxy]:
    """Run it for a while."""
    client = root / "dist"
    for name, text in FILES.items():
        (client / name).parent.mkdir(parents=True, exist_ok=True)
        (client / name).write_text(text, encoding="utf-8")
    with _named("portal") as portal, _named("synapse") as synapse:
        port = _free_port()
        settings = config.load(
            environment={
                "SAMTALE_DATA": str(root / "data"),
                "SAMTALE_PROXY_PORT": str(port),
                "SAMTALE_PORTS_PORTAL": str(portal),
                "SAMTALE_PORTS_SYNAPSE": str(synapse),
            }
        )
        place = folders.place(settings, privilege.Accounts(None, None))
        place.make()
        text = proxy.caddyfile(settings, place, client, bind=proxy.addresses(settings))
        (place.proxy / "Caddyfile").write_text(text, encoding="utf-8")
        part = proxy.part(settings, place)
        log = root / "proxy.log"
        with log.open("wb") as stderr:
            process = subprocess.Popen(part.command, env=dict(part.environment), stderr=stderr)
        try:
            _wait_for(port)
            yield LoneProxy(port, log)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def _named(name: str) -> Iterator[int]:
    class Named(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if CUT in self.path:
                self.close_connection = True
                return
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = f"{name} {self.path} {self.headers.get('X-Forwarded-For')}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Server", "named")
            if name == "synapse":
                self.send_header("Content-Security-Policy", "sandbox")
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET  # noqa: N815 - the base class's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Named)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"Caddy does not listen on {port} (pid {os.getpid()})")
