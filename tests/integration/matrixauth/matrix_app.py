"""A Matrix app and the browser it opens, over HTTP."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx
from matrix_oauth import ACCOUNT, AUTHORIZE, REVOKE, TOKEN, Asking, told
from people import PASSWORD

from samtale.identity.models import Person


class Browser:
    """Follows redirects and pages that go on by themselves, and sends the forms of pages."""

    def __init__(self, portal: str) -> None:
        self.portal = portal
        self._http = httpx.Client(base_url=portal, timeout=60)

    def open(self, url: str) -> httpx.Response | str:
        """The page one ends on, or the address outside the portal's pages that one is sent to."""
        return self._follow(self._http.get(url))

    def submit(self, page: httpx.Response, **answers: str) -> httpx.Response | str:
        """Send the first form of the page that has all the fields."""
        for form in re.findall(r"<form.*?</form>", page.text, flags=re.S):
            names = set(re.findall(r'name="([^"]+)"', form))
            if set(answers) <= names:
                action = re.search(r'action="([^"]*)"', form)
                hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
                data = {name: html.unescape(value) for name, value in hidden} | answers
                target = urljoin(str(page.url), html.unescape(action.group(1)) if action else "")
                return self._follow(self._http.post(target, data=data))
        raise AssertionError(f"no form with {sorted(answers)} on {page.url}: {page.text[:2000]}")

    def _follow(self, answer: httpx.Response) -> httpx.Response | str:
        for _ in range(10):
            if answer.is_redirect:
                target = answer.headers["location"]
            elif "refresh" in answer.headers:
                target = answer.headers["refresh"].split("url=", 1)[1]
            else:
                return answer
            target = urljoin(str(answer.url), target)
            if not target.startswith(f"{self.portal}/adgang/"):
                return target
            answer = self._http.get(target)
        raise AssertionError("redirected in circles")


@dataclass
class App:
    """One installation of a client on one device."""

    portal: str
    client_id: str = "samtale-web"
    asking: Asking = field(default_factory=Asking)
    access: str = ""
    refresh_token: str = ""

    def code_for(self, person: Person, browser: Browser | None = None) -> str:
        """Sign in on the real pages, agree when asked, and come back with a code."""
        browser = browser or Browser(self.portal)
        answer = browser.open(self.asking.url)
        if isinstance(answer, httpx.Response) and "/log-ind/" in answer.url.path:
            answer = browser.submit(answer, login=person.email, password=PASSWORD)
        if isinstance(answer, httpx.Response) and answer.url.path == AUTHORIZE:
            answer = browser.submit(answer, allow="yes")
        assert isinstance(answer, str), f"{answer.url}: {answer.text[:2000]}"
        assert answer.startswith(self.asking.redirect_uri), answer
        return told(answer)["code"]

    def exchange(self, code: str) -> httpx.Response:
        return self._post(TOKEN, self.asking.exchange(code))

    def sign_in(self, person: Person, browser: Browser | None = None) -> "App":
        self._keep(self.exchange(self.code_for(person, browser)))
        return self

    def refresh(self) -> httpx.Response:
        """Ask for a new pair, and keep it when it is given."""
        answer = self.ask_to_refresh()
        if answer.status_code == 200:
            self._keep(answer)
        return answer

    def ask_to_refresh(self) -> httpx.Response:
        sent = {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
        return self._post(TOKEN, {**sent, "client_id": self.asking.client_id})

    def sign_out(self) -> httpx.Response:
        return self._post(REVOKE, {"token": self.access, "client_id": self.asking.client_id})

    @property
    def device_id(self) -> str:
        return self.asking.device_id

    @property
    def account_page(self) -> str:
        return f"{self.portal}{ACCOUNT}"

    def _keep(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, answer.text
        self.access = answer.json()["access_token"]
        self.refresh_token = answer.json()["refresh_token"]

    def _post(self, path: str, data: dict[str, str]) -> httpx.Response:
        return httpx.post(f"{self.portal}{path}", data=data, timeout=60)


def at_once(times: int, act: Any) -> list[httpx.Response]:
    """Do the same several times side by side."""
    with ThreadPoolExecutor(times) as threads:
        return [future.result() for future in [threads.submit(act) for _ in range(times)]]
