"""The demo's people with the tokens that the portal gave them, through its own pages."""

import base64
import hashlib
import html
import re
import secrets
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
from lone_synapse import Person
from platform_under_test import Platform

from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.sender import Sender
from samtale.stack import secrets as stack_secrets
from samtale.stack import synapse

MATRIX = "/adgang/matrix"


class PlatformSynapse:
    """The platform's Synapse, as `LoneSynapse` is one: the portal's way to it, and people with tokens."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.config = platform.config
        self.server_user = f"@{synapse.SENDER}:{self.config.server_name}"
        known = stack_secrets.load_or_create(platform.folders.secrets)
        base_url = f"http://127.0.0.1:{self.config.ports.synapse}"
        self.portal = Sender(base_url, known.as_token, timeout=60)
        self.mas = Sender(base_url, known.mas, timeout=60)

    def person(self, key: str) -> Person:
        """One of the demo's people; every request goes through the proxy."""
        known = self._platform.person(key)
        assert known.matrix_id is not None
        token = access_token(self._platform.url, known.email, known.password)
        return Person(self._platform.url, known.matrix_id, token)

    def acting_as(self, person: Person) -> ActingAs:
        return ActingAs(self.portal, person.user_id)


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
