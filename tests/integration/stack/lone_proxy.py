"""Caddy with our configuration in front of two servers that only say who they are."""

import http.client
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
from certificates import self_signed
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

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


#: Whoever is asked for an address with this in it sends half of its answer, and the rest when it is let go.
HALF = "half"


#: Octets that may be uploaded.
LARGEST_FILE = 2 * 1024**2


@dataclass(frozen=True)
class Answer:
    """One answer: status, headers in small letters, body."""

    status: int
    headers: dict[str, str]
    body: str


class LoneProxy:
    """Ask it as a browser or an attacker would: paths are sent as they are."""

    def __init__(self, port: int, log: Path, let_go: threading.Event, trusted: Path | None) -> None:
        self.port = port
        self.log = log
        self.let_go = let_go
        self.trusted = trusted

    def connection(self) -> http.client.HTTPConnection:
        """A new one; it trusts the certificate when there is one."""
        if self.trusted is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        context = ssl.create_default_context(cafile=self.trusted)
        return http.client.HTTPSConnection("localhost", self.port, timeout=10, context=context)

    def get(self, path: str, *, host: str | None = None, body: bytes = b"", **headers: str) -> Answer:
        """One request with exactly this path and Host."""
        connection = self.connection()
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
def started(root: Path, *, tls: bool = False) -> Iterator[LoneProxy]:
    """Run it for a while, with a certificate of its own when it should speak TLS."""
    let_go = threading.Event()
    client = root / "dist"
    for name, text in FILES.items():
        (client / name).parent.mkdir(parents=True, exist_ok=True)
        (client / name).write_text(text, encoding="utf-8")
    files = certificate(root) if tls else {}
    with _named("portal", let_go) as portal, _named("synapse", let_go) as synapse:
        port = _free_port()
        settings = config.load(
            environment={
                "SAMTALE_DATA": str(root / "data"),
                "SAMTALE_PROXY_PORT": str(port),
                "SAMTALE_PORTS_PORTAL": str(portal),
                "SAMTALE_PORTS_SYNAPSE": str(synapse),
                "SAMTALE_MATRIX_MAX_UPLOAD_SIZE": str(LARGEST_FILE),
            }
            | files
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
            trusted = files.get("SAMTALE_PROXY_CERTIFICATE")
            yield LoneProxy(port, log, let_go, Path(trusted) if trusted else None)
        finally:
            process.terminate()
            process.wait()


def certificate(root: Path) -> dict[str, str]:
    """Make a certificate for localhost. Returns the configuration that uses it."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = self_signed(key, "localhost", datetime.now(UTC), 30, host="localhost")
    files = {"certificate": root / "certificate.pem", "certificate_key": root / "key.pem"}
    files["certificate"].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files["certificate_key"].write_bytes(private)
    return {"SAMTALE_PROXY_TLS": "files"} | {
        f"SAMTALE_PROXY_{key.upper()}": str(path) for key, path in files.items()
    }


def own_addresses() -> list[str]:
    """Addresses of this machine that others could reach; those of IPv6 in brackets."""
    found = [
        address.address if address.family == socket.AF_INET else f"[{address.address}]"
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family in {socket.AF_INET, socket.AF_INET6}
        and not address.address.startswith(("127.", "::1", "fe80"))
    ]
    # Without a network there is still the rest of the loopback range, where only every-address listeners are.
    return found or ["127.0.0.2"]


@contextmanager
def _named(name: str, let_go: threading.Event) -> Iterator[int]:
    class Named(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if CUT in self.path:
                self.close_connection = True
                return
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heard = (self.headers.get("X-Forwarded-For"), self.headers.get("Cookie"))
            answer = f"{name} {self.path} {' '.join(map(str, heard))}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Server", "named")
            if name == "synapse":
                self.send_header("Content-Security-Policy", "sandbox")
            self.end_headers()
            if HALF in self.path:
                self.wfile.write(answer[: len(answer) // 2])
                let_go.wait(30)
                answer = answer[len(answer) // 2 :]
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
