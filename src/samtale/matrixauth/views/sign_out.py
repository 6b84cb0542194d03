"""Signing out of our own client: the device, the portal session it was born from, and the browser's."""

from django.contrib.auth import logout
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from samtale.identity import leaving, sessions
from samtale.matrixauth import actions, bearer


@csrf_exempt
@require_POST
def sign_out(request: HttpRequest) -> JsonResponse:
    """`{"next": path}`: where the client goes when it has forgotten everything. 401 without a valid token."""
    signed = bearer.authenticate(request)
    if signed is None:
        refusal = {"error": "unauthorized", "message": _("Du er allerede logget ud."), "field": None}
        return JsonResponse(refusal, status=401)
    key = signed.session.portal_session_key
    here = request.session.session_key if getattr(request, "user", None) == signed.person else None
    onward = leaving.first_stop(here, key)
    actions.end_session(signed.session, by=signed.person)
    sessions.end(key)
    # A device outlives the session it was born from; the person may have signed in anew since. The cookie
    # only says which session that is, and ends nobody else's.
    if here is not None:
        sessions.end(here)
        logout(request)
    return JsonResponse({"next": onward}, headers={"Cache-Control": "no-store"})
