"""The authorization endpoint (RFC 6749, section 3.1): sign in, agree, go back to the client with a code."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2.rfc6749 import errors

from samtale.identity import ways_in
from samtale.identity.access import refusal
from samtale.identity.addresses import client_address
from samtale.identity.browsers import device_of
from samtale.identity.detours import by_way_of
from samtale.identity.models import Person
from samtale.identity.outward import redirect
from samtale.identity.rates import limited
from samtale.identity.sessions import signed_in_recently
from samtale.matrixauth import actions, rates
from samtale.matrixauth.models import Application, Consent
from samtale.matrixauth.views import outward


@dataclass(frozen=True)
class Ask:
    """A validated authorization request."""

    application: Application
    scopes: list[str]
    credentials: dict[str, Any]
    prompt: frozenset[str]


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


@method_decorator([never_cache, limited(rates.AUTHORIZE, answer=_too_often)], name="dispatch")
class Authorize(OAuthLibMixin, View):  # type: ignore[misc]
    """GET decides or asks; POST is the answer of the consent form, with the request still in the address."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            ask = self._read(request)
            person = _signed_in(request)
            if person is None:
                return self._sign_in_first(request, ask)
            if "login" in ask.prompt:
                return by_way_of("account_reauthenticate", request, done="login")
            if self._agreed(ask, person):
                return outward.leave(request, ask.application, self._code(request, ask))
            if "none" in ask.prompt:
                raise _asked(ask, errors.ConsentRequired)
        except OAuthToolkitError as error:
            return _refuse(request, error)
        if not signed_in_recently(request):
            return by_way_of("account_reauthenticate", request)
        return _ask(request, ask)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            ask = self._read(request)
            person = _signed_in(request)
            if person is None:
                return self._sign_in_first(request, ask)
            if not signed_in_recently(request):
                return by_way_of("account_reauthenticate", request)
            if request.POST.get("allow") != "yes":
                raise _asked(ask, errors.AccessDeniedError)
            target = self._code(request, ask)
        except OAuthToolkitError as error:
            return _refuse(request, error, from_consent=True)
        actions.remember_consent(person, ask.application, address=client_address(request))
        return redirect(target)

    def _read(self, request: HttpRequest) -> Ask:
        wanted, credentials = self.validate_authorization_request(request)
        prompt = frozenset(request.GET.get("prompt", "").split())
        ask = Ask(Application.objects.get(client_id=credentials["client_id"]), wanted, credentials, prompt)
        if "none" in prompt and len(prompt) > 1:
            raise _asked(ask, errors.InvalidRequestError, "prompt=none goes with no other value.")
        return ask

    def _sign_in_first(self, request: HttpRequest, ask: Ask) -> HttpResponse:
        if "none" in ask.prompt:
            silent = ways_in.to_ask_in_silence(request)
            if silent is None:
                raise _asked(ask, errors.LoginRequired)
            return by_way_of(silent, request)
        # Signing in is what prompt=login asked for.
        return by_way_of(settings.LOGIN_URL, request, done="login")

    def _agreed(self, ask: Ask, person: Person) -> bool:
        if ask.application.skip_authorization:
            return True
        if "consent" in ask.prompt:
            return False
        return Consent.objects.filter(person=person, application=ask.application).exists()

    def _code(self, request: HttpRequest, ask: Ask) -> str:
        credentials = {
            **ask.credentials,
            "portal_session_key": request.session.session_key or "",
            "browser": device_of(request.headers.get("User-Agent", "")),
        }
        uri, _, _, _ = self.create_authorization_response(
            request, " ".join(ask.scopes), credentials, allow=True
        )
        return outward.with_issuer(uri)


def _signed_in(request: HttpRequest) -> Person | None:
    user = request.user
    return user if isinstance(user, Person) and refusal(user) is None else None


def _asked(ask: Ask, error: type[errors.OAuth2Error], description: str | None = None) -> OAuthToolkitError:
    return OAuthToolkitError(error=error(description, request=ask.credentials["request"]))


def _ask(request: HttpRequest, ask: Ask) -> HttpResponse:
    target = outward.form_target(ask.credentials["redirect_uri"])
    response = render(
        request,
        "matrixauth/consent.html",
        {
            "application": ask.application,
            "publisher": _publisher(ask),
            "action": request.get_full_path(),
        },
    )
    # Read by the middleware that writes the Content-Security-Policy.
    response.form_target = target  # type: ignore[attr-defined]
    return response


def _publisher(ask: Ask) -> str | None:
    """The host that gets the code. A client may say it is all of `github.io` and live in a corner of it."""
    redirect = urlsplit(ask.credentials["redirect_uri"])
    return (redirect if redirect.scheme == "https" else urlsplit(ask.application.client_uri)).hostname


def _refuse(request: HttpRequest, failure: OAuthToolkitError, *, from_consent: bool = False) -> HttpResponse:
    """An error goes to the client; when it is about who the client is or where to go, to the person."""
    error = failure.oauthlib_error
    if isinstance(failure, FatalClientError):
        return render(request, "matrixauth/refused.html", {"error": error}, status=400)
    target = outward.error_uri(error)
    if from_consent:
        return redirect(target)
    return outward.leave(request, Application.objects.get(client_id=error.client_id), target)
