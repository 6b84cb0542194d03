"""No form is answered with a redirect that a browser would refuse, wherever the client is."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import people
import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings as django_settings
from e2e import browser as chromium
from matrix_oauth import Asking, registered, told, web_client
from playwright.sync_api import Browser, Error, Page
from pytest_django.live_server_helper import LiveServer

from samtale.identity.models import Person
from samtale.matrixauth.models import Application, Consent
from samtale.matrixauth.views import outward

pytestmark = pytest.mark.django_db(transaction=True)


class Client(BaseHTTPRequestHandler):
    """Somebody else's web client: a page at which the browser arrives."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<title>Fremme</title>")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[str]:
    """Another origin than the portal's."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Client)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/back"
    server.shutdown()
    server.server_close()


@dataclass
class Window:
    page: Page
    portal: str
    complaints: list[str]

    def ask(self, asking: Asking) -> None:
        self.page.goto(self.portal + asking.url)

    def sign_in(self, person: Person) -> None:
        self.page.get_by_text("Inviteret gæst").click()
        self.page.get_by_label("E-mail").fill(person.email)
        self.page.get_by_label("Adgangskode", exact=True).fill(people.PASSWORD)
        self.page.get_by_role("button", name="Log ind", exact=True).click()

    def prove(self) -> None:
        self.page.get_by_label("Adgangskode", exact=True).fill(people.PASSWORD)
        self.page.get_by_role("button", name="Bekræft", exact=True).click()

    def code(self, secret: str) -> None:
        """The second step: what the person's code app shows now."""
        self.page.get_by_label("Kode", exact=True).fill(
            format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        )
        self.page.get_by_role("button", name="Log ind", exact=True).click()

    def calls_an_app(self, scheme: str) -> str:
        """Nothing on this machine opens such an address: the page that calls it stays, with its link."""
        link = self.page.get_by_role("link", name="Fortsæt selv, hvis der ikke sker noget")
        link.and_(self.page.locator(f"[href^='{scheme}:']")).wait_for()
        assert self.complaints == []
        return link.get_attribute("href") or ""

    def arrives(self, redirect_uri: str) -> dict[str, str]:
        self.page.wait_for_url(f"{redirect_uri}?**")
        assert self.complaints == []
        return told(self.page.url)


@pytest.fixture
def window(settings: Any, live_server: LiveServer, browser: Browser) -> Iterator[Window]:
    settings.CONFIG = replace(django_settings.CONFIG, public_url=live_server.url)
    context = chromium.window(browser)
    context.set_default_timeout(60_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "form-action" in said.text else None)
    yield Window(page, live_server.url, complaints)
    context.close()


def listed(redirect_uri: str) -> Asking:
    """A client of the platform's own, as `samtale-web` is."""
    Application.objects.filter(pk=web_client().pk).update(redirect_uris=redirect_uri)
    return Asking(redirect_uri=redirect_uri)


def other(redirect_uri: str) -> Asking:
    """A client that registered itself."""
    origin = (
        redirect_uri.rpartition("/")[0] + "/" if redirect_uri.startswith("http") else "https://app.example/"
    )
    client = registered(
        {
            "client_name": "En anden app",
            "application_type": "web" if redirect_uri.startswith("http") else "native",
            "client_uri": origin,
            "redirect_uris": [redirect_uri],
            "token_endpoint_auth_method": "none",
        }
    )
    return Asking(client_id=client.client_id, redirect_uri=redirect_uri)


def agreed(person: Person, asking: Asking) -> None:
    Consent.objects.create(person=person, application=Application.objects.get(client_id=asking.client_id))


