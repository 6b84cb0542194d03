"""What a service that signs people in with the platform sends, and how its answers are read."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from matrix_oauth import told, where_to

from samtale.portal_configuration import ServiceConfig

BASE = "/adgang/oidc"
AUTHORIZE = f"{BASE}/authorize"
CONSENT = f"{BASE}/authorize/consent"
TOKEN = f"{BASE}/token"
REVOKE = f"{BASE}/revoke"
USERINFO = f"{BASE}/userinfo"
LOGOUT = f"{BASE}/logout"
ISSUER = f"{settings.CONFIG.public_url}{BASE}"

SECRET = "z-0123456789abcdef0123456789abcdef"
CALLBACK = "https://zulip.example/complete/oidc/"
GOODBYE = "https://zulip.example/accounts/logged-out/"
EVERYTHING = ("profile", "email", "organisation", "role", "groups")

ZULIP = ServiceConfig(
    name="Zulip",
    redirect_uris=(CALLBACK,),
    post_logout_redirect_uris=(GOODBYE,),
    backchannel_logout_uri="https://zulip.example/backchannel",
    secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest(),
    trusted=True,
    scopes=EVERYTHING,
    roles=("member", "administrator", "owner"),
)
#: Not trusted: people are asked.
FORGEJO = ServiceConfig(
    name="Forgejo",
    redirect_uris=("https://code.example/callback",),
    secret_sha256=hashlib.sha256(b"f-" + SECRET.encode()).hexdigest(),
    scopes=("profile", "email"),
    roles=("member", "administrator", "owner"),
)
#: Public: it can keep no secret.
APP = ServiceConfig(
    name="En app",
    redirect_uris=("https://app.example/callback",),
    trusted=True,
    scopes=("profile",),
    roles=("member", "guest"),
    organisations=("municipality", "supplier"),
)
SERVICES = {"zulip": ZULIP, "forgejo": FORGEJO, "app": APP}


@dataclass
class Asking:
    """One sign-in to a service; every part can be made wrong."""

    client_id: str = "zulip"
    scope: str = "openid profile email"
    more: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def redirect_uri(self) -> str:
        return SERVICES[self.client_id].redirect_uris[0]

    @property
    def parameters(self) -> dict[str, str]:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": "tilstand",
            "nonce": "engangs",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **self.more,
        }
        return {key: value for key, value in parameters.items() if key not in self.without}

    @property
    def url(self) -> str:
        return f"{AUTHORIZE}?{urlencode(self.parameters)}"

    def code(self, browser: Client) -> str:
        """From a browser in which somebody is signed in, with nothing left to ask."""
        return told(where_to(browser.get(self.url)))["code"]

    def exchange(self, code: str, /, **other: str) -> Any:
        """At the token endpoint."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **self._credentials(),
            **other,
        }
        return Client().post(TOKEN, sent)

    def tokens(self, browser: Client) -> dict[str, Any]:
        answer = self.exchange(self.code(browser))
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def refresh(self, refresh_token: str, **other: str) -> Any:
        sent = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return Client().post(TOKEN, {**sent, **self._credentials(), **other})

    def _credentials(self) -> dict[str, str]:
        by_client = {"zulip": SECRET, "forgejo": f"f-{SECRET}"}
        secret = by_client.get(self.client_id)
        return {"client_id": self.client_id} | ({"client_secret": secret} if secret else {})


def userinfo(access_token: str) -> Any:
    return Client().get(USERINFO, headers={"Authorization": f"Bearer {access_token}"})
