"""Caddy in front of everything: one host name, the routing table, security headers, compression.

Caddy itself binds every address and lets a second Caddy share its port; so the addresses are named, and
`ports` looks first. Its administration interface is off: a new configuration is a restart.
"""

import json
import shutil
import socket
import sys
from pathlib import Path

from samtale.config import Config
from samtale.stack.folders import Folders, default_client_dist
from samtale.stack.http import http_probe
from samtale.stack.part import Part
from samtale.stack.privilege import give
from samtale.stack.routes import ROUTES, Route, Target
from samtale.stack.secrets import write_private

# Long enough for a part that is being restarted; requests wait meanwhile.
_WAIT_FOR_PART = "15s"
_LARGEST_PORTAL_REQUEST = 10 * 1000**2
# An answer that fails is logged with its request. What signs somebody in stands in an address, and in the
# Referer of what its page loads.
_LOG = r"""log {
output stderr
level WARN
format filter {
wrap json
fields {
request>uri regexp "(\?.*|/adgang/(demo/ind|glemt-adgangskode|hent-konto|saml/ind|saml/ud)/.*)$" "..."
request>headers delete
}
}
}"""


class ProxyError(Exception):
    """Caddy is missing."""


def prepare(config: Config, folders: Folders) -> None:
    """Write Caddy's configuration."""
    target = folders.proxy / "Caddyfile"
    write_private(target, caddyfile(config, folders, default_client_dist(), bind=addresses(config)))
    give(target, folders.proxy_account)


def addresses(config: Config) -> tuple[str, ...]:
    """The addresses to listen on: loopback only, unless a host name is set. Empty means all."""
    if not config.local:
        return ()
    return ("127.0.0.1", "[::1]") if _has_ipv6_loopback() else ("127.0.0.1",)


def caddyfile(config: Config, folders: Folders, client: Path, *, bind: tuple[str, ...]) -> str:
    """Caddy's configuration as text."""
    scheme = "https" if config.proxy.tls != "off" else "http"
    host, port = config.portal.hostname, config.proxy.port
    listen = f"bind {' '.join(bind)}" if bind else ""
    automatic = {"off": "off", "files": "disable_redirects", "acme": ""}[config.proxy.tls]
    return "\n".join(
        [
            "{",
            "admin off",
            "persist_config off",
            f"auto_https {automatic}" if automatic else "",
            f"email {config.proxy.acme_email}" if config.proxy.acme_email else "",
            f"storage file_system {_quoted(str(folders.proxy / 'certificates'))}",
            _LOG,
            "servers {\ntimeouts {\nread_header 10s\nidle 2m\n}\n}",
            "}",
            f"{scheme}://{host}:{port} {{",
            listen,
            _tls(config),
            "encode zstd gzip",
            _common_headers(config),
            *(_route(route, config, client) for route in ROUTES),
            "handle {\nrespond 404\n}",
            "}",
            # Any other name: a forged Host, or somebody else's name that points here.
            f"{scheme}://:{port} {{",
            listen,
            _tls(config),
            "header -Server",
            "respond 421",
            "}",
            "",
        ]
    )


def content_security_policy(public_url: str) -> str:
    """What the client's page may load; paths are named, so that an uploaded file is never a script."""
    assets = f"{public_url}/assets/"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {assets} {public_url}/sw.js",
            f"style-src {assets}",
            f"font-src {assets}",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            f"worker-src {public_url}/sw.js",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def well_known_client(config: Config) -> dict[str, object]:
    """`/.well-known/matrix/client`, with our own service named in it."""
    issuer = f"{config.public_url}/adgang/matrix/"
    authentication = {"issuer": issuer, "account": f"{issuer}account"}
    return {
        "m.homeserver": {"base_url": config.public_url},
        "m.authentication": authentication,
        "org.matrix.msc2965.authentication": authentication,
        "dk.os2.samtale": {"api": f"{config.public_url}/api"},
    }


