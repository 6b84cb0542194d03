"""oauthlib's endpoints, with only what Matrix needs: code with PKCE S256, refresh, revocation."""

import re
from typing import Any

from oauthlib.common import Request
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    RefreshTokenGrant,
    RequestValidator,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749 import errors

#: A SHA-256 in base64url without padding (RFC 7636, section 4.2).
_S256_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def only_s256(request: Request) -> dict[str, Any]:
    """RFC 7636, section 4.4.1. Without a method the default would be `plain`, which is refused too."""
    if request.code_challenge_method != "S256":
        raise errors.UnsupportedCodeChallengeMethodError(
            description="code_challenge_method must be S256.", request=request
        )
    if not _S256_CHALLENGE.fullmatch(request.code_challenge or ""):
        raise errors.InvalidRequestError(description="code_challenge is no SHA-256.", request=request)
    return {}


def only_known_response_modes(request: Request) -> dict[str, Any]:
    """OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1: `query` (default) or `fragment`."""
    if request.response_mode not in (None, "query", "fragment"):
        request.response_mode = "query"
        raise errors.InvalidRequestError(
            description="response_mode must be query or fragment.", request=request
        )
    return {}


class MatrixServer(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint):  # type: ignore[misc]
    """What is not registered here does not exist: no implicit, password, client or device grant."""

    def __init__(
        self,
        request_validator: RequestValidator,
        token_expires_in: int | None = None,
        token_generator: Any = None,
        refresh_token_generator: Any = None,
        **_unused: Any,
    ) -> None:
        code = AuthorizationCodeGrant(request_validator)
        code.custom_validators.pre_auth.append(only_known_response_modes)
        code.custom_validators.post_auth.append(only_s256)
        bearer = BearerToken(request_validator, token_generator, token_expires_in, refresh_token_generator)
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", response_types={"code": code}, default_token_type=bearer
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            grant_types={"authorization_code": code, "refresh_token": RefreshTokenGrant(request_validator)},
            default_token_type=bearer,
        )
        RevocationEndpoint.__init__(self, request_validator)
        self.request_validator = request_validator
