"""What a browser or a provider calls."""

import logging
import secrets
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from samtale.oiosaml import (
    conf,
    known_metadata,
    pending,
    principal,
    published,
    response,
    sign_in,
    signals,
    single_logout,
)
from samtale.oiosaml.keys import KeyProblem
from samtale.oiosaml.metadata import AddressProblem
from samtale.oiosaml.refusal import Refused

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """A POST is answered with a GET elsewhere."""

    status_code = 303


def refusing(view: View) -> View:
    """Let whatever is not accepted end on one page: 400, no reason, a number that the log has too."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return _refusal(request, refused)
        except known_metadata.Unknown as unknown:
            return _refusal(request, Refused("provider", f"{str(unknown)[:40]} is not known, or away"))

    return wrapped


def _refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    reference = "-".join(secrets.token_hex(2).upper() for _ in range(2))
    signals.refused.send(
        sender=Refused,
        request=request,
        provider=refused.provider,
        step=refused.step,
        reason=refused.reason,
        reference=reference,
        onward=refused.onward,
    )
    return render(
        request,
        "oiosaml/refused.html",
        {"reference": reference, "contact": conf.current().contact_email},
        status=400,
    )


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - what views are called with
    """Ours, for the federation."""
    try:
        document = published.document()
    except (KeyProblem, AddressProblem) as problem:
        logger.error("our metadata cannot be shown: %s", problem)
        why = "There are no metadata to show yet; the log says why.\n"
        return HttpResponse(why, status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(document, content_type="application/samlmetadata+xml")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@csrf_exempt
@never_cache
@require_POST
@refusing
def acs(request: HttpRequest) -> HttpResponse:
    """An answer arrives, from another site: our own cookies come with the next request only."""
    saml_response, relay_state = _form(request)
    sign_in.answered(request, saml_response, relay_state)
    return SeeOther(sign_in.address_of("arrived", relay_state))


@never_cache
@require_GET
@refusing
def arrived(request: HttpRequest, relay_state: str) -> HttpResponse:
    """The browser is back with its cookies, and the site decides what the answer means."""
    held = pending.take_answer(request, relay_state)
    answer = dict(held.content or {})
    if "status" in answer:
        made = conf.host().not_signed_in(request, held.provider, str(answer["status"]), held.onward)
    else:
        made = conf.host().signed_in(request, principal.from_json(answer), held.onward)
    pending.unbind(made, relay_state)
    return made


@never_cache
@require_GET
@refusing
def leaving(request: HttpRequest, relay_state: str) -> HttpResponse:
    """On to the provider, where the session ends as well.

    By a page that goes on by itself: a form may have led here, and browsers hold all redirects that follow
    one to `form-action`.
    """
    target = single_logout.request_for(relay_state)
    page = render(request, "oiosaml/leaving.html", {"target": target})
    page.headers["Refresh"] = f"0; url={target}"
    return page


@never_cache
@require_GET
@refusing
def slo(request: HttpRequest) -> HttpResponse:
    """A message about logging out, signed over the query string as it was sent."""
    return HttpResponseRedirect(single_logout.received(request, request.META.get("QUERY_STRING", "")))


def _form(request: HttpRequest) -> tuple[str, str]:
    """SAMLResponse and RelayState; too much is not read at all."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    # Base64 in a form has at most three characters for each of its own.
    if not length.isdecimal() or int(length) > 3 * response.LARGEST:
        raise Refused(response.STEP, "the form is too large")
    try:
        form = request.POST
    except (SuspiciousOperation, UnreadablePostError) as error:
        raise Refused(response.STEP, "the form cannot be read") from error
    if len(form.getlist("SAMLResponse")) != 1 or len(form.getlist("RelayState")) != 1:
        raise Refused(response.STEP, "the form must have SAMLResponse and RelayState, each once")
    return form["SAMLResponse"], form["RelayState"]
