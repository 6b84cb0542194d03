"""Authorization server metadata (Client-Server API, "Server metadata discovery"; RFC 8414).

Synapse reads it once for each of its processes and publishes it as `/_matrix/client/v1/auth_metadata`.
"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from samtale.matrixauth.issuer import issuer

#: Client-Server API, "Account management URL discovery"; the last three as they were named before v1.18.
ACCOUNT_ACTIONS = (
    "org.matrix.devices_list",
    "org.matrix.device_view",
    "org.matrix.device_delete",
    "org.matrix.sessions_list",
    "org.matrix.session_view",
    "org.matrix.session_end",
)


@require_safe
def discovery(_request: HttpRequest) -> JsonResponse:
    base = issuer()
    return JsonResponse(
        {
            "issuer": base,
            "authorization_endpoint": f"{base}authorize",
            "token_endpoint": f"{base}oauth2/token",
            "revocation_endpoint": f"{base}oauth2/revoke",
            "registration_endpoint": f"{base}oauth2/registration",
            "introspection_endpoint": f"{base}oauth2/introspect",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "prompt_values_supported": ["none", "login", "consent"],
            "authorization_response_iss_parameter_supported": True,
            "account_management_uri": f"{base}account",
            "account_management_actions_supported": list(ACCOUNT_ACTIONS),
            "ui_locales_supported": ["da", "en"],
        },
        headers={"Cache-Control": "public, max-age=600"},
    )
