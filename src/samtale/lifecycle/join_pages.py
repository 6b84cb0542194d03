"""Where an administrator finds two accounts of one person, and joins them."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from samtale.identity.access import may_manage
from samtale.identity.addresses import client_address
from samtale.identity.detours import by_way_of
from samtale.identity.models import Person
from samtale.identity.people import LONGEST_QUERY, find_people
from samtale.identity.sessions import signed_in_recently
from samtale.identity.views import person_of
from samtale.lifecycle import joining
from samtale.lifecycle.accounts import links_of


class Wanted(forms.Form):
    """Of the query: the account that stays, and the one that is closed. First names, then localparts."""

    behold = forms.CharField(required=False, max_length=LONGEST_QUERY)
    luk = forms.CharField(required=False, max_length=LONGEST_QUERY)


@login_required
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Two accounts by name; the second name may be left out when both have the same."""
    person = person_of(request)
    if not person.is_administrator:
        raise PermissionDenied
    keep, close = _wanted(request)
    context = {
        "searched": "behold" in request.GET,
        "keep": keep,
        "close": close,
        "to_keep": _found(keep, person),
        "to_close": [one for one in _found(close or keep, person) if one["links"]],
    }
    return render(request, "lifecycle/two_accounts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """What will happen to which of the two, and doing it."""
    person = person_of(request)
    if not person.is_administrator:
        raise PermissionDenied
    if not signed_in_recently(request):
        return by_way_of("account_reauthenticate", request)
    try:
        pair = joining.pair_for(person, *_wanted(request))
        if request.method == "GET":
            return render(request, "lifecycle/join.html", {"pair": pair})
        joining.join(pair, by=person, address=client_address(request))
    except joining.Forbidden as error:
        raise PermissionDenied from error
    except joining.Unfit:
        messages.error(
            request, _("Vælg to forskellige konti. Den, der lukkes, skal have et login, der kan flyttes.")
        )
    else:
        messages.success(request, _("De to konti er samlet, og der er sendt en mail om det."))
    return HttpResponseRedirect(reverse("two_accounts"))


def _wanted(request: HttpRequest) -> tuple[str, str]:
    """What nobody can be called is nobody."""
    form = Wanted(request.GET)
    form.is_valid()
    return form.cleaned_data.get("behold", ""), form.cleaned_data.get("luk", "")


def _found(query: str, by: Person) -> list[dict[str, object]]:
    return [{"person": one, "links": links_of(one)} for one in find_people(query, by) if may_manage(by, one)]
