"""Pages that belong to no other layer: the way to a product, the person's own account, the language."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from samtale.communities import privileges
from samtale.communities.models import Community
from samtale.identity import actions, ways_in
from samtale.identity.adapter import remember_language
from samtale.identity.browsers import device_of
from samtale.identity.own_paths import is_own_path
from samtale.identity.views import person_of
from samtale.lifecycle import accounts
from samtale.portal.pages import approvals

LANGUAGES = dict(settings.LANGUAGES)


@require_GET
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """``/p/SLUG``: into that product, by way of sign-in when there is no session.

    The session remembers the product besides ``next``, so that it is still known after a forgotten
    password or a second factor to set up.
    """
    community = get_object_or_404(Community, slug=slug, archived=False)
    if request.user.is_authenticated:
        request.session.pop("product", None)
        return HttpResponseRedirect(f"/#/c/{community.slug}")
    request.session["product"] = community.slug
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The person's own page: who the platform thinks they are, and how they sign in."""
    person = person_of(request)
    links = accounts.links_of(person)
    decides = approvals.may_see(person)
    linked = {link.account.provider for link in links}
    factors = list(Authenticator.objects.filter(user_id=person.pk).order_by("created_at"))
    codes = next((f.wrap() for f in factors if f.type == Authenticator.Type.RECOVERY_CODES), None)
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    sessions = UserSession.objects.filter(user_id=person.pk, session_key__in=alive).order_by("-created_at")
    return render(
        request,
        "portal/account.html",
        {
            "person": person,
            "languages": settings.LANGUAGES,
            "links": links,
            "decides": decides,
            "waiting": len(privileges.waiting_for(person)) if decides else 0,
            "to_link": [
                {"way": way, "again": way.slug in linked}
                for way in ways_in.every()
                # Each municipality is one more organisation to come from by the same way.
                if way.slug not in linked or way.kind == "municipality"
            ],
            "has_services": bool(settings.CONFIG.sso),
            "totp": next((f for f in factors if f.type == Authenticator.Type.TOTP), None),
            "passkeys": [f for f in factors if f.type == Authenticator.Type.WEBAUTHN],
            "recovery_codes": codes,
            "recovery_codes_left": len(codes.get_unused_codes()) if codes else 0,
            "sessions": [
                {
                    "device": device_of(session.user_agent),
                    "ip": session.ip,
                    "since": session.created_at,
                    "current": session.session_key == request.session.session_key,
                }
                for session in sessions
            ],
        },
    )


@login_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language of mails, of the portal and of the client."""
    chosen = request.POST.get("language", "")
    if chosen not in LANGUAGES:
        return HttpResponseBadRequest("language")
    actions.choose_language(person_of(request), chosen)
    response = redirect("account")
    response.status_code = 303
    remember_language(response, chosen)
    return response


@require_GET
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Show the portal in another language from here on, on this device, and go back."""
    if code not in LANGUAGES:
        raise Http404
    back = request.GET.get("naeste", "")
    response = HttpResponseRedirect(back if is_own_path(back) else reverse("account_login"))
    remember_language(response, code)
    return response
