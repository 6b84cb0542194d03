"""A second factor is demanded of those who could do most harm."""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from samtale.identity.models import Person

Handler = Callable[[HttpRequest], HttpResponse]

#: What django-allauth calls a sign-in that somebody else vouches for.
VOUCHED_FOR = "socialaccount"
#: Where a person comes with the session's cookie; the API knows only tokens.
PAGES = ("/adgang/", "/p/")
#: Where one may go without: to set it up, to leave.
OPEN_PATH_NAMES = (
    "second_factor_setup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_logout",
    "signed_out",
)
LANGUAGE_SWITCH = "/adgang/sprog/"


def is_demanded(person: Person) -> bool:
    """Guests, administrators and owners with a local account must have TOTP or a passkey.

    The demo's people are made up and have none.
    """
    if person.is_demo and settings.CONFIG.demo:
        return False
    return person.is_guest or person.is_administrator


def _factors(person_id: int) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(  # type: ignore[no-any-return]
        user_id=person_id, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    )


def is_missing(person: Person, *, without: Authenticator | None = None) -> bool:
    """Whether the person must set up a second factor before anything else.

    Args:
        without: one that is about to be taken away.
    """
    factors = _factors(person.pk)
    if without is not None:
        factors = factors.exclude(pk=without.pk)
    return is_demanded(person) and not factors.exists()


def vouched_for(request: HttpRequest) -> bool:
    """Whether this session began with an authority's sign-in, which has a second factor of its own."""
    user = request.user if isinstance(request.user, Person) else None
    return any(record["method"] == VOUCHED_FOR for record in get_authentication_records(request, user))


def is_last(authenticator: Authenticator) -> bool:
    """Whether taking this one away would leave somebody without who must have one."""
    return is_missing(Person.objects.get(pk=authenticator.user_id), without=authenticator)


class SecondFactorMiddleware:
    """Leads a person whose second factor is missing to where it is set up, also on the way to a client."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._may_pass(request):
            return self.get_response(request)
        if request.method == "GET":
            request.session["second_factor_next"] = request.get_full_path()
        return HttpResponseRedirect(reverse("second_factor_setup"))

    def _may_pass(self, request: HttpRequest) -> bool:
        if not request.path_info.startswith(PAGES) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return True
        if request.path_info in {reverse(name) for name in OPEN_PATH_NAMES}:
            return True
        if request.path_info.startswith(LANGUAGE_SWITCH):
            return True
        return not (
            isinstance(request.user, Person) and is_missing(request.user) and not vouched_for(request)
        )
