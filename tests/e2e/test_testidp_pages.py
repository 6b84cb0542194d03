"""The pages of the test identity provider in a browser, and its answer as another site gets it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from e2e import browser as chromium
from playwright.sync_api import Browser, Page, expect
from saml_service import Service, introduced, key_pair, provider_at_work

from samtale.oiosaml import response
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import NotSignedIn, Provider, Request, SignedIn
from samtale_testidp import keys


@dataclass
class Received:
    """What a service on localhost was sent, for the provider on 127.0.0.1 another site."""

    service: Service
    forms: list[dict[str, list[str]]] = field(default_factory=list)

    @property
    def start(self) -> str:
        """Where the browser is sent to sign in."""
        return self.service.idp.entity_id + self.service.request()

    def accept(self) -> SignedIn:
        """The last answer; raises what the portal would raise."""
        own = self.service
        assert self.forms[-1]["RelayState"] == ["relay"]
        return response.accept(
            self.forms[-1]["SAMLResponse"][0],
            Request("_request", own.acs_url, own.entity_id, datetime.now(UTC)),
            Provider(own.idp.entity_id, own.idp.pems, None),
            [own.encryption.private],
            lambda *_: True,
        )


@pytest.fixture
def received(tmp_path: Path) -> Iterator[Received]:
    forms: list[dict[str, list[str]]] = []

    class Acs(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            forms.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Service</title><main>arrived</main>")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Acs)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    own = f"http://localhost:{server.server_port}"
    file = tmp_path / "metadata.xml"
    with provider_at_work(keys.make(datetime.now(UTC), bits=2048), file) as provider:
        pairs = key_pair("signing"), key_pair("encryption")
        yield Received(introduced(provider, file, pairs, acs_url=f"{own}/acs", slo_url=f"{own}/slo"), forms)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with chromium.window(browser) as context:
        yield context.new_page()


def test_a_person_is_chosen_and_the_answer_goes_by_itself(page: Page, received: Received) -> None:
    page.goto(received.start)
    page.get_by_role("button", name="Signe Holm-Kjær").click()
    expect(page).to_have_title("Service")
    assert received.accept().subject.name == "Signe Holm-Kjær"
    page.goto(received.start)
    expect(page).to_have_title("Service")
    assert [received.accept().subject.name, len(received.forms)] == ["Signe Holm-Kjær", 2]


def test_without_scripts_there_is_a_button(browser: Browser, received: Received) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(received.start)
        page.get_by_role("button", name="Anna Jensen").click()
        page.get_by_role("button", name="Fortsæt").click()
        expect(page).to_have_title("Service")
    assert received.accept().subject.name == "Anna Jensen"


def test_cancelling_is_an_answer_too(page: Page, received: Received) -> None:
    page.goto(received.start)
    page.get_by_role("button", name="Annullér").click()
    expect(page).to_have_title("Service")
    with pytest.raises(NotSignedIn, match="AuthnFailed"):
        received.accept()


def test_an_attack_is_sent_from_the_page(page: Page, received: Received) -> None:
    page.goto(received.start)
    page.get_by_role("link", name="Vælg et angreb").click()
    expect(page.get_by_role("button", name="Det forrige svar sendt igen")).to_be_disabled()
    page.get_by_role("button", name="Udsagnet er ikke krypteret").click()
    expect(page).to_have_title("Service")
    with pytest.raises(Refused):
        received.accept()


def test_logging_out_everywhere_reaches_the_service(page: Page, received: Received) -> None:
    page.goto(received.start)
    page.get_by_role("button", name="Bo Ek").first.click()
    expect(page).to_have_title("Service")
    page.goto(received.service.idp.entity_id)
    page.get_by_role("button", name="Log ud alle steder").click()
    expect(page).to_have_title("Service")
    assert page.url.startswith(f"{received.service.slo_url}?SAMLRequest=")
    page.goto(received.service.idp.entity_id)
    expect(page.get_by_text("Ingen er logget ind her")).to_be_visible()


def test_the_pages_in_each_width_and_theme(page: Page, received: Received) -> None:
    page.goto(received.start)
    chromium.looked_at(page, "testidp-choose")
    page.get_by_role("link", name="Vælg et angreb").click()
    chromium.looked_at(page, "testidp-attacks", twice=True)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Try an attack")).to_be_visible()
    chromium.looked_at(page, "testidp-attacks-en", twice=True)
    page.get_by_role("link", name="Back to the people").click()
    page.get_by_role("button", name="Freja Lund").click()
    expect(page).to_have_title("Service")
    page.goto(received.service.idp.entity_id)
    chromium.looked_at(page, "testidp-home", twice=True)
    page.goto(f"{received.service.idp.entity_id}/slo/answer")
    chromium.looked_at(page, "testidp-rejected", twice=True)
