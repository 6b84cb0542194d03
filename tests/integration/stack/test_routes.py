"""Each line of the routing table, through a real Caddy."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lone_proxy import CUT, FILES, LARGEST_FILE, LoneProxy, own_addresses, started

from samtale.stack import proxy as rendering


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneProxy]:
    root: Path = tmp_path_factory.mktemp("proxy")
    with started(root) as running:
        yield running


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sw.js",
        "/manifest.webmanifest",
        "/robots.txt",
        "/favicon.ico",
        "/icon.svg",
        "/.well-known/security.txt",
        "/assets/index-abc123.js",
    ],
)
def test_client_is_served_as_files(proxy: LoneProxy, path: str) -> None:
    answer = proxy.get(path)
    assert answer.status == 200
    assert "via" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/p/os2display",
        "/adgang/log-ind/",
        "/adgang/matrix/oauth2/token",
        "/adgang/static/samtale/tokens.css",
        "/api/me",
        "/_matrix/client/v3/login",
        "/_matrix/client/r0/login/sso/redirect",
        "/_matrix/client/unstable/logout",
        "/_matrix/client/v3/logout/all",
        "/_matrix/client/v1/refresh",
        "/_matrix/client/api/v1/login",
    ],
)
def test_portal_answers(proxy: LoneProxy, path: str) -> None:
    answer = proxy.get(path)
    assert (answer.status, answer.body.split()[:2]) == (200, ["portal", path])


@pytest.mark.parametrize(
    "path",
    [
        "/_matrix/client/versions",
        "/_matrix/client/v3/sync?timeout=0",
        "/_matrix/client/v3/loginx",
        "/_matrix/client/v1/auth_metadata",
        "/_matrix/client/v1/media/download/localhost/abc",
        "/_matrix/media/v3/config",
        "/_synapse/client/something",
    ],
)
def test_synapse_answers(proxy: LoneProxy, path: str) -> None:
    answer = proxy.get(path)
    assert (answer.status, answer.body.split()[:2]) == (200, ["synapse", path])


@pytest.mark.parametrize(
    "path",
    [
        "/_matrix/app/v1/transactions/1",
        "/_synapse/admin/v1/register",
        "/_synapse/mas/query_user",
        "/_synapse/metrics",
        "/twirp/livekit.RoomService/ListRooms",
        "/_synapse/%61dmin/v1/register",
        "/_synapse/ADMIN/v1/register",
        "//_synapse/admin/v1/register",
        "/_synapse//mas/query_user",
        "/_matrix/../_synapse/mas/query_user",
        "/_matrix/client/%2e%2e/%2e%2e/_synapse/admin/v1/register",
        "/_synapse/client/../admin/v1/register",
        "/_synapse/client/%2e%2e/mas/query_user",
        "/.vite/manifest.json",
        "/.built-from",
        "/assets/../.built-from",
        "/assets/%2e%2e/.built-from",
        "/assets/missing.js",
        "/index.html",
        "/p/",
        "/p/UPPER",
        "/adgang",
        "/.well-known/matrix/server",
        "/nowhere",
        "/.git/config",
    ],
)
def test_closed_in_every_spelling(proxy: LoneProxy, path: str) -> None:
    answer = proxy.get(path)
    assert answer.status == 404, answer.body
    assert "portal" not in answer.body
    assert "synapse" not in answer.body


def test_well_known_names_homeserver_issuer_and_our_service(proxy: LoneProxy) -> None:
    import json

    answer = proxy.get("/.well-known/matrix/client")
    content = json.loads(answer.body)
    url = f"http://localhost:{proxy.port}"
    assert content["m.homeserver"] == {"base_url": url}
    assert content["org.matrix.msc2965.authentication"]["issuer"] == f"{url}/adgang/matrix/"
    assert content["dk.os2.samtale"]["api"] == f"{url}/api"
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost.evil.example", "LOCALHOST.", ""])
def test_unknown_host_gets_421(proxy: LoneProxy, host: str) -> None:
    for path in ("/", "/adgang/log-ind/", "/_matrix/client/versions"):
        answer = proxy.get(path, host=host)
        assert answer.status in ({421} if host else {400, 421}), (path, answer)
        assert "portal" not in answer.body


def test_the_machines_own_address_is_refused_whatever_the_host(proxy: LoneProxy) -> None:
    for address in own_addresses():
        with pytest.raises(httpx.ConnectError, match="refused"):
            httpx.get(f"http://{address}:{proxy.port}/", headers={"Host": f"localhost:{proxy.port}"})


def test_hashed_files_are_kept_for_a_year_and_others_are_asked_for(proxy: LoneProxy) -> None:
    assert (
        proxy.get("/assets/index-abc123.js").headers["cache-control"] == "public, max-age=31536000, immutable"
    )
    for path in ("/", "/sw.js", "/manifest.webmanifest"):
        assert proxy.get(path).headers["cache-control"] == "no-cache"
    assert "cache-control" not in proxy.get("/assets/missing.js").headers


def test_client_carries_its_policy_and_synapse_keeps_its_own(proxy: LoneProxy) -> None:
    policy = rendering.content_security_policy(f"http://localhost:{proxy.port}")
    assert proxy.get("/").headers["content-security-policy"] == policy
    assert proxy.get("/_matrix/client/versions").headers["content-security-policy"] == "sandbox"
    assert "content-security-policy" not in proxy.get("/api/me").headers


@pytest.mark.parametrize(
    "path", ["/", "/api/me", "/_matrix/client/versions", "/nowhere", "/assets/missing.js"]
)
def test_every_answer_has_the_common_headers_and_no_server(proxy: LoneProxy, path: str) -> None:
    headers = proxy.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        f"/adgang/log-ind/?next={CUT}secret",
        f"/adgang/demo/ind/{CUT}secret",
        f"/adgang/glemt-adgangskode/{CUT}secret/",
        f"/adgang/hent-konto/{CUT}secret/",
        f"/adgang/saml/ind/{CUT}secret",
        f"/api/{CUT}",
    ],
)
def test_a_failure_is_logged_without_what_signs_somebody_in(proxy: LoneProxy, path: str) -> None:
    logged = proxy.log.stat().st_size
    # Not a GET, which is tried again for as long as a part may take to come back.
    answer = proxy.get(path, body=b"x", Referer="http://localhost/secret", Cookie="a=secret")
    assert answer.status == 502
    for _ in range(100):
        said = proxy.log.read_bytes()[logged:].decode()
        if said.endswith("\n"):
            break
        time.sleep(0.05)
    assert '"method":"POST"' in said
    assert "secret" not in said


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_compression(proxy: LoneProxy, encoding: str) -> None:
    answer = proxy.get("/assets/index-abc123.js", accept_encoding=encoding)
    assert answer.headers["content-encoding"] == encoding


def test_what_the_build_compressed_is_handed_out_as_it_is(proxy: LoneProxy) -> None:
    answer = proxy.get("/assets/main-def456.js", accept_encoding="gzip, br, zstd")
    assert answer.headers["content-encoding"] == "br"
    assert answer.body == FILES["assets/main-def456.js.br"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_forwarded_address_cannot_be_forged(proxy: LoneProxy) -> None:
    answer = proxy.get("/api/me", x_forwarded_for="10.1.2.3")
    assert answer.body.split()[2] == "127.0.0.1"


def test_large_request_to_the_portal_is_refused(proxy: LoneProxy) -> None:
    answer = proxy.get("/api/me", body=b"x" * 11 * 1024**2)
    assert answer.status == 413


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_a_file_that_synapse_would_hang_up_on_is_refused(proxy: LoneProxy, more: int, status: int) -> None:
    answer = proxy.get("/_matrix/media/v3/upload", body=b"x" * (LARGEST_FILE + more))
    assert answer.status == status


def test_the_manifest_has_its_own_type(proxy: LoneProxy) -> None:
    answer = proxy.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"


@pytest.mark.parametrize(
    ("path", "who", "kept"),
    [("/_matrix/client/versions", "synapse", False), ("/adgang/log-ind/", "portal", True)],
)
def test_only_the_portal_sees_its_cookies(proxy: LoneProxy, path: str, who: str, kept: bool) -> None:
    said = proxy.get(path, Cookie="samtale_portal=session").body
    assert said.startswith(f"{who} ")
    assert said.endswith("samtale_portal=session") is kept
