"""The sign-in of Matrix before OAuth 2.0 (`/login`, `/logout`, `/refresh`), which is not offered."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def legacy(_: HttpRequest) -> JsonResponse:
    """What a client understands: there is no such endpoint (Client-Server API, "API standards")."""
    said = {
        "errcode": "M_UNRECOGNIZED",
        "error": "Sign in with OAuth 2.0: see /_matrix/client/v1/auth_metadata.",
    }
    return JsonResponse(said, status=404)
