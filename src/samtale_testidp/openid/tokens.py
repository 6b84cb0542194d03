"""ID tokens and the keys that they are signed with (RFC 7519, RFC 7517)."""

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from joserfc import jwt
from joserfc.jwk import RSAKey

from samtale_testidp.answers import Keys
from samtale_testidp.openid.provider import Grant, OpenidProvider
from samtale_testidp.privileges import attribute_value

Claims = dict[str, Any]
LIVES = 300  # seconds


def claims(provider: OpenidProvider, grant: Grant) -> Claims:
    """What is true, with what a broker adds of the municipalities' federation."""
    employee, now = grant.session.employee, int(time.time())
    host = urlsplit(grant.redirect_uri).hostname or ""
    said: Claims = {
        "iss": provider.issuer,
        "sub": employee.serial,
        "aud": provider.client.id,
        "azp": provider.client.id,
        "iat": now,
        "exp": now + LIVES,
        "auth_time": grant.session.at,
        "name": employee.name,
        "cvr": employee.organisation.cvr,
        "organisation": employee.organisation.name,
        "uuid": employee.serial,
        "loa": employee.level,
        "privileges": attribute_value(employee.roles, cvr=employee.organisation.cvr, host=host),
    }
    if grant.nonce is not None:
        said["nonce"] = grant.nonce
    if employee.email is not None:
        said["email"] = employee.email
    return said


def signed(said: Claims, keys: Keys, **header: Any) -> str:
    """``header``: more of it, or other than usual."""
    usual = {"alg": "RS256", "kid": key_id(keys), "typ": "JWT"}
    return jwt.encode({**usual, **header}, said, private(keys), algorithms=["RS256", "PS256"])


def unsigned(said: Claims, header: Claims, signature: bytes = b"") -> str:
    """Put together by hand: what no library would write."""
    parts = (json.dumps(header).encode(), json.dumps(said).encode(), signature)
    return ".".join(encoded(part) for part in parts)


def encoded(data: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def private(keys: Keys) -> RSAKey:
    pem = keys.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return RSAKey.import_key(pem)


def public(keys: Keys) -> dict[str, Any]:
    """As the set of keys has it."""
    return {**private(keys).as_dict(private=False), "kid": key_id(keys), "use": "sig", "alg": "RS256"}


def public_pem(keys: Keys) -> bytes:
    return keys.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(keys: Keys) -> str:
    return hashlib.sha256(public_pem(keys)).hexdigest()[:16]
