"""The end session endpoint (OpenID Connect RP-Initiated Logout 1.0)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib.auth import logout as end_portal_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from samtale.identity import leaving
from samtale.identity.models import Person
from samtale.identity.outward import leave, redirect
from samtale.identity.rates import limited
from samtale.sso import access, actions, claims, rates, signed
from samtale.sso.models import Service


class LogoutRefused(Exception):
    """The request names somebody or some place that it may not; the text says which parameter."""


@dataclass(frozen=True)
class Ask:
    """A validated logout request. `back`: where the service wants the person afterwards; may be empty."""

    service: Service | None
    hint: dict[str, Any] | None
    back: str


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited(rates.LOGOUT, answer=_too_often)
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out here when the service proves that it means this very session, else ask; then go back to it."""
    if request.method == "POST":
        # A form on the service's page: the browser sends no cookie with it, and does when it sets out anew.
        return redirect(f"{request.path}?{request.POST.urlencode()}")
    return _answered(request, _lead)


@require_POST
@never_cache
@limited(rates.LOGOUT, answer=_too_often)
def confirm(request: HttpRequest) -> HttpResponse:
    """The person said yes."""
    return _answered(request, _hear)


def _answered(request: HttpRequest, view: Callable[[HttpRequest, Ask], HttpResponse]) -> HttpResponse:
    try:
        ask = _read(request)
    except LogoutRefused as refused:
        return render(request, "sso/refused.html", {"error": refused}, status=400)
    return view(request, ask)


def _lead(request: HttpRequest, ask: Ask) -> HttpResponse:
    if isinstance(request.user, Person):
        if not _means(ask, request.user, request):
            action = f"{reverse('sso:logout_confirm')}?{request.GET.urlencode()}"
            return render(request, "sso/logout.html", {"service": ask.service, "action": action})
        if (first := _end(request)) is not None:
            return _by_way_of(first, ask)
    if ask.service is None or not ask.back:
        return redirect(reverse("signed_out"))
    return leave(request, ask.service.name, ask.back)


def _hear(request: HttpRequest, ask: Ask) -> HttpResponse:
    if (first := _end(request)) is not None:
        return _by_way_of(first, ask)
    # On from there by the same address: nobody is signed in any more.
    return redirect(f"{reverse('sso:logout')}?{request.GET.urlencode()}")


def _end(request: HttpRequest) -> str | None:
    """Where the authority hears of it that the session began at; None when there is none."""
    first = leaving.first_stop(request.session.session_key)
    end_portal_session(request)
    return None if first == reverse("signed_out") else first


def _by_way_of(first: str, ask: Ask) -> HttpResponse:
    """To the authority, and from »Du er logget ud« back to the service."""
    response = redirect(first)
    if ask.service is not None and ask.back:
        leaving.go_on_to(response, ask.service.name, ask.back)
    return response


def _read(request: HttpRequest) -> Ask:
    """Section 2: whose the hint is, and whether the place to go to is one of that service's."""
    sent = request.GET
    client_id = sent.get("client_id") or None
    hint = None
    if sent.get("id_token_hint"):
        hint = signed.read_hint(sent["id_token_hint"], client_id)
        if hint is None:
            raise LogoutRefused("id_token_hint: not one that we signed for this service")
    service = access.find(client_id or (hint or {}).get("aud"))
    if client_id and service is None:
        raise LogoutRefused("client_id: unknown")
    back = sent.get("post_logout_redirect_uri", "")
    if not back:
        return Ask(service, hint, "")
    if service is None or back not in service.config.post_logout_redirect_uris:
        raise LogoutRefused("post_logout_redirect_uri: not one of this service's")
    return Ask(service, hint, _with_state(back, sent.get("state")))


def _means(ask: Ask, person: Person, request: HttpRequest) -> bool:
    """Whether the hint is of this person and of this browser; only then nobody need be asked (section 2)."""
    if ask.hint is None or ask.hint.get("sub") != claims.sub(person):
        return False
    return (
        actions.living()
        .filter(
            sid=str(ask.hint.get("sid")), person=person, portal_session_key=request.session.session_key or ""
        )
        .exists()
    )


def _with_state(uri: str, state: str | None) -> str:
    if state is None:
        return uri
    parts = urlsplit(uri)
    return urlunsplit(
        parts._replace(query=urlencode([*parse_qsl(parts.query, keep_blank_values=True), ("state", state)]))
    )