def part(config: Config, folders: Folders) -> Part:
    """How the supervisor runs it."""
    return Part(
        name="proxy",
        command=(
            str(program(config)),
            "run",
            "--adapter=caddyfile",
            f"--config={folders.proxy / 'Caddyfile'}",
        ),
        environment={
            "HOME": str(folders.proxy),
            "XDG_DATA_HOME": str(folders.proxy),
            "XDG_CONFIG_HOME": str(folders.proxy),
            "GOMEMLIMIT": "128MiB" if config.demo else "1GiB",
        },
        folder=folders.proxy,
        account=folders.proxy_account,
        stop_seconds=5,
        probe=http_probe(
            config.proxy.port,
            "/.well-known/matrix/client",
            host=config.portal.hostname,
            tls=config.proxy.tls != "off",
        ),
    )


def program(config: Config) -> Path:
    """The Caddy to run.

    Raises:
        ProxyError: there is none.
    """
    if config.programs.caddy:
        return Path(config.programs.caddy)
    bundled = Path(sys.executable).parent / "caddy"
    found = bundled if bundled.is_file() else shutil.which("caddy")
    if found is None:
        raise ProxyError("Caddy is missing: run `make bootstrap`, or name your own in programs.caddy")
    return Path(found)


def _tls(config: Config) -> str:
    if config.proxy.tls != "files":
        return ""
    return f"tls {_quoted(config.proxy.certificate)} {_quoted(config.proxy.certificate_key)}"


def _common_headers(config: Config) -> str:
    lines = ["header {", "-Server", "?X-Content-Type-Options nosniff", "?Referrer-Policy same-origin"]
    if config.public_url.startswith("https://"):
        lines.append('Strict-Transport-Security "max-age=63072000; includeSubDomains"')
    return "\n".join([*lines, "defer", "}"])


def _route(route: Route, config: Config, client: Path) -> str:
    matcher = f"path {' '.join(route.paths)}" if route.paths else f"path_regexp {_quoted(route.pattern)}"
    body = {
        Target.CLIENT: lambda: _client(route, config, client),
        Target.PORTAL: lambda: [
            _at_most(_LARGEST_PORTAL_REQUEST),
            *_forward(config.ports.portal, stream=route.stream),
        ],
        Target.SYNAPSE: lambda: [
            # Synapse hangs up on a file that is too large: clients take that for a fault and try for ever.
            _at_most(config.matrix.max_upload_size),
            # The portal's session is none of Synapse's business; uploads would carry it there.
            *_forward(config.ports.synapse, stream=route.stream, header="header_up -Cookie"),
        ],
        Target.WELL_KNOWN: lambda: _well_known(config),
        Target.NOTHING: lambda: ["respond 404"],
    }[route.target]()
    return "\n".join([f"@{route.name} {matcher}", f"handle @{route.name} {{", *body, "}"])


def _client(route: Route, config: Config, client: Path) -> list[str]:
    return [
        f"root {_quoted(str(client))}",
        "header {",
        f"Content-Security-Policy {_quoted(content_security_policy(config.public_url))}",
        "Cross-Origin-Opener-Policy same-origin",
        "X-Frame-Options DENY",
        'Permissions-Policy "geolocation=(), payment=(), usb=()"',
        "}",
        # A missing file must not be remembered for a year.
        *(
            ["@found file", 'header @found Cache-Control "public, max-age=31536000, immutable"']
            if route.name == "assets"
            else ["header Cache-Control no-cache"]
        ),
        # The build has each file beside itself, smaller than what is compressed while one waits.
        # The machine's own table of types, which Caddy asks, often lacks this one.
        "@manifest path *.webmanifest",
        "header @manifest Content-Type application/manifest+json",
        # What is missing is answered here: Caddy's own answer has none of the headers.
        "route {\nfile_server {\nprecompressed br gzip\npass_thru\n}\nrespond 404\n}",
    ]


def _well_known(config: Config) -> list[str]:
    return [
        "header Content-Type application/json",
        "header Access-Control-Allow-Origin *",
        f"respond {_quoted(json.dumps(well_known_client(config)))} 200",
    ]


def _at_most(size: int) -> str:
    return f"request_body {{\nmax_size {size}\n}}"


def _forward(port: int, *, stream: bool, header: str = "") -> list[str]:
    return [
        f"reverse_proxy 127.0.0.1:{port} {{",
        # A part that is being restarted refuses connections for a moment: wait rather than fail.
        f"lb_try_duration {_WAIT_FOR_PART}",
        "lb_try_interval 100ms",
        "flush_interval -1" if stream else "",
        header,
        "}",
    ]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
