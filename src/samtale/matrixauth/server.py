"""oauthlib's endpoints, with only what Matrix needs: code with PKCE S256, refresh, revocation."""

from typing import Any

from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    RefreshTokenGrant,
    RequestValidator,
    RevocationEndpoint,
    TokenEndpoint,
)

from samtale.identity.authorization_requests import only_known_response_modes, only_s256


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
