"""Token introspection (RFC 7662), for Synapse alone: `synapse/api/auth/mas.py` reads it with strict types."""

import math

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from samtale.matrixauth import scopes
from samtale.matrixauth.bearer import LONGEST_TOKEN, living, token_of

NO_STORE = {"Cache-Control": "no-store"}


@csrf_exempt
@require_POST
def introspect(request: HttpRequest) -> JsonResponse:
    secret = token_of(request) or ""
    if not constant_time_compare(secret, settings.CONFIG.mas_secret):
        return JsonResponse({"error": "invalid_client"}, status=401, headers=NO_STORE)
    token = request.POST.get("token", "")
    found = living(token, for_introspection=True) if 0 < len(token) <= LONGEST_TOKEN else None
    if found is None:
        return JsonResponse({"active": False}, headers=NO_STORE)
    session = found.session
    return JsonResponse(
        {
            "active": True,
            "scope": scopes.parse(found.scope.split()).stable,
            "username": session.person.localpart,
            "device_id": session.device_id,
            "sub": str(session.person_id),
            "client_id": session.application.client_id,
            "token_type": "access_token",
            "iat": int(found.created.timestamp()),
            "exp": int(found.expires.timestamp()),
            # Synapse wants whole seconds and takes none left for an error.
            "expires_in": max(1, math.floor((found.expires - timezone.now()).total_seconds())),
        },
        headers=NO_STORE,
    )
