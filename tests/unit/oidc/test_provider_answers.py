"""What an OpenID Provider says about itself, when it says it wrongly or says something else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from oiosaml_site import Published, web_server

from samtale.oidc import discovery
from samtale.oidc.http import LARGEST, Unreachable

RIGHT = {
    "authorization_endpoint": "http://127.0.0.1/authorize",
    "token_endpoint": "http://127.0.0.1/token",
    "jwks_uri": "http://127.0.0.1/keys",
}


@pytest.fixture
def server() -> Iterator[Published]:
    discovery.forget()
    with web_server() as made:
        made.address = made.address.removesuffix("/metadata")
        yield made
    discovery.forget()


def ask(server: Published, **other: Any) -> discovery.Provider:
    """``other``: instead of what is right; None: left out."""
    said = {"issuer": server.address, **RIGHT, **other}
    server.content = json.dumps({name: value for name, value in said.items() if value is not None}).encode()
    return discovery.provider(server.address)


def test_what_is_right(server: Published) -> None:
    found = ask(server)
    assert (found.jwks_uri, found.names_itself, found.basic) == (RIGHT["jwks_uri"], False, True)
    assert server.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 404, "no JSON"),
        (b"{}", 500, "answered 500"),
        (b"<html>", 200, "no JSON"),
        (b"[]", 200, "no JSON object"),
        (b"[" * 100_000, 200, "no JSON"),
        (b'"' + b"x" * LARGEST + b'"', 200, "more than"),
        (b"{}", 200, "is about the issuer None"),
        (b"{}", 302, "answered 302"),
    ],
)
def test_what_is_no_answer(server: Published, content: bytes, status: int, said: str) -> None:
    server.content, server.status = content, status
    server.headers = {"Location": f"{server.address}/elsewhere"} if status == 302 else {}
    with pytest.raises(Unreachable, match=said):
        discovery.provider(server.address)
    assert len(server.asked) == 1, "it is not followed"


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize(
    ("address", "said"),
    [
        (None, "is missing"),
        (7, "is missing"),
        ("http://evil.example/x", "not HTTPS"),
        ("https:///x", "not HTTPS"),
        ("https://evil.example/#x", "not HTTPS"),
        ("javascript:alert(1)", "not HTTPS"),
        ("", "not HTTPS"),
    ],
)
def test_addresses_that_lead_nowhere_good(server: Published, name: str, address: object, said: str) -> None:
    with pytest.raises(Unreachable, match=f"{name} {said}|{name} is {said}"):
        ask(server, **{name: address})


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("http://127.0.0.1/logout", "http://127.0.0.1/logout"),
        (None, None),
        ("http://evil.example/logout", None),
        (7, None),
    ],
)
def test_a_place_to_sign_out_is_no_condition(server: Published, address: object, known: str | None) -> None:
    assert ask(server, end_session_endpoint=address).end_session_endpoint == known


def test_a_client_that_must_not_use_a_header(server: Published) -> None:
    assert not ask(server, token_endpoint_auth_methods_supported=["client_secret_post"]).basic


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"{}", 200, "no key that can be used"),
        (b'{"keys": []}', 200, "no key that can be used"),
        (b'{"keys": [{"kty": "odd"}]}', 200, "no key that can be used"),
        (b"{}", 503, "answered 503"),
    ],
)
def test_keys_that_are_none(server: Published, content: bytes, status: int, said: str) -> None:
    found = ask(server, jwks_uri=f"{server.address}/keys")
    server.content, server.status = content, status
    with pytest.raises(Unreachable, match=said):
        discovery.keys(found, with_key=None)
