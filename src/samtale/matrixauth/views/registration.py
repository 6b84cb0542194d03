"""The client registration endpoint (RFC 7591, section 3)."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from samtale.identity.rates import limited
from samtale.matrixauth import rates, registration
from samtale.matrixauth.registration import RegistrationRefused

#: Octets. The longest registration seen in the wild has about one thousand.
LARGEST = 16 * 1024
NO_STORE = {"Cache-Control": "no-store"}


@csrf_exempt
@require_POST
@limited(rates.REGISTRATION)
def register(request: HttpRequest) -> JsonResponse:
    try:
        if len(request.body) > LARGEST:
            raise RegistrationRefused("invalid_client_metadata", "too large")
        metadata = registration.parse(request.body, loopback_clients=settings.CONFIG.demo)
    except RequestDataTooBig:
        return _refusal(RegistrationRefused("invalid_client_metadata", "too large"))
    except RegistrationRefused as refused:
        return _refusal(refused)
    client = registration.register(metadata)
    answer = {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created.timestamp()),
        "client_name": metadata.name,
        "application_type": metadata.application_type,
        "client_uri": metadata.client_uri,
        "logo_uri": metadata.logo_uri,
        "tos_uri": metadata.tos_uri,
        "policy_uri": metadata.policy_uri,
        "redirect_uris": list(metadata.redirect_uris),
        "grant_types": list(registration.GRANTS),
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }
    return JsonResponse({key: value for key, value in answer.items() if value}, status=201, headers=NO_STORE)


def _refusal(refused: RegistrationRefused) -> JsonResponse:
    return JsonResponse(
        {"error": refused.code, "error_description": refused.description}, status=400, headers=NO_STORE
    )
