"""What we sign for services, and how we know our own signature again."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import jwt
from allauth.core.internal import jwkkit
from allauth.idp.oidc.internal.tokens import decode_jwt_token

from samtale.sso import claims
from samtale.sso.adapter import ServiceAdapter
from samtale.sso.issuer import issuer
from samtale.sso.models import Session

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
#: Two minutes at most (OpenID Connect Back-Channel Logout 1.0, section 4).
_LOGOUT_TOKEN_LIVES = timedelta(minutes=2)


def logout_token(session: Session, now: datetime) -> str:
    """Tells a service that a session is over (Back-Channel Logout 1.0, section 2.4)."""
    said = {
        "iss": issuer(),
        "aud": session.service_id,
        "iat": int(now.timestamp()),
        "exp": int((now + _LOGOUT_TOKEN_LIVES).timestamp()),
        "jti": uuid.uuid4().hex,
        "sub": claims.sub(session.person),
        "sid": session.sid,
        "events": {LOGOUT_EVENT: {}},
    }
    jwk, private = jwkkit.load_jwk_from_pem(ServiceAdapter().get_signing_key().pem)
    return jwt.encode(said, private, algorithm="RS256", headers={"kid": jwk["kid"], "typ": "logout+jwt"})


def read_hint(id_token: str, client_id: str | None) -> dict[str, Any] | None:
    """The claims of an ID token that a service hands back as a hint; None when it is not ours, or not its.

    It may have expired: it only says who is meant (OpenID Connect RP-Initiated Logout 1.0, section 2).
    """
    found: dict[str, Any] | None = decode_jwt_token(
        id_token, client_id=client_id, verify_exp=False, verify_iss=True
    )
    # A logout token is signed with the same key.
    return found if found is not None and "events" not in found else None
