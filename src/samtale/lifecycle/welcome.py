"""The first visit: choose products, pick a language, accept the code of conduct."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from samtale.audit.log import record
from samtale.communities.actions import join_community_later
from samtale.communities.models import Community
from samtale.identity.actions import choose_language
from samtale.identity.adapter import remember_language
from samtale.identity.addresses import client_address
from samtale.identity.models import Person
from samtale.identity.views import person_of
from samtale.lifecycle.conduct import VERSION
from samtale.lifecycle.onward import own_path
from samtale.lifecycle.products import Product, offered_to
from samtale.matrixauth.actions import make_account


class WelcomeForm(forms.Form):
    """What the page asks. ``offered``: what the person may choose."""

    products = forms.MultipleChoiceField(
        required=False,
        error_messages={
            "invalid_choice": _("Produktet »%(value)s« findes ikke, eller du kan ikke vælge det.")
        },
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        error_messages={
            "required": _("Vælg et sprog: dansk eller engelsk."),
            "invalid_choice": _("Vælg et sprog: dansk eller engelsk."),
        },
    )
    conduct = forms.BooleanField(
        error_messages={"required": _("Sæt flueben ved retningslinjerne for at fortsætte.")}
    )

    def __init__(self, *args: Any, offered: Iterable[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.communities = {one.community.slug: one.community for one in offered}
        self.fields["products"].choices = [(slug, slug) for slug in self.communities]  # type: ignore[attr-defined]

    def clean_products(self) -> list[Community]:
        return [self.communities[slug] for slug in self.cleaned_data["products"]]


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The page, and its answer: on to where the person was going."""
    person = person_of(request)
    onward = own_path(request.GET.get(REDIRECT_FIELD_NAME, ""))
    if person.welcomed_at is not None:
        return HttpResponseRedirect(onward or settings.LOGIN_REDIRECT_URL)
    wanted = _wanted(request, onward)
    offered = offered_to(person, wanted)
    form = WelcomeForm(
        request.POST if request.method == "POST" else None,
        offered=offered,
        initial={"products": wanted, "language": get_language()},
    )
    if form.is_valid():
        let_in(
            person,
            chosen=form.cleaned_data["products"],
            language=form.cleaned_data["language"],
            address=client_address(request),
        )
        response = HttpResponseRedirect(onward or settings.LOGIN_REDIRECT_URL)
        remember_language(response, person.language)
        return response
    chosen = {*(form["products"].value() or ()), *(one.community.slug for one in offered if one.fixed)}
    context = {
        "person": person,
        "first_name": person.name.split()[0],
        "form": form,
        "products": offered,
        "chosen": chosen,
        "chosen_count": sum(one.community.slug in chosen for one in offered),
    }
    return render(request, "lifecycle/welcome.html", context, status=400 if form.is_bound else 200)


@transaction.atomic
def let_in(person: Person, *, chosen: Iterable[Community], language: str, address: str | None) -> bool:
    """The person follows what they chose and has accepted the code of conduct. Matrix follows later.

    Returns:
        False when that was done already, as by a second press of the button.
    """
    if Person.objects.select_for_update().get(pk=person.pk).welcomed_at is not None:
        return False
    # First: nobody can be put into a room before Synapse knows them.
    make_account(person)
    followed = list(chosen)
    for community in followed:
        join_community_later(person, community, address=address)
    if language != person.language:
        choose_language(person, language)
    person.welcomed_at = timezone.now()
    person.accepted_conduct = VERSION
    person.save(update_fields=["welcomed_at", "accepted_conduct"])
    record(
        "person.welcomed",
        by=person,
        on=person,
        address=address,
        conduct=VERSION,
        language=language,
        products=sorted(community.slug for community in followed),
    )
    return True


def _wanted(request: HttpRequest, onward: str) -> frozenset[str]:
    """The product whose link the person came by: in the way on, or in the session when that was lost."""
    kept = request.session.get("product", "")
    try:
        page = resolve(urlsplit(onward).path)
    except Resolver404:
        return frozenset({kept})
    return frozenset({kept, page.kwargs["slug"] if page.url_name == "product" else ""})
