"""The rules of an ID token one by one, each from both sides (OpenID Connect Core 1.0, section 3.1.3.7)."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from certificates import rsa_key
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import PyJWKSet
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from samtale.oidc import discovery, id_token
from samtale.oidc.discovery import Provider
from samtale.oidc.id_token import LARGEST, OLDEST, SKEW, Expected
from samtale.oiosaml.refusal import Refused

ISSUER, CLIENT, NONCE = "https://login.region.example", "os2samtale", "engangs"
MINUTE = timedelta(minutes=1)
PROVIDER = Provider(
    issuer=ISSUER,
    authorization_endpoint=f"{ISSUER}/authorize",
    token_endpoint=f"{ISSUER}/token",
    jwks_uri=f"{ISSUER}/keys",
    names_itself=True,
    basic=True,
)
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def published(key: Private, **more: str) -> dict[str, Any]:
    """As the provider shows it."""
    made: dict[str, Any]
    if isinstance(key, rsa.RSAPrivateKey):
        made = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    else:
        made = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return made | {"kid": "one", "use": "sig"} | more


@dataclass
class Desk:
    """Where tokens are made, and read as the answer to a request of now."""

    key: Private
    now: datetime
    keys: list[dict[str, Any]] = field(default_factory=list)
    asked_for: list[str | None] = field(default_factory=list)
    signed_in_since: datetime | None = None

    def read(self, *, algorithm: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> Any:
        """``claims``: other ones; None: left out."""
        at = int(self.now.timestamp())
        right = {"iss": ISSUER, "aud": CLIENT, "sub": "carla", "nonce": NONCE, "iat": at, "exp": at + 300}
        said = {name: value for name, value in (right | claims).items() if value is not None}
        named = {"kid": "one"} if header is None else header
        return self.read_token(jwt.encode(said, self.key, algorithm=algorithm, headers=named))

    def read_token(self, token: str) -> Any:
        expected = Expected(CLIENT, NONCE, self.now, self.signed_in_since)
        return id_token.read(token, PROVIDER, expected)

    def since(self, ago: timedelta) -> int:
        return int((self.now - ago).timestamp())


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    key = rsa_key("openid")
    made = Desk(key, datetime.now(UTC), [published(key)])

    def keys(provider: Provider, *, with_key: str | None) -> PyJWKSet:
        assert provider is PROVIDER
        made.asked_for.append(with_key)
        return PyJWKSet.from_dict({"keys": made.keys})

    monkeypatch.setattr(discovery, "keys", keys)
    return made


def refused(desk: Desk, why: str, **claims: Any) -> None:
    with pytest.raises(Refused, match=why) as caught:
        desk.read(**claims)
    assert caught.value.step == id_token.STEP


def test_a_right_one_says_who_it_is(desk: Desk) -> None:
    assert desk.read(name="Carla Holt")["name"] == "Carla Holt"
    assert desk.asked_for == ["one"]


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "nonce", "iat", "exp"])
def test_nothing_of_it_may_be_missing(desk: Desk, name: str) -> None:
    refused(desk, "MissingRequiredClaimError", **{name: None})


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": f"{ISSUER}/"}, "InvalidIssuerError"),
        ({"aud": "another"}, "InvalidAudienceError"),
        ({"aud": [CLIENT, "another"]}, "for others too"),
        ({"aud": [CLIENT, CLIENT]}, "for others too"),
        ({"azp": "another"}, "issued to another client"),
        ({"azp": ""}, "issued to another client"),
        ({"nonce": "another"}, "another request"),
        ({"nonce": ""}, "another request"),
        ({"nonce": [NONCE]}, "another request"),
    ],
)
def test_it_is_from_them_for_us_and_about_this(desk: Desk, claims: dict[str, Any], why: str) -> None:
    refused(desk, why, **claims)


@pytest.mark.parametrize("claims", [{"aud": [CLIENT]}, {"azp": CLIENT}])
def test_the_other_ways_to_say_that_it_is_for_us(desk: Desk, claims: dict[str, Any]) -> None:
    assert desk.read(**claims)["sub"] == "carla"


def test_how_old_it_may_be(desk: Desk) -> None:
    assert desk.read(iat=desk.since(OLDEST - MINUTE))
    assert desk.read(iat=desk.now.timestamp() - OLDEST.total_seconds())
    refused(desk, "not made just now", iat=desk.since(OLDEST + MINUTE))


def test_how_far_the_clocks_may_be_apart(desk: Desk) -> None:
    assert desk.read(exp=desk.since(SKEW - MINUTE))
    refused(desk, "ExpiredSignatureError", exp=desk.since(SKEW + MINUTE))
    assert desk.read(iat=desk.since(MINUTE - SKEW))
    refused(desk, "ImmatureSignatureError", iat=desk.since(-SKEW - MINUTE))


@pytest.mark.parametrize("iat", ["1", True, [1], {}])
def test_a_time_is_a_number(desk: Desk, iat: object) -> None:
    refused(desk, "not valid|no number", iat=iat)


class TestSignedInAnew:
    """When the person was asked to sign in again (max_age)."""

    @pytest.fixture(autouse=True)
    def asked(self, desk: Desk) -> None:
        desk.signed_in_since = desk.now - 5 * MINUTE

    def test_it_says_when(self, desk: Desk) -> None:
        assert desk.read(auth_time=desk.since(MINUTE))
        refused(desk, "does not say when")
        refused(desk, "no number", auth_time="1")

    def test_it_was_after_that(self, desk: Desk) -> None:
        assert desk.read(auth_time=desk.since(5 * MINUTE + SKEW) + 1)
        refused(desk, "did not sign in anew", auth_time=desk.since(5 * MINUTE + SKEW) - 1)
        assert desk.read(auth_time=(desk.now - 5 * MINUTE - SKEW).timestamp())


def test_without_being_asked_it_need_not_say_when(desk: Desk) -> None:
    assert desk.read(auth_time="whenever")


def test_how_large_it_may_be(desk: Desk) -> None:
    small = len(jwt.encode({"x": ""}, rsa_key("openid"), algorithm="RS256"))
    refused(desk, f"at most {LARGEST}", name="x" * LARGEST)
    assert desk.read(name="x" * ((LARGEST - small) // 2))


@pytest.mark.parametrize(("length", "why"), [(LARGEST, "not valid"), (LARGEST + 1, "at most")])
def test_one_character_too_many_is_not_looked_at(desk: Desk, length: int, why: str) -> None:
    with pytest.raises(Refused, match=why):
        desk.read_token("x" * length)


@pytest.mark.parametrize("token", ["", "x", "x.y.z", "e30.e30.", "....", "\0", "é.é.é"])
def test_what_is_no_token(desk: Desk, token: str) -> None:
    with pytest.raises(Refused, match=r"not valid|not allowed"):
        desk.read_token(token)


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
def test_signatures_with_rsa(desk: Desk, algorithm: str) -> None:
    assert desk.read(algorithm=algorithm)


@pytest.mark.parametrize(
    ("algorithm", "curve"),
    [("ES256", ec.SECP256R1()), ("ES384", ec.SECP384R1()), ("ES512", ec.SECP521R1())],
)
def test_signatures_with_curves(desk: Desk, algorithm: str, curve: ec.EllipticCurve) -> None:
    desk.key = ec.generate_private_key(curve)
    desk.keys = [published(desk.key)]
    assert desk.read(algorithm=algorithm)


def test_no_signature_is_none(desk: Desk) -> None:
    token = jwt.encode({"iss": ISSUER}, None, algorithm="none")
    with pytest.raises(Refused, match="algorithm is not allowed"):
        desk.read_token(token)


def test_a_key_that_everybody_knows_signs_nothing(desk: Desk) -> None:
    token = jwt.encode({"iss": ISSUER}, "x" * 64, algorithm="HS256", headers={"kid": "one"})
    with pytest.raises(Refused, match="algorithm is not allowed"):
        desk.read_token(token)


def test_an_algorithm_that_does_not_fit_the_key(desk: Desk) -> None:
    desk.keys = [published(ec.generate_private_key(ec.SECP256R1()))]
    refused(desk, "0 of the provider's keys")


def test_a_curve_that_only_another_key_is_on(desk: Desk) -> None:
    desk.key = ec.generate_private_key(ec.SECP256R1())
    refused(desk, "0 of the provider's keys", algorithm="ES256")


def test_a_key_that_is_too_short(desk: Desk) -> None:
    desk.key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - to be refused
    desk.keys = [published(desk.key)]
    refused(desk, "0 of the provider's keys")


def test_a_stranger_with_the_right_name(desk: Desk) -> None:
    desk.key = rsa_key("evil")
    refused(desk, "InvalidSignatureError")


def test_a_name_that_no_key_has(desk: Desk) -> None:
    refused(desk, "0 of the provider's keys", header={"kid": "two"})


def test_a_key_for_something_else(desk: Desk) -> None:
    desk.keys = [published(desk.key, use="enc")]
    refused(desk, "0 of the provider's keys")


@pytest.mark.parametrize("header", [{}, {"kid": "one"}])
def test_two_that_could_have_signed_it(desk: Desk, header: dict[str, Any]) -> None:
    desk.keys.append(published(rsa_key("evil")))
    refused(desk, "2 of the provider's keys", header=header)


def test_without_a_name_the_only_one_that_fits(desk: Desk) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    desk.keys = [published(desk.key), published(other, kid="two"), published(rsa_key("evil"), use="enc")]
    assert desk.read(header={})
    assert desk.asked_for == [None]


@pytest.mark.parametrize(
    "brought",
    [
        {"jwk": published(rsa_key("evil"))},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/chain"},
    ],
    ids=["jwk", "jku", "x5u"],
)
def test_a_key_that_it_brings_along_does_not_count(desk: Desk, brought: dict[str, Any]) -> None:
    desk.key = rsa_key("evil")
    refused(desk, "InvalidSignatureError", header={"kid": "one", **brought})


def test_what_it_says_that_nobody_knows_does_not_matter(desk: Desk) -> None:
    assert desk.read(acr="whatever", amr=["x"])
