"""What django-oauth-toolkit is told. Imported into the portal's settings."""

__all__ = [
    "OAUTH2_PROVIDER",
    "OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL",
    "OAUTH2_PROVIDER_APPLICATION_MODEL",
    "OAUTH2_PROVIDER_DEVICE_GRANT_MODEL",
    "OAUTH2_PROVIDER_GRANT_MODEL",
    "OAUTH2_PROVIDER_ID_TOKEN_MODEL",
    "OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL",
]

#: All six are swapped together: the token models refer to each other and must live in one app.
OAUTH2_PROVIDER_APPLICATION_MODEL = "matrixauth.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "matrixauth.AccessToken"  # noqa: S105 - the name of a model
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "matrixauth.RefreshToken"  # noqa: S105 - as above
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "matrixauth.IDToken"  # noqa: S105 - as above
OAUTH2_PROVIDER_GRANT_MODEL = "matrixauth.Grant"
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "matrixauth.DeviceGrant"

OAUTH2_PROVIDER: dict[str, object] = {
    "OAUTH2_SERVER_CLASS": "samtale.matrixauth.server.MatrixServer",
    "OAUTH2_VALIDATOR_CLASS": "samtale.matrixauth.validator.MatrixValidator",
    # Matrix' scopes are open-ended (one for each device): scopes.py judges them, nothing is listed here.
    "SCOPES": {"urn:matrix:client:api:*": ""},
    "DEFAULT_SCOPES": [],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "PKCE_REQUIRED": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOW_LOCALHOST_LOOPBACK": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
}
