"""The authorization endpoint (OpenID Connect Core 1.0, section 3.1.2): sign in, agree, go back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.idp.oidc.internal.oauthlib.utils import extract_params
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.openid.connect.core.exceptions import LoginRequired

from samtale.audit.log import record
from samtale.identity import sessions
from samtale.identity.addresses import client_address
from samtale.identity.detours import by_way_of, here_again
from samtale.identity.models import Person
from samtale.identity.outward import leave, redirect, with_issuer
from samtale.identity.rates import limited
from samtale.sso import access, actions, claims, rates
from samtale.sso.issuer import issuer
from samtale.sso.models import Service
from samtale.sso.server import ServiceServer
from samtale.sso.validator import signed_in


@dataclass(frozen=True)
class Ask:
    """A validated authentication request. `max_age`: seconds since the person last showed who they are."""

    service: Service
    scopes: list[str]
    request: Any
    prompt: frozenset[str]
    max_age: int | None


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited(rates.AUTHORIZE, answer=_too_often)
def authorize(request: HttpRequest) -> HttpResponse:
    """Lead through what is missing, then back to the service."""
    if request.method == "POST":
        # A form on the service's page: the browser sends no cookie with it, and does when it sets out anew.
        return redirect(f"{request.path}?{request.POST.urlencode()}")
    return _answered(request, _lead)


@require_POST
@never_cache
@limited(rates.AUTHORIZE, answer=_too_often)
def consent(request: HttpRequest) -> HttpResponse:
    """The answer of the consent form, with the request still in the address."""
    return _answered(request, _hear)


def _answered(request: HttpRequest, view: Any) -> HttpResponse:
    """An error goes to the service; when it is about who that is or where to go, to the person."""
    try:
        response: HttpResponse = view(request)
    except errors.FatalClientError as error:
        return render(request, "sso/refused.html", {"error": error}, status=400)
    except errors.OAuth2Error as error:
        return _back(request, error.client_id, error.in_uri(error.redirect_uri))
    except ValueError:
        # oauthlib's word for a query that it cannot read.
        unreadable = errors.InvalidRequestFatalError(description="Unreadable query.")
        return render(request, "sso/refused.html", {"error": unreadable}, status=400)
    return response


def _lead(request: HttpRequest) -> HttpResponse:
    ask = _read(request)
    person = signed_in()
    if person is None:
        return _detour(request, settings.LOGIN_URL)
    at = sessions.signed_in_at(request)
    if "login" in ask.prompt or _too_long_ago(ask, at):
        if "none" in ask.prompt:
            raise LoginRequired(request=ask.request)
        return _detour(request, "account_reauthenticate")
    if not access.admits(ask.service, person):
        return _not_for(request, ask, person)
    if "consent" in ask.prompt or not access.agreed(ask.service, person, ask.scopes):
        return _ask(request, ask, person)
    return _with_code(request, ask, person)


def _hear(request: HttpRequest) -> HttpResponse:
    ask = _read(request)
    person = signed_in()
    again = _authorize_path(here_again(request, done="consent"))
    if person is None or not access.admits(ask.service, person):
        return redirect(again)
    if request.POST.get("allow") != "yes":
        raise errors.AccessDeniedError(request=ask.request)
    actions.remember_consent(person, ask.service, ask.scopes, address=client_address(request))
    # The way outward is a fresh one: browsers check the form's policy along all redirects that follow it, and
    # a service may send its people on to yet another origin.
    return redirect(again)


def _read(request: HttpRequest) -> Ask:
    uri, _, _, headers = extract_params(request)
    scopes, found = ServiceServer().validate_authorization_request(uri, "GET", "", headers)
    asked = found["request"]
    max_age = asked.max_age
    if max_age is not None and not (max_age.isascii() and max_age.isdigit() and len(max_age) < 10):
        raise errors.InvalidRequestError(description="max_age must be seconds.", request=asked)
    return Ask(
        service=asked.client,
        scopes=scopes,
        request=asked,
        prompt=frozenset((asked.prompt or "").split()),
        max_age=None if max_age is None else int(max_age),
    )


def _too_long_ago(ask: Ask, at: Any) -> bool:
    if ask.max_age is None:
        return False
    return at is None or timezone.now() - at > timedelta(seconds=ask.max_age)


def _detour(request: HttpRequest, page: str) -> HttpResponse:
    """Whoever comes back from there has just shown who they are: neither is asked for again."""
    return by_way_of(page, request, done="login", without=("max_age",))


def _ask(request: HttpRequest, ask: Ask, person: Person) -> HttpResponse:
    action = f"{reverse('sso:consent')}?{request.GET.urlencode()}"
    shown = {
        "service": ask.service,
        "scopes": ask.scopes,
        "given": claims.of(person, ask.scopes),
        "action": action,
    }
    return render(request, "sso/consent.html", shown)


def _not_for(request: HttpRequest, ask: Ask, person: Person) -> HttpResponse:
    record("sso.refused", on=person, subject=ask.service.pk, address=client_address(request))
    error = errors.AccessDeniedError(request=ask.request)
    back = with_issuer(error.in_uri(error.redirect_uri), issuer())
    if "none" in ask.prompt:
        return leave(request, ask.service.name, back)
    return render(request, "sso/not_for_you.html", {"service": ask.service, "back": back}, status=403)


def _with_code(request: HttpRequest, ask: Ask, person: Person) -> HttpResponse:
    session = actions.begin(
        person,
        ask.service,
        portal_session_key=request.session.session_key or "",
        authenticated_at=sessions.signed_in_at(request) or timezone.now(),
        runs_out_at=request.session.get_expiry_date(),
    )
    uri, _, _, headers = extract_params(request)
    answer, _, _ = ServiceServer().create_authorization_response(
        uri, "GET", "", headers, scopes=ask.scopes, credentials={"user": person, "session": session}
    )
    return _back(request, ask.service.pk, answer["Location"])


def _back(request: HttpRequest, client_id: str, uri: str) -> HttpResponse:
    service = access.find(client_id)
    return leave(request, service.name if service is not None else client_id, with_issuer(uri, issuer()))


def _authorize_path(path: str) -> str:
    return f"{reverse('sso:authorize')}?{path.partition('?')[2]}"
