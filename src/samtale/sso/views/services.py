"""A person's own page: which services sign them in, what each learns, and how to end that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samtale.identity.addresses import client_address
from samtale.identity.views import person_of
from samtale.sso import access, actions


@never_cache
@login_required
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """The list."""
    return render(request, "sso/services.html", {"uses": actions.uses_of(person_of(request))})


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, client_id: str) -> HttpResponse:
    """Sign out of one service, which must ask again before it learns anything."""
    service = access.find(client_id)
    if service is None:
        raise Http404
    actions.withdraw(person_of(request), service, address=client_address(request))
    if service.config.backchannel_logout_uri:
        said = _("%(name)s logger dig ud nu.")
    else:
        # It will find out when it asks us the next time, or when its own session is over.
        said = _("%(name)s får ikke mere at vide om dig. Log også ud i tjenesten selv.")
    messages.success(request, said % {"name": service.name})
    return HttpResponseRedirect(reverse("sso:services"), status=303)
