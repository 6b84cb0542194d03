"""What a client of the authorization server sends, and how its answers are read."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.test import Client
from people import PASSWORD

from samtale.identity.models import Person
from samtale.matrixauth import tokens
from samtale.matrixauth.models import Account, Application, Grant, Session
from samtale.matrixauth.registration import parse, register
from samtale.matrixauth.tokens import Pair

BASE = "/adgang/matrix"
AUTHORIZE = f"{BASE}/authorize"
TOKEN = f"{BASE}/oauth2/token"
REVOKE = f"{BASE}/oauth2/revoke"
REGISTER = f"{BASE}/oauth2/registration"
INTROSPECT = f"{BASE}/oauth2/introspect"
ACCOUNT = f"{BASE}/account"
ISSUER = f"{settings.CONFIG.public_url}{BASE}/"
WEB_REDIRECT = f"{settings.CONFIG.public_url}/"

#: As their programs send them (matrix-rust-sdk; Element Web).
ELEMENT_X_ANDROID: dict[str, Any] = {
    "application_type": "native",
    "client_name": "Element X",
    "client_uri": "https://element.io",
    "logo_uri": "https://element.io/mobile-icon.png",
    "tos_uri": "https://element.io/acceptable-use-policy-terms",
    "policy_uri": "https://element.io/privacy",
    "redirect_uris": ["io.element.android:/"],
    "grant_types": [
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
    ],
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
}
ELEMENT_X_IOS = {
    **ELEMENT_X_ANDROID,
    "redirect_uris": ["https://element.io/oauth/ios/io.element.elementx"],
}
ELEMENT_WEB = {
    **ELEMENT_X_ANDROID,
    "application_type": "web",
    "client_name": "Element",
    "client_uri": "https://app.element.io/",
    "logo_uri": "https://app.element.io/logo.png",
    "tos_uri": "https://app.element.io/tos",
    "policy_uri": "https://app.element.io/privacy",
    "redirect_uris": ["https://app.element.io/?no_universal_links=true"],
}


def browser_of(person: Person) -> Client:
    """A browser in which the person just signed in, by the form."""
    client = Client()
    answer = client.post("/adgang/log-ind/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code in (302, 303), answer.content.decode()[-2000:]
    return client


def age_sign_in(browser: Client, by: timedelta) -> None:
    """As if the person had proved who they are that much earlier."""
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= by.total_seconds()
    session["account_authentication_methods"] = list(session["account_authentication_methods"])
    session.save()


@dataclass
class Asking:
    """One authorization request; every part can be made wrong."""

    client_id: str = "samtale-web"
    redirect_uri: str = WEB_REDIRECT
    device_id: str = field(default_factory=lambda: "D" + secrets.token_hex(6).upper())
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    scope: str = ""
    more: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    @property
    def url(self) -> str:
        scope = self.scope or f"urn:matrix:client:api:* urn:matrix:client:device:{self.device_id}"
        parameters = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": scope,
            "state": "tilstand",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
            **self.more,
        }
        kept = {key: value for key, value in parameters.items() if key not in self.without}
        return f"{AUTHORIZE}?{urlencode(kept)}"

    def exchange(self, code: str, **other: str) -> dict[str, str]:
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "client_id": self.client_id,
            "code_verifier": self.verifier,
            **other,
        }


def where_to(response: Any) -> str:
    """Where an answer sends the browser, by redirect or by the page that goes on by itself."""
    if response.status_code in (301, 302, 303):
        return str(response["Location"])
    assert response.status_code == 200, response.content.decode()
    assert "Refresh" in response, response.content.decode()
    return str(response["Refresh"]).split("url=", 1)[1]


def told(uri: str) -> dict[str, str]:
    """The parameters of an answer to a client, from query or fragment."""
    parts = urlsplit(uri)
    return {key: values[0] for key, values in parse_qs(parts.fragment or parts.query).items()}


def registered(metadata: dict[str, Any] | None = None) -> Application:
    import json

    return register(parse(json.dumps(metadata or ELEMENT_X_ANDROID).encode(), loopback_clients=True))


def web_client() -> Application:
    return Application.objects.get(client_id="samtale-web")


def a_session(person: Person, application: Application | None = None, **more: Any) -> Session:
    """A device that signed in earlier, as the token endpoint leaves it; Synapse was told of it."""
    Account.objects.update_or_create(
        person=person, defaults={"provisioned": True, "displayname": person.display_name}
    )
    device_id = more.pop("device_id", "D" + secrets.token_hex(6).upper())
    scope = f"urn:matrix:client:api:* urn:matrix:client:device:{device_id}"
    application = application or web_client()
    if application.client_id == "samtale-web":
        scope += " urn:dk:os2:samtale:api"
    session: Session = Session.objects.create(
        person=person, application=application, device_id=device_id, scope=more.pop("scope", scope), **more
    )
    return session


def a_pair(session: Session, lifetime: int = 300) -> Pair:
    """Tokens for a session."""
    pair = Pair(secrets.token_urlsafe(20), secrets.token_urlsafe(20), lifetime)
    tokens.issue(session, pair)
    return pair


def refresh(browser: Client, token: str, client_id: str = "samtale-web") -> Any:
    return browser.post(
        TOKEN, {"grant_type": "refresh_token", "refresh_token": token, "client_id": client_id}
    )


def introspect(browser: Client, token: str, secret: str | None = None) -> Any:
    secret = settings.CONFIG.mas_secret if secret is None else secret
    return browser.post(INTROSPECT, {"token": token}, headers={"Authorization": f"Bearer {secret}"})


def is_active(token: str) -> bool:
    return bool(introspect(Client(), token).json()["active"])


def codes() -> int:
    return int(Grant.objects.count())
