"""A service that signs people in with the platform: Authlib behind a web server on this machine."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.test import RequestFactory
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

_PATIENCE = 90.0
_EVERYTHING = "openid profile email organisation role groups"


@dataclass
class Service:
    """One service. Its server also hears logout tokens, at `/backchannel`."""

    slug: str
    secret: str
    server: ThreadingHTTPServer
    #: Logout tokens as they came.
    logout_tokens: list[str] = field(default_factory=list)
    #: How the next logout tokens are answered; 200 when there is nothing left.
    answers: list[int] = field(default_factory=list)
    #: Of the person's browser with the service.
    session: dict[str, Any] = field(default_factory=dict)
    app: DjangoOAuth2App = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def callback(self) -> str:
        return f"{self.url}/callback"

    @property
    def goodbye(self) -> str:
        return f"{self.url}/goodbye"

    def table(self, secret_file: str, *more: str) -> str:
        """Its part of samtale.toml."""
        return "\n".join(
            [
                f"[sso.{self.slug}]",
                f'name = "{self.slug.capitalize()}"',
                f'redirect_uris = ["{self.callback}"]',
                f'post_logout_redirect_uris = ["{self.goodbye}"]',
                f'backchannel_logout_uri = "{self.url}/backchannel"',
                f'secret_file = "{secret_file}"',
                'scopes = ["profile", "email", "organisation", "role", "groups"]',
                *more,
                "",
            ]
        )

    def meet(self, issuer: str, *, secret: str = "", scope: str = _EVERYTHING) -> "Service":
        """Learn of the platform by its metadata, as a newly started service."""
        self.session = {}
        self.app = OAuth().register(
            self.slug,
            client_id=self.slug,
            client_secret=secret or self.secret,
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": scope, "code_challenge_method": "S256"},
        )
        return self

    def sign_in_at(self, **more: str) -> str:
        """The address that the service sends a browser to."""
        answer = self.app.authorize_redirect(self._request("/"), self.callback, **more)
        return str(answer["Location"])

    def take(self, address: str) -> dict[str, Any]:
        """The browser came back: exchange the code, verify the ID token. Returns tokens and `userinfo`."""
        parts = urlsplit(address)
        found: dict[str, Any] = self.app.authorize_access_token(self._request(f"/callback?{parts.query}"))
        return found

    def sign_out_at(self, id_token: str) -> str:
        return str(self.app.logout_redirect(self._request("/"), self.goodbye, id_token)["Location"])

    def said_goodbye(self, address: str) -> None:
        """Raises when the state is not the one that the service sent."""
        self.app.validate_logout_response(self._request(f"/goodbye?{urlsplit(address).query}"))

    def refresh(self, refresh_token: str) -> httpx.Response:
        sent = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        address = self.app.load_server_metadata()["token_endpoint"]
        return httpx.post(address, data=sent, auth=(self.slug, self.secret))

    def wait_for_logout(self, number: int = 1) -> dict[str, Any]:
        """The claims of the newest logout token, verified with joserfc."""
        deadline = time.monotonic() + _PATIENCE
        while len(self.logout_tokens) < number:
            assert time.monotonic() < deadline, f"{self.slug} heard of {len(self.logout_tokens)} sign-outs"
            time.sleep(0.1)
        keys = KeySet.import_key_set(self.app.fetch_jwk_set(force=True))
        registry = JWSRegistry(algorithms=["RS256"])
        token = jwt.decode(self.logout_tokens[-1], keys, registry=registry)
        assert token.header["typ"] == "logout+jwt"
        metadata = self.app.load_server_metadata()
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": metadata["issuer"]},
            aud={"essential": True, "value": self.slug},
            exp={"essential": True},
            iat={"essential": True},
            jti={"essential": True},
            sid={"essential": True},
            sub={"essential": True},
        )
        rules.validate(token.claims)
        assert token.claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
        assert "nonce" not in token.claims
        claims: dict[str, Any] = token.claims
        return claims

    def _request(self, path: str) -> Any:
        request = RequestFactory().get(path)
        request.session = self.session  # type: ignore[assignment]
        return request


@contextmanager
def started(slug: str, secret: str) -> Iterator[Service]:
    """Its server, on a port that is free."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, b"<title>Fremme</title>")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.path == "/backchannel"
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            service.logout_tokens.append(parse_qs(body)["logout_token"][0])
            self._answer(service.answers.pop(0) if service.answers else 200, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    service = Service(slug, secret, server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield service
    server.shutdown()
    server.server_close()
