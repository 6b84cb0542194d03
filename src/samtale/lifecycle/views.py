"""The pages on the way in and out with somebody else's word."""

import logging

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from samtale.identity import last_way, outward, ways_in
from samtale.identity.addresses import client_address
from samtale.identity.detours import by_way_of
from samtale.identity.own_paths import is_own_path
from samtale.identity.rates import Rate, limited
from samtale.identity.sessions import signed_in_recently
from samtale.identity.views import person_of
from samtale.lifecycle import accounts, admission, claiming, departure, newcomers, trials
from samtale.lifecycle.onward import Onward, own_path
from samtale.oidc import sign_out
from samtale.oidc.http import Unreachable
from samtale.oiosaml.messages import SignInWish

log = logging.getLogger(__name__)
#: A whole municipality can come from one address, and each one makes a row.
STARTS = Rate("lifecycle.start", times=240, seconds=60)


def _too_often(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


@never_cache
@require_GET
@limited(STARTS, answer=_too_often)
def sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Out to the authority. Its name is remembered for the next time, on this device."""
    onward = Onward(path=own_path(request.GET.get(REDIRECT_FIELD_NAME, "")))
    leaving = _begin(request, slug, onward)
    ways_in.remember(leaving, slug)
    return leaving


@never_cache
@require_GET
@limited(STARTS, answer=_too_often)
def sign_in_in_silence(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for a client that waits: the authority answers without asking the person, or says that it
    would have to."""
    onward = Onward(path=own_path(request.GET.get(REDIRECT_FIELD_NAME, "")), purpose="silence")
    return _begin(request, slug, onward, SignInWish(passive=True))


@never_cache
@require_GET
@limited(STARTS, answer=_too_often)
def sign_out_at(request: HttpRequest, slug: str) -> HttpResponse:
    """Signed out here, and on to the authority's own sign-out, which sends the browser back."""
    way = ways_in.find(slug)
    if way is None or not departure.signs_out_at(slug):
        raise Http404
    try:
        target = sign_out.address(slug)
    except Unreachable as problem:
        log.error("nobody is signed out at %s: %s", slug, problem)
        target = None
    if target is None:
        return HttpResponseRedirect(reverse("signed_out"))
    return outward.leave(request, way.name, target, page="oiosaml/leaving.html")


@never_cache
@login_required
@require_GET
@limited(STARTS, answer=_too_often)
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The same, for somebody who is signed in and wants to do something sensitive."""
    onward = Onward(
        path=own_path(request.GET.get(REDIRECT_FIELD_NAME, "")),
        purpose="confirm",
        person=person_of(request).pk,
    )
    return _by_a_page(request, slug, _begin(request, slug, onward, SignInWish(force=True)))


@login_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a way in to one's own account."""
    if not signed_in_recently(request):
        return by_way_of("account_reauthenticate", request)
    if request.method == "POST":
        return HttpResponseRedirect(request.path)
    onward = Onward(purpose="link", person=person_of(request).pk)
    return _by_a_page(request, slug, _begin(request, slug, onward, SignInWish(force=True)))


@login_required
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a way in from one's own account: the question, and its answer. The last one stays."""
    if not signed_in_recently(request):
        return by_way_of("account_reauthenticate", request)
    person = person_of(request)
    link = next((one for one in accounts.links_of(person) if one.account.pk == pk), None)
    if link is None:
        raise Http404
    if request.method == "GET" and link.removable:
        return render(request, "lifecycle/unlink.html", {"link": link})
    if request.method == "GET" or not accounts.disconnect(
        person, link.account, by=person, address=client_address(request)
    ):
        messages.error(request, last_way.REFUSAL)
    else:
        messages.success(request, _("Du kan ikke længere logge ind på den måde."))
    return HttpResponseRedirect(reverse("account"))


@never_cache
@require_GET
def authorities(request: HttpRequest) -> HttpResponse:
    """Find one's authority among those that have a way in of their own."""
    query = " ".join(request.GET.get("q", "").split())[:100]
    return render(
        request,
        "lifecycle/authorities.html",
        {
            "query": query,
            "found": ways_in.search(query),
            "next": own_path(request.GET.get(REDIRECT_FIELD_NAME, "")),
        },
    )


@never_cache
@require_GET
@limited(STARTS, answer=_too_often)
def trial(request: HttpRequest, token: str) -> HttpResponse:
    """An operator tries a way in, from the address that the command line gave them."""
    opened = trials.open_once(token)
    if opened is None:
        return render(request, "lifecycle/trial.html", {"over": True}, status=410)
    slug, onward = opened
    try:
        return departure.to(slug, onward)
    except departure.CannotLeave as problem:
        return departure.not_now(request, slug, onward, problem)


@never_cache
@require_GET
def claim_sent(request: HttpRequest) -> HttpResponse:
    """»Se i din mail«."""
    return render(request, "lifecycle/claim_sent.html", {"minutes": _minutes()})


@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: whose account it is, and a button that joins it with the sign-in."""
    try:
        if request.method == "GET":
            held = claiming.look_at(request, token)
            return render(request, "lifecycle/claim.html", {"person": held.person})
        person, arrival, onward = claiming.take(request, token)
    except claiming.NotHere as problem:
        context = {"reason": problem.reason, "minutes": _minutes()}
        return render(request, "lifecycle/claim_failed.html", context, status=410)
    organisation = newcomers.organisation_of(arrival)
    return admission.let_in(request, person, arrival, organisation, onward)


@never_cache
@require_http_methods(["GET", "POST"])
def same_address(request: HttpRequest) -> HttpResponse:
    """There is an account with the address that came along: the person says whether it is theirs."""
    waiting = claiming.waiting(request)
    if waiting is None:
        return HttpResponseRedirect(reverse("account_login"))
    arrival, onward = waiting
    if request.method == "GET":
        return render(request, "lifecycle/same_address.html", {"address": newcomers.valid_address(arrival)})
    claiming.stop_waiting(request)
    organisation = newcomers.organisation_of(arrival)
    return admission.welcome_newcomer(request, arrival, organisation, onward)


def _minutes() -> int:
    return int(claiming.LIFETIME.total_seconds()) // 60


def _by_a_page(request: HttpRequest, slug: str, leaving: HttpResponse) -> HttpResponse:
    """A form may have led here, and then a redirect outward would be blocked (`identity.outward`)."""
    way, target = ways_in.find(slug), leaving.headers["Location"]
    if way is None or is_own_path(target):
        return leaving
    page = outward.leave(request, way.name, target, page="lifecycle/leave.html")
    page.cookies.update(leaving.cookies)
    return page


def _begin(request: HttpRequest, slug: str, onward: Onward, wish: SignInWish | None = None) -> HttpResponse:
    if ways_in.find(slug) is None:
        raise Http404
    try:
        return departure.to(slug, onward, wish)
    except departure.CannotLeave as problem:
        return departure.not_now(request, slug, onward, problem)
