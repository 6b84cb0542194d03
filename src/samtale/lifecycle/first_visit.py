"""Whoever was not here before is led to the page for the first visit, and whoever accepted another code of
conduct to the new one, and then on."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from samtale.identity.detours import by_way_of
from samtale.identity.models import Person
from samtale.identity.second_factor import LANGUAGE_SWITCH, PAGES
from samtale.lifecycle.conduct import is_accepted_by

Handler = Callable[[HttpRequest], HttpResponse]

#: Where one may go without: all else that begins with one of `PAGES` waits.
OPEN = (
    "/adgang/velkommen/",
    "/adgang/retningslinjer/",
    LANGUAGE_SWITCH,
    # Signing in, as somebody else too; signing out; setting up a second factor, which comes before.
    "/adgang/log-ind/",
    "/adgang/log-ud/",
    "/adgang/logget-ud/",
    "/adgang/glemt-adgangskode/",
    "/adgang/samme-adresse/",
    "/adgang/hent-konto/",
    "/adgang/bekraeft/",
    "/adgang/to-trin/",
    "/adgang/adgangsnoegler/",
    "/adgang/demo",
    # What other systems send, through the browser or beside it: none of it is a page of the person's.
    "/adgang/saml/",
    "/adgang/sundhed",
    "/adgang/matrix/.well-known/",
    "/adgang/matrix/oauth2/",
    "/adgang/oidc/.well-known/",
    "/adgang/oidc/jwks",
    "/adgang/oidc/token",
    "/adgang/oidc/revoke",
    "/adgang/oidc/userinfo",
    "/adgang/oidc/logout",
)


class FirstVisitMiddleware:
    """Leads a person to the page that waits for them, also on the way to a client or a service."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = _waiting(request)
        if page is None:
            return self.get_response(request)
        if "none" in request.GET.get("prompt", "").split():
            # OpenID Connect Core 1.0, section 3.1.2.1: no page may be shown. The client hears what it hears
            # when nobody is signed in.
            request.user = AnonymousUser()
            return self.get_response(request)
        if request.method == "GET":
            return by_way_of(page, request)
        return HttpResponseRedirect(reverse(page), status=303)


def _waiting(request: HttpRequest) -> str | None:
    """The name of the page that the person must see first."""
    if not request.path_info.startswith(PAGES) or request.path_info.startswith(OPEN):
        return None
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    if request.method == "POST" and request.path_info == reverse("sso:authorize"):
        # It is answered with a redirect to the same request as a GET, which keeps its way on.
        return None
    if not isinstance(request.user, Person):
        return None
    if request.user.welcomed_at is None:
        return "welcome"
    return None if is_accepted_by(request.user) else "new_code_of_conduct"
