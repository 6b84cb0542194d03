"""Where an OpenID Provider sends somebody back to: another authority's own one, or a broker."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from samtale.lifecycle import admission, authority, broker, departure, municipal
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.claims import Claims
from samtale.lifecycle.onward import Onward
from samtale.oidc import pending, sign_in
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.views import refusing


@never_cache
@require_GET
@refusing
def returned(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer to a request of ours."""
    made = _answer(request, slug)
    pending.unbind(made, request.GET["state"])
    return made


def _answer(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        answer = sign_in.answered(request, slug)
    except sign_in.NotSignedIn as nobody:
        return municipal.not_signed_in(request, slug, nobody.status, nobody.onward)
    except sign_in.NotNow as problem:
        return departure.not_now(request, slug, Onward.from_text(problem.onward), problem)
    try:
        arrival = _arrival(request, slug, answer.claims)
    except Refused as refused:
        refused.provider, refused.onward = slug, answer.onward
        raise
    if arrival is None:
        return municipal.not_signed_in(request, slug, "RequestDenied", answer.onward)
    return admission.admit(request, arrival, Onward.from_text(answer.onward))


def _arrival(request: HttpRequest, slug: str, said: Claims) -> Arrival | None:
    if slug not in settings.CONFIG.broker:
        return authority.arrival(slug, settings.CONFIG.oidc[slug], said)
    found, given = broker.arrival(slug, settings.CONFIG.broker[slug], said)
    municipal.note_left_out(request, slug, found.cvr, given)
    return found
