"""Answers that must be refused, each wrong in one thing: Anna would like to be Freja."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from samtale_testidp import keys as all_keys
from samtale_testidp.answers import Keys
from samtale_testidp.openid import tokens
from samtale_testidp.openid.tokens import Claims
from samtale_testidp.people import FREJA

Query = dict[str, str | None]


def _right_token(said: Claims, keys: Keys) -> str:
    return tokens.signed(said, keys)


def _right_query(query: Query, _earlier: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in query.items() if value is not None]


@dataclass(frozen=True)
class Attack:
    """``slug``: in forms and tests; ``da``, ``en``: what is wrong.

    ``token``: the ID token of right claims. ``query``: of the way back, of what is right and an earlier code.
    """

    slug: str
    da: str
    en: str
    token: Callable[[Claims, Keys], str] = _right_token
    query: Callable[[Query, str], list[tuple[str, str]]] = _right_query
    needs_earlier: bool = False


def _claims(slug: str, da: str, en: str, change: Callable[[Claims], Claims]) -> Attack:
    """``change``: claims that take the place of the right ones; None leaves one out."""

    def make(said: Claims, keys: Keys) -> str:
        changed = {**said, **change(said)}
        return tokens.signed({name: value for name, value in changed.items() if value is not None}, keys)

    return Attack(slug, da, en, token=make)


def _query(slug: str, da: str, en: str, **changes: str | None) -> Attack:
    """``changes``: parameters of the way back; None leaves one out."""
    return Attack(slug, da, en, query=lambda query, _: _right_query({**query, **changes}, ""))


def _twice(slug: str, da: str, en: str, name: str, other: str) -> Attack:
    return Attack(slug, da, en, query=lambda query, _: [*_right_query(query, ""), (name, other)])


def _victim(said: Claims) -> Claims:
    return {**said, "sub": FREJA.serial, "name": FREJA.name, "email": FREJA.email}


def _changed_afterwards(said: Claims, keys: Keys) -> str:
    header, _, signature = tokens.signed(said, keys).split(".")
    payload = tokens.unsigned(_victim(said), {}).split(".")[1]
    return f"{header}.{payload}.{signature}"


def _own_key(said: Claims, keys: Keys) -> str:
    """The header brings the key along (RFC 7515, section 4.1.3)."""
    stranger = all_keys.strangers()
    return tokens.signed(_victim(said), stranger, kid=tokens.key_id(keys), jwk=tokens.public(stranger))


def _public_key_as_secret(said: Claims, keys: Keys) -> str:
    header = {"alg": "HS256", "typ": "JWT", "kid": tokens.key_id(keys)}
    content = tokens.unsigned(_victim(said), header).rpartition(".")[0]
    mac = hmac.digest(tokens.public_pem(keys), content.encode(), hashlib.sha256)
    return f"{content}.{tokens.encoded(mac)}"


def _no_algorithm(name: str) -> Callable[[Claims, Keys], str]:
    return lambda said, keys: tokens.unsigned(_victim(said), {"alg": name, "kid": tokens.key_id(keys)})


def _header(**changes: Any) -> Callable[[Claims, Keys], str]:
    return lambda said, keys: tokens.signed(said, keys, **changes)


def _now() -> int:
    return int(time.time())


ATTACKS = (
    Attack("changed", "Ændret efter underskriften", "Changed after it was signed", _changed_afterwards),
    Attack(
        "stranger",
        "Underskrevet med en fremmed nøgle",
        "Signed with a stranger's key",
        lambda said, keys: tokens.signed(_victim(said), all_keys.strangers(), kid=tokens.key_id(keys)),
    ),
    Attack("key-in-header", "Har selv nøglen med", "Brings its own key along", _own_key),
    Attack(
        "unknown-key", "Nævner en nøgle, som ingen kender", "Names a key that nobody knows", _header(kid="x")
    ),
    Attack("none", "Uden underskrift: alg none", "Without a signature: alg none", _no_algorithm("none")),
    Attack(
        "none-mixed", "Uden underskrift: alg nOnE", "Without a signature: alg nOnE", _no_algorithm("nOnE")
    ),
    Attack(
        "public-key-as-secret",
        "HS256 med den offentlige nøgle",
        "HS256 with the public key",
        _public_key_as_secret,
    ),
    Attack("no-token", "Ikke et token", "No token at all", lambda _said, _keys: "Freja"),
    Attack(
        "crit",
        "Kræver noget ukendt (crit)",
        "Asks for something unknown (crit)",
        lambda said, keys: tokens.unsigned(
            said, {"alg": "RS256", "kid": tokens.key_id(keys), "crit": ["x"], "x": 1}, b"x" * 384
        ),
    ),
    _claims(
        "issuer", "Fra en anden udsteder", "From another issuer", lambda _: {"iss": "https://evil.example"}
    ),
    _claims("audience", "Til en anden", "For somebody else", lambda _: {"aud": "another"}),
    _claims(
        "audiences",
        "Også til en anden",
        "For somebody else too",
        lambda said: {"aud": [said["aud"], "another"]},
    ),
    _claims(
        "azp", "Udstedt til en anden (azp)", "Issued to somebody else (azp)", lambda _: {"azp": "another"}
    ),
    _claims(
        "nonce",
        "Svarer på noget andet (nonce)",
        "Answers something else (nonce)",
        lambda _: {"nonce": "another"},
    ),
    _claims("no-nonce", "Uden nonce", "Without a nonce", lambda _: {"nonce": None}),
    _claims("expired", "Udløbet", "Expired", lambda _: {"exp": _now() - 3600, "iat": _now() - 3900}),
    _claims("no-exp", "Uden udløb", "Without an end", lambda _: {"exp": None}),
    _claims("old", "Lavet for en time siden", "Made an hour ago", lambda _: {"iat": _now() - 3600}),
    _claims("future", "Lavet i fremtiden", "Made in the future", lambda _: {"iat": _now() + 3600}),
    _claims("no-iat", "Uden tid", "Without a time", lambda _: {"iat": None}),
    _claims("iat-text", "Tiden er en tekst", "Its time is a text", lambda _: {"iat": "soon"}),
    _claims("exp-endless", "Udløbet er uendeligt", "It ends at infinity", lambda _: {"exp": float("inf")}),
    _claims("no-sub", "Uden person", "Without a person", lambda _: {"sub": None}),
    _query("no-state", "Tilbage uden state", "Back without state", state=None),
    _query("state", "Tilbage med en anden state", "Back with another state", state="another"),
    _twice("state-twice", "Tilbage med to state", "Back with two states", "state", "another"),
    _query("no-code", "Tilbage uden kode", "Back without a code", code=None),
    _query("code", "Tilbage med en opfundet kode", "Back with a made-up code", code="another"),
    _twice("code-twice", "Tilbage med to koder", "Back with two codes", "code", "another"),
    _query(
        "answer-issuer",
        "Tilbage fra en anden udsteder (iss)",
        "Back from another issuer (iss)",
        iss="https://evil.example",
    ),
    _query("no-answer-issuer", "Tilbage uden udsteder (iss)", "Back without an issuer (iss)", iss=None),
    Attack(
        "replay",
        "En kode, der er brugt",
        "A code that was used",
        query=lambda query, earlier: _right_query({**query, "code": earlier}, ""),
        needs_earlier=True,
    ),
)
_BY_SLUG = {attack.slug: attack for attack in ATTACKS}


def find(slug: str) -> Attack | None:
    """Which has the slug."""
    return _BY_SLUG.get(slug)
