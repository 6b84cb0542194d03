"""Whatever anybody sends, the answer is an error of the right kind: never a fault of ours, never a token."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import people
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as made_up
from matrix_oauth import AUTHORIZE, INTROSPECT, REGISTER, REVOKE, TOKEN, a_pair, a_session, browser_of

from samtale.identity.rates import Rate
from samtale.matrixauth.models import AccessToken

pytestmark = pytest.mark.django_db

TEXT = made_up.text(max_size=40) | made_up.sampled_from(
    [
        "\0",
        "samtale-web",
        "code",
        "S256",
        "query",
        "none",
        "login",
        "http://localhost:8400/",
        "@anna:localhost",
    ]
)
NAMES = made_up.sampled_from(
    [
        "client_id", "redirect_uri", "scope", "state", "response_type", "response_mode", "code", "prompt",
        "code_challenge", "code_challenge_method", "code_verifier", "grant_type", "refresh_token", "token",
        "token_type_hint", "login_hint", "nonce", "request", "q", "id", "next",
    ]
)  # fmt: skip
FIELDS = made_up.lists(made_up.tuples(NAMES | made_up.text(max_size=8), TEXT), max_size=10)
JSON = made_up.recursive(
    made_up.none() | made_up.booleans() | made_up.integers() | made_up.floats() | TEXT,
    lambda inner: made_up.lists(inner, max_size=4) | made_up.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
METADATA = made_up.dictionaries(
    made_up.sampled_from(
        [
            "client_name", "client_uri", "redirect_uris", "application_type", "grant_types", "logo_uri",
            "response_types", "token_endpoint_auth_method", "tos_uri", "policy_uri", "client_name#da",
        ]
    ),
    JSON | made_up.sampled_from(["https://app.example/", ["https://app.example/"], "native", "none"]),
)  # fmt: skip


def encoded(fields: list[tuple[str, str]]) -> str:
    """As a form or a query; halves of surrogate pairs too, as somebody could send them."""
    return "&".join(
        f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
        for name, value in fields
    )


def posted(
    client: Client, path: str, body: str | bytes, kind: str = "application/x-www-form-urlencoded"
) -> Any:
    return client.post(path, data=body, content_type=kind)


@pytest.fixture(autouse=True)
def _no_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rate, "times", property(lambda _: 10**9), raising=False)


def hold(rule: Callable[[Any], None], values: made_up.SearchStrategy[Any], examples: int) -> None:
    checked = settings(
        max_examples=examples,
        deadline=None,
        derandomize=examples < 100,
        suppress_health_check=list(HealthCheck),
    )
    checked(given(values)(rule))()


def check(examples: int) -> None:
    nobody, anna = Client(), people.anna()
    browser = browser_of(anna)
    bearer = {"Authorization": f"Bearer {a_pair(a_session(anna), 10**6).access}"}
    tokens = AccessToken.objects.count()

    def oauth_fields(fields: list[tuple[str, str]]) -> None:
        sent = encoded(fields)
        for path in (TOKEN, REVOKE):
            answer = posted(nobody, path, sent)
            assert (
                answer.status_code in {200, 400, 401} if path == REVOKE else answer.status_code in {400, 401}
            )
        assert posted(nobody, INTROSPECT, sent).status_code in {400, 401, 403}
        for client in (nobody, browser):
            assert client.get(f"{AUTHORIZE}?{sent}").status_code in {200, 302, 303, 400}

    def grants(fields: list[tuple[str, str]]) -> None:
        for grant in ("authorization_code", "refresh_token"):
            named = [*fields, ("grant_type", grant), ("client_id", "samtale-web")]
            assert posted(nobody, TOKEN, encoded(named)).status_code in {400, 401}

    def registration(metadata: Any) -> None:
        answer = posted(nobody, REGISTER, json.dumps(metadata), "application/json")
        assert answer.status_code in {200, 201, 400}, answer.content
        assert ("error" in answer.json()) is (answer.status_code == 400)

    def bytes_for_registration(body: bytes) -> None:
        assert posted(nobody, REGISTER, body, "application/json").status_code == 400

    def api(fields: list[tuple[str, str]]) -> None:
        answer = nobody.get(f"/api/people?{encoded(fields)}", headers=bearer)
        assert answer.status_code in {200, 400, 404}, answer.content
        assert nobody.get(f"/api/people?{encoded(fields)}").status_code == 401

    def api_paths(words: list[str]) -> None:
        path = "/".join(quote(word, safe="", errors="surrogatepass") for word in words)
        for act in (f"/api/communities/{path}/join", f"/api/channels/{path}/open"):
            answer = nobody.post(act, headers=bearer)
            assert answer.status_code in {400, 403, 404, 405}, (act, answer.status_code)

    hold(oauth_fields, FIELDS, examples)
    hold(grants, FIELDS, examples)
    hold(registration, METADATA | JSON, examples)
    hold(bytes_for_registration, made_up.binary(max_size=60), examples)
    hold(api, FIELDS, examples)
    hold(api_paths, made_up.lists(TEXT, min_size=1, max_size=3), examples)
    assert AccessToken.objects.count() == tokens


def test_whatever_is_sent() -> None:
    check(8)


@pytest.mark.long
def test_whatever_is_sent_at_length() -> None:
    check(1_500)
