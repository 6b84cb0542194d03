"""Pages of the sign-in layer that allauth has not, or not so."""

from typing import Any

from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from samtale.identity import actions, last_way, leaving, outward, second_factor
from samtale.identity.adapter import REFUSAL_SALT, SecondFactorAdapter
from samtale.identity.addresses import client_address
from samtale.identity.models import Organisation, Person
from samtale.identity.own_paths import is_own_path

#: Whom to ask when an organisation names nobody.
OS2_ADDRESS = "info@os2.eu"


def person_of(request: HttpRequest) -> Person:
    """The signed-in person; views that call it are behind `login_required`."""
    assert isinstance(request.user, Person)  # noqa: S101
    return request.user


@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    """»Du er logget ud«. Starts no sign-in by itself, and leads on to whoever asked for the sign-out."""
    onward = leaving.onward(request)
    if onward is None:
        return render(request, "account/signed_out.html")
    response = outward.leave(request, *onward)
    leaving.forget(response)
    return response


@require_GET
def refused(request: HttpRequest) -> HttpResponse:
    """Who may not come in is told why, kindly, and whom to ask. Only our own redirect leads here."""
    try:
        told = signing.loads(request.GET.get("svar", ""), salt=REFUSAL_SALT, max_age=3600)
    except signing.BadSignature as error:
        raise Http404 from error
    organisation = Organisation.objects.filter(pk=told["organisation"]).first()
    name, address = whom_to_ask(organisation)
    return render(
        request,
        "account/refused.html",
        {"reason": told["reason"], "organisation": organisation, "name": name, "address": address},
    )


def whom_to_ask(organisation: Organisation | None) -> tuple[str, str]:
    """Name and address of the organisation's contact, or OS2's; either may be empty, never both."""
    contact = (organisation.contact if organisation else "").strip() or f"OS2 {OS2_ADDRESS}"
    address = next((word.strip("<>(),;") for word in contact.split() if "@" in word), "")
    return contact.replace(address, "").strip(" <>(),;"), address


@login_required
@require_GET
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """The choice between code app and passkey, for somebody who must have one."""
    if not second_factor.is_missing(person_of(request)):
        return HttpResponseRedirect(after_setup(request))
    return render(request, "mfa/setup.html")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out in all other browsers."""
    ended = actions.end_other_sessions(
        person_of(request), current=request.session.session_key, address=client_address(request)
    )
    if ended:
        messages.success(request, _("Du er logget ud i alle andre browsere."))
    return HttpResponseRedirect(reverse("account"))


def after_setup(request: HttpRequest) -> str:
    """Where the person was on the way to when a second factor was asked for."""
    wanted = str(request.session.get("second_factor_next", ""))
    return wanted if is_own_path(wanted) else reverse("account")


class RecoveryCodesView(ViewRecoveryCodesView):  # type: ignore[misc]
    """Shows the codes once, right after they were made, and knows the way on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["onward"] = after_setup(self.request)
        return context


class RemovePasskeyView(RemoveWebAuthnView):  # type: ignore[misc]
    """Takes a passkey away, unless somebody needs it as their second factor or to sign in at all."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        person = Person.objects.select_for_update().get(pk=person_of(self.request).pk)
        key = self.get_object()
        if second_factor.is_last(key):
            why = SecondFactorAdapter.error_messages["cannot_delete_authenticator"]
        elif not last_way.is_left(person, without=key):
            why = last_way.REFUSAL
        else:
            response: HttpResponse = super().form_valid(form)
            return response
        messages.error(self.request, why)
        return HttpResponseRedirect(reverse("account"))
