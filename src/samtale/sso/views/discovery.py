"""OpenID Provider metadata (OpenID Connect Discovery 1.0, section 3)."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from samtale.sso.claims import SCOPES
from samtale.sso.issuer import address, issuer

_CLAIMS = (
    "sub iss aud exp iat auth_time nonce sid name preferred_username locale email email_verified "
    "organisation role groups"
)
_CLIENTS = ["client_secret_basic", "client_secret_post", "none"]


@require_safe
def discovery(_request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "issuer": issuer(),
            "authorization_endpoint": address("authorize"),
            "token_endpoint": address("token"),
            "userinfo_endpoint": address("userinfo"),
            "jwks_uri": address("jwks"),
            "revocation_endpoint": address("revoke"),
            "end_session_endpoint": address("logout"),
            "scopes_supported": list(SCOPES),
            "claims_supported": _CLAIMS.split(),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": _CLIENTS,
            "revocation_endpoint_auth_methods_supported": _CLIENTS,
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "prompt_values_supported": ["none", "login", "consent"],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "ui_locales_supported": ["da", "en"],
        },
        headers={"Cache-Control": "public, max-age=600", "Access-Control-Allow-Origin": "*"},
    )
