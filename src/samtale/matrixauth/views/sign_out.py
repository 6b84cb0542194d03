"""Signing out of our own client: the device, and the portal session it was born from."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from samtale.matrixauth import actions, bearer


@csrf_exempt
@require_POST
def sign_out(request: HttpRequest) -> JsonResponse:
    """`{"next": path}`: where the client goes when it has forgotten everything. 401 without a valid token."""
    signed = bearer.authenticate(request)
    if signed is None:
        refusal = {"error": "unauthorized", "message": _("Du er allerede logget ud."), "field": None}
        return JsonResponse(refusal, status=401)
    actions.end_session(signed.session, by=signed.person)
    actions.end_portal_session(signed.session)
    return JsonResponse({"next": reverse("signed_out")}, headers={"Cache-Control": "no-store"})
