"""The services' rows follow the configuration; whatever anybody sends them is answered."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from allauth.idp.oidc.models import Token
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as made_up
from matrix_oauth import told, where_to
from sso_client import AUTHORIZE, BASE, CONSENT, LOGOUT, REVOKE, SERVICES, TOKEN, USERINFO, Asking

from samtale.identity.rates import Rate
from samtale.sso import jobs
from samtale.sso.models import Service, Session, SigningKey


def test_a_service_that_left_the_file_is_gone_with_all_it_had(browser: Client, settings: Any) -> None:
    Asking().tokens(browser)
    kept = Asking("app", "openid").tokens(browser)
    settings.CONFIG = replace(settings.CONFIG, sso={"app": SERVICES["app"]})
    call_command("migrate", verbosity=0)
    assert [service.pk for service in Service.objects.all()] == ["app"]
    assert {token.client_id for token in Token.objects.all()} == {"app"}
    assert {session.service_id for session in Session.objects.all()} == {"app"}
    assert Asking("app", "openid").refresh(kept["refresh_token"]).status_code == 200


def test_a_changed_service_is_as_the_file_says(browser: Client, settings: Any) -> None:
    elsewhere = "https://chat.example/complete/oidc/"
    moved = replace(SERVICES["zulip"], redirect_uris=(elsewhere,), scopes=())
    settings.CONFIG = replace(settings.CONFIG, sso={"zulip": moved})
    call_command("migrate", verbosity=0)
    assert browser.get(Asking().url).status_code == 400
    there = Asking(more={"redirect_uri": elsewhere, "scope": "openid"})
    assert "code" in told(where_to(browser.get(there.url)))
    assert (
        told(where_to(browser.get(Asking(more={"redirect_uri": elsewhere}).url)))["error"] == "invalid_scope"
    )


def test_without_services_there_is_no_key(settings: Any) -> None:
    SigningKey.objects.all().delete()
    settings.CONFIG = replace(settings.CONFIG, sso={})
    call_command("migrate", verbosity=0)
    assert jobs.rotate_keys(timestamp=0) is False
    assert not SigningKey.objects.exists()
    assert Client().get(f"{BASE}/jwks").json() == {"keys": []}


NAMES = made_up.sampled_from(
    [
        "client_id",
        "client_secret",
        "code",
        "code_challenge",
        "code_challenge_method",
        "code_verifier",
        "grant_type",
        "id_token_hint",
        "max_age",
        "nonce",
        "post_logout_redirect_uri",
        "prompt",
        "redirect_uri",
        "refresh_token",
        "response_mode",
        "response_type",
        "scope",
        "state",
        "token",
        "token_type_hint",
        "claims",
        "request",
        "request_uri",
        "user",
        "client",
        "session",
        "scopes",
        "resource",
    ]
)
VALUES = made_up.text(max_size=30) | made_up.sampled_from(
    [
        *(
            "zulip",
            "forgejo",
            "app",
            "code",
            "openid",
            "openid profile",
            "none",
            "login consent",
            "S256",
            "0",
        ),
        *(
            SERVICES["zulip"].redirect_uris[0],
            "http://[",
            "a\0b",
            "%zz",
            "{}",
            "eyJ.eyJ.x",
            "query",
            "fragment",
        ),
        *("authorization_code", "refresh_token"),
    ]
)
FIELDS = made_up.lists(made_up.tuples(NAMES, VALUES), max_size=10)


def test_whatever_is_sent_is_answered(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an error of the right kind: never a fault of ours, never a token."""
    monkeypatch.setattr(Rate, "times", property(lambda _: 10**9), raising=False)
    nobody = Client()

    def hold(fields: list[tuple[str, str]]) -> None:
        sent = "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in fields)
        as_form = {"data": sent, "content_type": "application/x-www-form-urlencoded"}
        assert nobody.post(TOKEN, **as_form).status_code in {400, 401}
        assert nobody.post(f"{TOKEN}?{sent}", **as_form).status_code in {400, 401}
        assert nobody.post(REVOKE, **as_form).status_code in {200, 400, 401}
        assert nobody.get(f"{USERINFO}?{sent}").status_code in {400, 401}
        for client in (nobody, browser):
            assert client.get(f"{AUTHORIZE}?{sent}").status_code in {200, 302, 303, 400}
            assert client.post(f"{CONSENT}?{sent}", **as_form).status_code in {200, 302, 303, 400}
            if client is nobody:
                assert client.get(f"{LOGOUT}?{sent}").status_code in {200, 303, 400}
        assert not Token.objects.exclude(type=Token.Type.AUTHORIZATION_CODE).exists()

    checked = how(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    checked(given(FIELDS)(hold))()