def with_code_app(person: Person) -> str:
    """Set up a code app. Returns its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def test_from_the_password_form_to_a_client_on_another_origin(window: Window, elsewhere: str) -> None:
    window.ask(listed(elsewhere))
    window.sign_in(people.anna())
    assert "code" in window.arrives(elsewhere)


def test_from_the_password_form_when_consent_is_remembered(window: Window, elsewhere: str) -> None:
    anna, asking = people.anna(), other(elsewhere)
    agreed(anna, asking)
    window.ask(asking)
    window.sign_in(anna)
    assert "code" in window.arrives(elsewhere)


def test_from_the_second_factors_form_to_a_client_on_another_origin(window: Window, elsewhere: str) -> None:
    anna = people.anna()
    secret = with_code_app(anna)
    window.ask(listed(elsewhere))
    window.sign_in(anna)
    window.code(secret)
    assert "code" in window.arrives(elsewhere)


def test_from_the_second_factors_form_when_consent_is_remembered(window: Window, elsewhere: str) -> None:
    anna, asking = people.anna(), other(elsewhere)
    secret = with_code_app(anna)
    agreed(anna, asking)
    window.ask(asking)
    window.sign_in(anna)
    window.code(secret)
    assert "code" in window.arrives(elsewhere)


def test_from_the_second_factors_form_to_an_app(window: Window) -> None:
    anna, asking = people.anna(), other("example.app:/back")
    secret = with_code_app(anna)
    agreed(anna, asking)
    window.ask(asking)
    window.sign_in(anna)
    window.code(secret)
    assert window.calls_an_app("example.app").startswith("example.app:/back?code=")


def test_from_the_form_of_a_renewed_sign_in(window: Window, elsewhere: str) -> None:
    anna = people.anna()
    window.ask(listed(elsewhere))
    window.sign_in(anna)
    window.arrives(elsewhere)
    again = other(elsewhere)
    agreed(anna, again)
    again.more["prompt"] = "login"
    window.ask(again)
    window.prove()
    assert "code" in window.arrives(elsewhere)


@pytest.mark.parametrize(("button", "part"), [("Giv adgang", "code"), ("Nej tak", "error")])
def test_from_the_consent_form(window: Window, elsewhere: str, button: str, part: str) -> None:
    window.ask(other(elsewhere))
    window.sign_in(people.anna())
    window.page.get_by_role("button", name=button).click()
    assert part in window.arrives(elsewhere)


def test_an_app_is_called_from_a_page_of_its_own_after_a_form(window: Window) -> None:
    anna, asking = people.anna(), other("example.app:/back")
    agreed(anna, asking)
    window.ask(asking)
    window.sign_in(anna)
    assert window.calls_an_app("example.app").startswith("example.app:/back?code=")


def test_an_app_is_called_after_the_form_of_a_renewed_sign_in(window: Window, elsewhere: str) -> None:
    anna, asking = people.anna(), other("example.app:/back")
    agreed(anna, asking)
    window.ask(listed(elsewhere))
    window.sign_in(anna)
    window.arrives(elsewhere)
    asking.more["prompt"] = "login"
    window.ask(asking)
    window.prove()
    assert window.calls_an_app("example.app").startswith("example.app:/back?code=")


def test_an_app_is_called_from_the_consent_form(window: Window) -> None:
    window.ask(other("example.app:/back"))
    window.sign_in(people.anna())
    button = window.page.get_by_role("button", name="Giv adgang")
    button.wait_for()
    posted = window.page.expect_response(lambda answer: answer.request.method == "POST")
    # Nothing on this machine opens such an address, so the click itself may fail.
    with posted as response, suppress(Error):
        button.click()
    assert response.value.headers["location"].startswith("example.app:/back?code=")
    assert window.complaints == []


def test_the_browser_does_refuse_a_form_whose_target_is_not_named(
    window: Window, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the others rely on: without it they would pass whatever the policy said."""
    monkeypatch.setattr(outward, "form_target", lambda _: "")
    window.ask(other(elsewhere))
    window.sign_in(people.anna())
    with window.page.expect_console_message(lambda said: "form-action" in said.text):
        window.page.get_by_role("button", name="Giv adgang").click()
    assert not window.page.url.startswith(elsewhere)


def test_a_sign_in_that_is_too_old_is_renewed_before_consent(window: Window, elsewhere: str) -> None:
    from django.contrib.sessions.models import Session

    window.ask(listed(elsewhere))
    window.sign_in(people.anna())
    window.arrives(elsewhere)
    for row in Session.objects.all():
        content = row.get_decoded()
        for record in content.get("account_authentication_methods", []):
            record["at"] -= timedelta(minutes=11).total_seconds()
        row.session_data = Session.get_session_store_class()().encode(content)
        row.save()
    window.ask(other(elsewhere))
    window.prove()
    window.page.get_by_role("button", name="Giv adgang").click()
    assert "code" in window.arrives(elsewhere)
