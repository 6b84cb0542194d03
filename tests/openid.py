"""An OpenID Provider that is really there, and a browser that goes to and fro."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
from django.conf import settings
from django.http import HttpResponse
from django.test import Client as Browser

from samtale_testidp.answers import Keys
from samtale_testidp.openid.provider import Client, OpenidProvider
from samtale_testidp.provider import Provider
from samtale_testidp.server import Server
from samtale_testidp.service_provider import Published

CLIENT_ID = "os2samtale"
#: With what must be encoded in a header (RFC 6749, section 2.3.1).
SECRET = "hemmeligt: 100 % æøå/+ 7c1d"
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Authority:
    """``slug``: of the way in that leads here."""

    slug: str
    provider: OpenidProvider

    @property
    def start(self) -> str:
        return f"/adgang/log-ind/med/{self.slug}/"

    def asked(self, leaving: HttpResponse) -> dict[str, str]:
        """What the way out to the provider carries."""
        return dict(parse_qsl(urlsplit(self._out(leaving)).query, strict_parsing=True))

    def answer(self, leaving: HttpResponse, **form: str) -> str:
        """Where the provider sends the browser back to, after what was chosen on its page."""
        answer = httpx.post(self._out(leaving), data=form, verify=_NO_TLS)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def _out(self, leaving: HttpResponse) -> str:
        """A redirect, or, where a form may have led to it, a page that goes on by itself."""
        address = leaving.headers.get("Location") or leaving.headers["Refresh"].partition("url=")[2]
        assert address.startswith(f"{self.provider.issuer}/authorize?"), address
        return address

    def silence(self, leaving: HttpResponse) -> str:
        """Where the provider sends a browser back to that must not be asked anything."""
        return str(httpx.get(self._out(leaving), verify=_NO_TLS).headers["Location"])

    def sign_in(self, browser: Browser, person: str, start: str = "") -> HttpResponse:
        """The whole way, to what the person sees in the end."""
        return arrive(browser, self.answer(browser.get(start or self.start), person=person))

    def attack(self, browser: Browser, slug: str) -> HttpResponse:
        """The same with an answer that must be refused."""
        return arrive(browser, self.answer(browser.get(self.start), attack=slug))


def arrive(browser: Browser, back: str) -> HttpResponse:
    """The provider's answer in the browser."""
    assert back.startswith(settings.CONFIG.public_url + "/"), back
    return browser.get(back.removeprefix(settings.CONFIG.public_url))


@contextmanager
def provider_at_work(slug: str, keys: Keys) -> Iterator[Authority]:
    """``slug``: of the way in that it is to be."""
    server = Server(0)
    base = settings.CONFIG.public_url
    client = Client(
        CLIENT_ID, SECRET, (f"{base}/adgang/log-ind/retur/{slug}/",), (f"{base}/adgang/logget-ud/",)
    )
    openid = OpenidProvider(f"{server.base_url}/oidc", keys, client)
    server.provider = Provider(server.base_url, keys, Published("http://127.0.0.1:9/"), openid=openid)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Authority(slug, openid)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
