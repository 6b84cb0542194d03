"""The ID token, and whether it is the provider's, for us, about this request, and from now.

OpenID Connect Core 1.0, section 3.1.3.7. The signature is always checked, also on a token that came straight
from the provider, where the section would let TLS do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.exceptions import PyJWTError

from samtale.oidc import discovery
from samtale.oidc.discovery import Provider
from samtale.oiosaml.refusal import Refused

STEP = "ID token"
#: Only what needs the provider's private key: no `none`, and no HMAC, whose key could be a public one.
RSA_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
EC_ALGORITHMS = frozenset({"ES256", "ES384", "ES512"})
LEAST_BITS = 2048
#: How far two clocks may be apart.
SKEW = timedelta(minutes=2)
#: It was made while the browser was on its way back.
OLDEST = timedelta(minutes=10)
LARGEST = 64 * 1024


@dataclass(frozen=True)
class Expected:
    """``signed_in_since``: the person must have signed in after that; None: whenever."""

    client_id: str
    nonce: str
    now: datetime
    signed_in_since: datetime | None = None


def read(token: str, provider: Provider, expected: Expected) -> dict[str, Any]:
    """Its claims. Raises :class:`Refused`, and :class:`discovery.Unreachable` when there are no keys."""
    claims = _signed(token, provider, expected.client_id)
    if claims["aud"] not in (expected.client_id, [expected.client_id]):
        raise Refused(STEP, "it is for others too")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise Refused(STEP, "it was issued to another client")
    if claims["nonce"] != expected.nonce:
        raise Refused(STEP, "it is about another request")
    if _seconds(claims["iat"]) < (expected.now - OLDEST).timestamp():
        raise Refused(STEP, "it was not made just now")
    if expected.signed_in_since is not None:
        _check_signed_in(claims.get("auth_time"), expected.signed_in_since)
    return claims


def _signed(token: str, provider: Provider, client_id: str) -> dict[str, Any]:
    if len(token) > LARGEST:
        raise Refused(STEP, f"{len(token)} characters, at most {LARGEST} are read")
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(header, provider),
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=provider.issuer,
            leeway=SKEW,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except (PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        # The library's own words may quote the token; and it was made for tokens of the better sort.
        raise Refused(STEP, f"it is not valid: {type(error).__name__}") from error
    return claims


def _key(header: dict[str, Any], provider: Provider) -> RSAPublicKey | EllipticCurvePublicKey:
    """The provider's own that the header names and that fits; keys in the header do not count."""
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in RSA_ALGORITHMS | EC_ALGORITHMS:
        raise Refused(STEP, "its algorithm is not allowed")
    published = [
        key
        for key in discovery.keys(provider, with_key=name)
        if key.public_key_use != "enc" and (name is None or key.key_id == name)
    ]
    fitting = [one.key for one in published if _fits(one.key, algorithm)]
    if len(fitting) != 1:
        raise Refused(STEP, f"{len(fitting)} of the provider's keys could have signed it, not one")
    found: RSAPublicKey | EllipticCurvePublicKey = fitting[0]
    return found


def _fits(key: object, algorithm: str) -> bool:
    if algorithm in RSA_ALGORITHMS:
        return isinstance(key, RSAPublicKey) and key.key_size >= LEAST_BITS
    return isinstance(key, EllipticCurvePublicKey)


def _check_signed_in(at: object, since: datetime) -> None:
    """It must say when, if it was asked to (section 3.1.2.1, max_age): the browser could drop the asking."""
    if at is None:
        raise Refused(STEP, "it does not say when the person signed in (auth_time)")
    if _seconds(at) < (since - SKEW).timestamp():
        raise Refused(STEP, "the person did not sign in anew")


def _seconds(value: object) -> float:
    """Since 1970, as a number and not as a text."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Refused(STEP, "one of its times is no number")
    return float(value)
