"""The federation's answer becomes somebody at the door: what `oiosaml` asks of the site that uses it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from samtale.audit.log import record
from samtale.identity import ways_in
from samtale.identity.addresses import client_address
from samtale.lifecycle import admission, grants, trials
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.grants import Grants
from samtale.lifecycle.onward import Onward
from samtale.lifecycle.trials import Outcome
from samtale.oiosaml.principal import Principal


def signed_in(request: HttpRequest, principal: Principal, onward: str) -> HttpResponse:
    """Somebody is who their municipality says."""
    given = grants.of(principal.groups, cvr=principal.cvr)
    note_left_out(request, principal.provider, principal.cvr, given)
    arrival = Arrival(
        source=principal.provider,
        subject=principal.serial,
        cvr=principal.cvr,
        organisation=principal.organisation,
        name=principal.full_name or principal.common_name,
        email=principal.email,
        # Another authority's own provider knows nothing of the federation's privileges.
        member=given.member or principal.provider in settings.CONFIG.saml,
        administrator=given.administrator,
        products=given.products,
        received=principal.received,
        logout=principal.subject,
    )
    return admission.admit(request, arrival, Onward.from_text(onward))


def note_left_out(request: HttpRequest, provider: str, cvr: str, given: Grants) -> None:
    """Which privileges gave nothing, and why: in the log only."""
    if given.left_out:
        record(
            "sign_in.privileges_left_out",
            subject=provider,
            address=client_address(request),
            cvr=cvr,
            reasons=list(given.left_out),
        )


def not_signed_in(request: HttpRequest, provider: str, status: str, onward: str) -> HttpResponse:
    """The person gave up, or may not; back to where one chooses how to sign in."""
    wanted = Onward.from_text(onward)
    if wanted.purpose == "silence":
        ways_in.note_silence(request)
        return HttpResponseRedirect(wanted.path or reverse("account_login"))
    if wanted.purpose == "trial":
        return trials.finish(request, wanted, Outcome("nobody", (f"nobody was signed in: {status}",)))
    record("sign_in.given_up", subject=provider, address=client_address(request), status=status)
    if status == "RequestDenied":
        messages.info(request, _("Din organisations login lod dig ikke komme videre. Spørg din it-afdeling."))
    else:
        messages.info(request, _("Du blev ikke logget ind. Prøv igen, når du er klar."))
    page = reverse("account_login" if wanted.purpose == "sign_in" else "account")
    back = f"?{urlencode({'next': wanted.path})}" if wanted.path and wanted.purpose == "sign_in" else ""
    return HttpResponseRedirect(page + back)
