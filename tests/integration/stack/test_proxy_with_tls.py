"""What the proxy does with a certificate, through a real Caddy, which also accepts what we write for it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lone_proxy import HALF, LoneProxy, certificate, started

from samtale import config
from samtale.stack import client, folders, privilege
from samtale.stack import proxy as rendering

# Prints the protocol, the status and one header of an answer.
_ASK_BY_HTTP2 = """
const [url, ca] = process.argv.slice(1);
const session = require("node:http2").connect(url, { ca: require("node:fs").readFileSync(ca) });
const request = session.request({ ":path": "/" });
request.on("response", (headers) => {
  const hsts = headers["strict-transport-security"];
  console.log(JSON.stringify([session.alpnProtocol, headers[":status"], hsts]));
  session.close();
});
request.resume();
request.end();
"""
_TWO_YEARS = "max-age=63072000; includeSubDomains"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneProxy]:
    with started(tmp_path_factory.mktemp("proxy"), tls=True) as running:
        yield running


def test_browsers_get_http_2(proxy: LoneProxy) -> None:
    url = f"https://localhost:{proxy.port}"
    command = [str(client.node()), "-e", _ASK_BY_HTTP2, url, str(proxy.trusted)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert json.loads(answer.stdout) == ["h2", 200, _TWO_YEARS]


@pytest.mark.parametrize("path", ["/", "/api/me", "/_matrix/client/versions", "/nowhere"])
def test_every_answer_asks_for_https_from_now_on(proxy: LoneProxy, path: str) -> None:
    assert proxy.get(path).headers["strict-transport-security"] == _TWO_YEARS


def test_another_name_gets_421_by_https_too(proxy: LoneProxy) -> None:
    assert proxy.get("/api/me", host="evil.example").status == 421


def test_what_synapse_sends_by_and_by_is_passed_on_at_once(proxy: LoneProxy) -> None:
    connection = proxy.connection()
    connection.request(
        "GET", f"/_matrix/client/v3/sync?since={HALF}", headers={"Accept-Encoding": "identity"}
    )
    answer = connection.getresponse()
    # The server holds the rest back until we have this.
    assert answer.read(7) == b"synapse"
    proxy.let_go.set()
    assert HALF.encode() in b"synapse" + answer.read()
    connection.close()


@pytest.mark.parametrize("tls", ["acme", "files"])
def test_caddy_accepts_what_is_written_for_a_host_name(tmp_path: Path, tls: str) -> None:
    named = certificate(tmp_path) if tls == "files" else {"SAMTALE_PROXY_ACME_EMAIL": "drift@example.dk"}
    settings = config.load(
        environment={
            "SAMTALE_DATA": str(tmp_path / "data"),
            "SAMTALE_PORTAL_HOSTNAME": "samtale.example.dk",
            "SAMTALE_PROXY_PORT": "443",
            "SAMTALE_PROXY_TLS": tls,
        }
        | named
    )
    place = folders.place(settings, privilege.Accounts(None, None))
    place.make()
    rendering.prepare(settings, place)
    part = rendering.part(settings, place)
    command = [part.command[0], "validate", "--adapter=caddyfile", f"--config={place.proxy / 'Caddyfile'}"]
    answer = subprocess.run(
        command, env=dict(part.environment), capture_output=True, text=True, check=False, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    assert "Valid configuration" in answer.stdout + answer.stderr
