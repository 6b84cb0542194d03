"""Signing out of our own client: the device, the portal session it was born from, and the browser's."""

from django.contrib.auth import logout
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from samtale.identity import sessions
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
    sessions.end(signed.session.portal_session_key)
    # A device outlives the session it was born from; the person may have signed in anew since. The cookie
    # only says which session that is, and ends nobody else's.
    if getattr(request, "user", None) == signed.person:
        sessions.end(request.session.session_key or "")
        logout(request)
    return JsonResponse({"next": reverse("signed_out")}, headers={"Cache-Control": "no-store"})
