"""Dynamic registration (Client-Server API, "Client registration")."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from matrix_oauth import ELEMENT_WEB, ELEMENT_X_ANDROID, ELEMENT_X_IOS, REGISTER

from samtale.matrixauth.models import Application

pytestmark = pytest.mark.django_db


def post(metadata: Any) -> Any:
    return Client().post(REGISTER, json.dumps(metadata), content_type="application/json")


@pytest.mark.parametrize(
    "metadata",
    [
        ELEMENT_X_ANDROID,
        ELEMENT_X_IOS,
        ELEMENT_WEB,
        {
            **ELEMENT_X_ANDROID,
            "redirect_uris": ["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost:8000/"],
        },
        {**ELEMENT_WEB, "redirect_uris": ["https://login.app.element.io/back"]},
        # js-sdk up to 41.
        {**ELEMENT_WEB, "id_token_signed_response_alg": "RS256", "contacts": ["a@element.io"]},
        # RFC 7591: without grant types it is the code grant.
        {key: ELEMENT_WEB[key] for key in ("client_uri", "redirect_uris", "token_endpoint_auth_method")},
    ],
)
def test_a_client_by_the_rules_is_registered(metadata: dict[str, Any]) -> None:
    answer = post(metadata)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    client = Application.objects.get(client_id=told["client_id"])
    assert client.client_type == Application.CLIENT_PUBLIC
    assert not client.skip_authorization
    assert told["redirect_uris"] == metadata["redirect_uris"]
    assert told["grant_types"] == ["authorization_code", "refresh_token"]
    assert told["token_endpoint_auth_method"] == "none"
    assert type(told["client_id_issued_at"]) is int
    assert "client_secret" not in told


def test_the_same_metadata_get_the_same_client_id() -> None:
    first = post(ELEMENT_X_ANDROID).json()["client_id"]
    assert post({**ELEMENT_X_ANDROID, "software_version": "2"}).json()["client_id"] == first
    assert post({**ELEMENT_X_ANDROID, "client_name": "Element Y"}).json()["client_id"] != first


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"redirect_uris": ["https://evil.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://evilelement.io/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://element.io@evil.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://element.io/cb#part"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://element.io/cb#"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://element.io/a b"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://element.io:port/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://element.io/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://evil.example\\.element.io/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://evil.example%2f.element.io/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://a;sandbox;.element.io/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://*.element.io/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["com.evil:/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["io.elementx:/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["io.element.android://evil.example/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["data:text/html,x"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["io.element.android:/"], "application_type": "web"}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://127.0.0.1/cb"], "application_type": "web"}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://127.0.0.2/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": "io.element.android:/"}, "invalid_redirect_uri"),
        ({"redirect_uris": [1]}, "invalid_redirect_uri"),
        ({"redirect_uris": [f"https://element.io/{i}" for i in range(11)]}, "invalid_redirect_uri"),
        ({"client_uri": "http://element.io"}, "invalid_client_metadata"),
        ({"client_uri": "https://1.2.3.4"}, "invalid_client_metadata"),
        ({"client_uri": "https://element.io@evil.example"}, "invalid_client_metadata"),
        ({"client_uri": "https://intranet"}, "invalid_client_metadata"),
        ({"client_uri": "https://dk./"}, "invalid_client_metadata"),
        ({"client_uri": "https://.dk/"}, "invalid_client_metadata"),
        ({"client_uri": None}, "invalid_client_metadata"),
        ({"client_uri": ["https://element.io"]}, "invalid_client_metadata"),
        ({"logo_uri": "https://cdn.example/logo.png"}, "invalid_client_metadata"),
        ({"policy_uri": "http://element.io/privacy"}, "invalid_client_metadata"),
        ({"tos_uri": "javascript:alert(1)"}, "invalid_client_metadata"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "invalid_client_metadata"),
        ({"grant_types": ["client_credentials"]}, "invalid_client_metadata"),
        ({"grant_types": ["refresh_token"]}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"client_name": "Element\u202eX"}, "invalid_client_metadata"),
        ({"client_name": "Element\x00"}, "invalid_client_metadata"),
        ({"client_name": "\ud800"}, "invalid_client_metadata"),
    ],
)
def test_a_client_that_breaks_a_rule_is_refused(change: dict[str, Any], code: str) -> None:
    before = Application.objects.count()
    answer = post({**ELEMENT_X_ANDROID, **change})
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert Application.objects.count() == before


def test_without_an_auth_method_a_client_would_have_a_secret_and_is_refused() -> None:
    metadata = {key: value for key, value in ELEMENT_WEB.items() if key != "token_endpoint_auth_method"}
    assert post(metadata).status_code == 400


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"{", b'"x"', b"\xff", b"{}" + b" " * 20_000, b'{"a":' * 3000]
)
def test_what_is_no_registration_is_refused(content: bytes) -> None:
    answer = Client().post(REGISTER, content, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_client_metadata"


def test_only_the_demo_takes_web_clients_of_this_machine(settings: Any) -> None:
    local = {
        **ELEMENT_WEB,
        "client_uri": "http://localhost:8000/",
        "redirect_uris": ["http://localhost:8000/"],
    }
    for key in ("logo_uri", "tos_uri", "policy_uri"):
        local.pop(key)
    settings.CONFIG = replace(django_settings.CONFIG, demo=True)
    assert post(local).status_code == 201
    settings.CONFIG = replace(django_settings.CONFIG, demo=False)
    assert post(local).status_code == 400


def test_registration_only_takes_post() -> None:
    assert Client().get(REGISTER).status_code == 405
