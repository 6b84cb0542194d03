"""Whose privilege »moderator« counts: what waits for an answer, what was approved, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from samtale.communities import access, privileges
from samtale.communities.models import PrivilegeApproval
from samtale.identity.addresses import client_address
from samtale.identity.detours import by_way_of
from samtale.identity.models import Organisation, Person
from samtale.identity.sessions import signed_in_recently
from samtale.identity.views import person_of


@login_required
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """For moderators what is about their communities, for administrators everything."""
    person = person_of(request)
    if not may_see(person):
        raise PermissionDenied
    given = list(privileges.approvals_for(person))
    names = Organisation.objects.filter(cvr__in=[one.cvr for one in given]).values_list("cvr", "name")
    by_cvr = dict(names)
    context = {
        "waiting": privileges.waiting_for(person),
        "approved": [
            {"approval": one, "organisation": by_cvr.get(one.cvr, f"CVR {one.cvr}")} for one in given
        ],
    }
    return render(request, "portal/approvals.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, slug: str, cvr: str) -> HttpResponse:
    """Let an organisation's privilege count for a community: the question alone, and the answer."""
    person = person_of(request)
    _authorise(person, slug)
    if not signed_in_recently(request):
        return by_way_of("account_reauthenticate", request)
    asking = next(
        (
            one
            for one in privileges.waiting_for(person)
            if (one.community.slug, one.organisation.cvr) == (slug, cvr)
        ),
        None,
    )
    if asking is None:
        messages.info(request, _("Det er der ingen, der venter på længere."))
        return HttpResponseRedirect(reverse("approvals"))
    if request.method == "GET":
        return render(request, "portal/approve.html", {"asking": asking})
    privileges.approve(asking.organisation, asking.community, by=person, address=client_address(request))
    said = _("%(organisation)s er godkendt for %(community)s.")
    messages.success(
        request, said % {"organisation": asking.organisation.name, "community": asking.community.name}
    )
    return HttpResponseRedirect(reverse("approvals"))


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an approval back: the question, which names who moderates by it, and the answer."""
    person = person_of(request)
    approval = get_object_or_404(PrivilegeApproval.objects.select_related("community"), pk=pk)
    _authorise(person, approval.community.slug)
    if not signed_in_recently(request):
        return by_way_of("account_reauthenticate", request)
    organisation = Organisation.objects.filter(cvr=approval.cvr).first()
    name = organisation.name if organisation else f"CVR {approval.cvr}"
    if request.method == "GET":
        moderating = privileges.moderating_by(approval)
        context = {"approval": approval, "organisation": name, "moderating": moderating}
        return render(request, "portal/withdraw.html", context)
    privileges.withdraw(approval, by=person, address=client_address(request))
    said = _("Godkendelsen af %(organisation)s for %(community)s er trukket tilbage.")
    messages.success(request, said % {"organisation": name, "community": approval.community.name})
    return HttpResponseRedirect(reverse("approvals"))


def may_see(person: Person) -> bool:
    """Whether there is anything the person may decide here."""
    return person.is_administrator or access.moderated_by(person).exists()


def _authorise(person: Person, slug: str) -> None:
    try:
        access.community_for(person, slug, to_moderate=True)
    except access.NotFound as error:
        raise Http404 from error
    except access.Forbidden as error:
        raise PermissionDenied from error
