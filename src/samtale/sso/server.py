"""oauthlib's endpoints, with only what services need: code, refresh, revocation, userinfo."""

from typing import Any

from allauth.idp.oidc import app_settings
from allauth.idp.oidc.internal.oauthlib.server import generate_access_token, generate_refresh_token
from oauthlib.common import Request
from oauthlib.oauth2 import AuthorizationEndpoint, BearerToken, RevocationEndpoint, TokenEndpoint
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.openid.connect.core.endpoints import UserInfoEndpoint
from oauthlib.openid.connect.core.exceptions import RequestNotSupported, RequestURINotSupported
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

from samtale.identity.authorization_requests import only_known_response_modes, only_s256
from samtale.sso.validator import ServiceValidator

_LONGEST_NONCE = 512


def s256_if_any(request: Request) -> dict[str, Any]:
    """A confidential client may leave PKCE out; what it sends must be right."""
    if request.code_challenge is None and request.code_challenge_method is None:
        return {}
    return only_s256(request)


def openid(request: Request) -> dict[str, Any]:
    """Only sign-ins (OpenID Connect Core 1.0, section 3.1.2.1): there is nothing else to get here."""
    if "openid" not in (request.scopes or []):
        raise errors.InvalidScopeError(description="scope must hold openid.", request=request)
    return {}


def storable_nonce(request: Request) -> dict[str, Any]:
    """It goes into the database and back; a NUL among it would be an error there."""
    nonce = request.nonce
    if nonce is not None and not (nonce.isprintable() and len(nonce) <= _LONGEST_NONCE):
        raise errors.InvalidRequestError(description="nonce is too long or unprintable.", request=request)
    return {}


def no_claims_parameter(request: Request) -> dict[str, Any]:
    """Scopes say what a service learns; a provider may ignore what would say more (Core 1.0, section 5.5)."""
    request.claims = None
    return {}


def no_request_object(request: Request) -> dict[str, Any]:
    """OpenID Connect Core 1.0, section 6: whoever does not support them says so, rather than ignore them."""
    asked = dict(request.uri_query_params)
    if "request" in asked:
        raise RequestNotSupported(request=request)
    if "request_uri" in asked:
        raise RequestURINotSupported(request=request)
    return {}


class ServiceServer(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint, UserInfoEndpoint):  # type: ignore[misc]
    """Made for one request. What is not registered here does not exist, such as a device grant."""

    def __init__(self) -> None:
        validator = ServiceValidator()
        code = AuthorizationCodeGrant(validator)
        checks = code.custom_validators
        checks.pre_auth.extend(
            [only_known_response_modes, no_claims_parameter, no_request_object, storable_nonce]
        )
        # Before oauthlib's own, which takes a request without openid for one of plain OAuth 2.0.
        checks.post_auth[:0] = [openid, s256_if_any]
        bearer = BearerToken(
            validator, generate_access_token, app_settings.ACCESS_TOKEN_EXPIRES_IN, generate_refresh_token
        )
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", response_types={"code": code}, default_token_type=bearer
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            grant_types={"authorization_code": code, "refresh_token": RefreshTokenGrant(validator)},
            default_token_type=bearer,
        )
        RevocationEndpoint.__init__(self, validator)
        UserInfoEndpoint.__init__(self, validator)
