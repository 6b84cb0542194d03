"""Account management (Client-Server API, "Account management"): which devices are signed in, end one."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samtale.identity.models import Person
from samtale.matrixauth import actions
from samtale.matrixauth.models import Session

#: Actions that name one device; whatever else is asked for, the list is the answer.
OF_ONE = frozenset(
    {
        "org.matrix.device_view",
        "org.matrix.device_delete",
        "org.matrix.session_view",
        "org.matrix.session_end",
    }
)


def devices_of(person: Person) -> list[Session]:
    """The person's living devices, the most recently used first."""
    return list(
        Session.objects.filter(person=person, ended_at=None)
        .select_related("application", "person")
        .order_by("-last_active")
    )


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    devices = devices_of(person)
    if request.GET.get("action", "") in OF_ONE:
        for device in devices:
            if device.device_id == request.GET.get("device_id"):
                return render(request, "matrixauth/device.html", {"device": device, "here": _here(request)})
    return render(request, "matrixauth/devices.html", {"devices": devices, "here": _here(request)})


@never_cache
@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request)
    device = get_object_or_404(
        Session.objects.select_related("application", "person"), pk=pk, person=person, ended_at=None
    )
    actions.end_session(device, by=person)
    return HttpResponseRedirect(reverse("oauth2_provider:account"), status=303)


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _here(request: HttpRequest) -> str:
    """Devices born from this portal session are »this one«."""
    return request.session.session_key or ""
