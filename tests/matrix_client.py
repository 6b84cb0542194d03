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
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from platform_under_test import Platform

MATRIX = "/adgang/matrix"


@dataclass(frozen=True)
class Access:
    """What a person's token can do."""

    http: httpx.Client

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
    token = access_token(platform.url, person.email, person.password)
    return Access(
        httpx.Client(base_url=platform.url, timeout=60, headers={"Authorization": f"Bearer {token}"})
    )


def access_token(url: str, email: str, password: str) -> str:
    """Sign in as our own client does: code grant with PKCE, on the real pages."""
    redirect, verifier = f"{url}/", secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    scope = f"urn:matrix:client:api:* urn:matrix:client:device:{secrets.token_hex(6)} urn:dk:os2:samtale:api"
    asked = {
        "client_id": "samtale-web",
        "response_type": "code",
        "response_mode": "query",
        "redirect_uri": redirect,
        "scope": scope,
        "state": secrets.token_urlsafe(8),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    with httpx.Client(base_url=url, timeout=60, trust_env=False, headers={"Origin": url}) as browser:
        page = _follow(browser, browser.get(f"{MATRIX}/authorize", params=asked))
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', _form_with(page, "password"))
        form = {name: html.unescape(value) for name, value in hidden} | {"login": email, "password": password}
        ended = _follow(browser, browser.post(str(page.url), data=form))
        code = parse_qs(urlsplit(_target(ended)).query)["code"][0]
        grant = {
            "grant_type": "authorization_code",
            "client_id": "samtale-web",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        }
        answer = browser.post(f"{MATRIX}/oauth2/token", data=grant)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def _follow(browser: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Until a page that waits for the person, or one that leads to the client with a code."""
    for _ in range(10):
        target = _target(answer)
        if not target or "code=" in urlsplit(target).query:
            return answer
        answer = browser.get(target)
    raise AssertionError(f"redirected in circles: {answer.url}")


def _target(answer: httpx.Response) -> str:
    refresh = answer.headers.get("refresh", "").partition("url=")[2]
    target = answer.headers.get("location") or refresh
    return urljoin(str(answer.url), target) if target else ""


def _form_with(page: httpx.Response, field: str) -> str:
    forms = [
        form for form in re.findall(r"<form.*?</form>", page.text, flags=re.S) if f'name="{field}"' in form
    ]
    assert forms, f"{page.url}: {page.text[:1000]}"
    return str(forms[0])
