"""A person's own access, had as our web client has it: the real pages of sign-in, code and PKCE.

For tests that ask the servers directly what they would let a person do with a token of their own.
"""

import base64
import hashlib
import html
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
from platform_under_test import Platform

_API = "urn:matrix:client:api:*"
_PORTAL = "urn:dk:os2:samtale:api"


@dataclass(frozen=True)
class Access:
    """What a person's token can do."""

    http: httpx.Client
    device_id: str
    token: str
    refresh_token: str

    def get(self, path: str) -> dict[str, Any]:
        answer = self.http.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.http.post(path, json=body or {})
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def status(self, method: str, path: str, body: dict[str, Any] | None = None) -> int:
        return self.http.request(method, path, json=body if method != "GET" else None).status_code


def token_for(platform: Platform, who: str) -> Access:
    """Sign the person in with password, as the client `samtale-web`, on a new device."""
    person = platform.person(who)
    verifier, device = secrets.token_urlsafe(48), secrets.token_hex(6).upper()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect = platform.url + "/"
    question = {
        "response_type": "code",
        "response_mode": "query",
        "client_id": "samtale-web",
        "redirect_uri": redirect,
        "scope": f"{_API} urn:matrix:client:device:{device} {_PORTAL}",
        "state": "state",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    with httpx.Client(base_url=platform.url, timeout=60) as browser:
        page = browser.get("/adgang/matrix/authorize?" + urlencode(question), follow_redirects=True)
        answer = browser.post(
            page.url,
            data={**_hidden(page.text), "login": person.email, "password": person.password},
            headers={"Origin": platform.url, "Referer": str(page.url)},
        )
        while "code=" not in (target := urljoin(str(answer.url), answer.headers["location"])):
            answer = browser.get(target)
    code = parse_qs(urlsplit(target).query)["code"][0]
    issued = httpx.post(
        platform.url + "/adgang/matrix/oauth2/token",
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": "samtale-web",
            "code_verifier": verifier,
        },
        timeout=60,
    )
    assert issued.status_code == 200, issued.text
    tokens = issued.json()
    http = httpx.Client(
        base_url=platform.url, timeout=60, headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    return Access(http, device, tokens["access_token"], tokens["refresh_token"])


def _hidden(page: str) -> dict[str, str]:
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden" and "name" in attributes:
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return found
