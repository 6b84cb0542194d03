"""At the door: who somebody is here, whether they may come in, what they may do from now on."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samtale.audit.log import record
from samtale.identity.adapter import turned_away
from samtale.identity.addresses import client_address
from samtale.identity.models import Organisation, Person
from samtale.identity.second_factor import VOUCHED_FOR
from samtale.identity.signals import person_changed
from samtale.lifecycle import accounts, claiming, newcomers, roles, trials
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.onward import Onward
from samtale.matrixauth.actions import make_account
from samtale.oiosaml import sessions


def admit(request: HttpRequest, arrival: Arrival, onward: Onward) -> HttpResponse:
    """What somebody came for: to be let in, to show again who they are, to add this way in, or to try it."""
    acts = {"sign_in": enter, "silence": enter, "confirm": confirm, "link": link, "trial": trials.report}
    return acts[onward.purpose](request, arrival, onward)


def enter(request: HttpRequest, arrival: Arrival, onward: Onward) -> HttpResponse:
    """Let somebody in, or tell them why not."""
    organisation = newcomers.organisation_of(arrival)
    if not organisation.takes_part:
        return _turn_away(request, arrival, organisation, "organisation")
    if roles.is_missing_membership(arrival):
        return _turn_away(request, arrival, organisation, "privilege")
    person = accounts.person_of(arrival)
    if person is None:
        namesake = claiming.with_the_same_address(arrival)
        if namesake is not None:
            return claiming.offer(request, namesake, arrival, organisation, onward)
        return welcome_newcomer(request, arrival, organisation, onward)
    return let_in(request, person, arrival, organisation, onward)


def welcome_newcomer(
    request: HttpRequest, arrival: Arrival, organisation: Organisation, onward: Onward
) -> HttpResponse:
    """Somebody whom nobody made an account for."""
    with transaction.atomic():
        person = newcomers.make_person(arrival, organisation)
        accounts.connect(person, arrival, by=None, address=client_address(request))
        # The sign-in puts them into rooms, by the worker: Synapse must know them then.
        make_account(person)
    return let_in(request, person, arrival, organisation, onward)


def let_in(
    request: HttpRequest, person: Person, arrival: Arrival, organisation: Organisation, onward: Onward
) -> HttpResponse:
    """Sign the person in, with the name, the organisation and the rights that came along."""
    adapter = get_adapter(request)
    if not person.is_guest:
        person.organisation = organisation
    refused: HttpResponse | None = adapter.pre_login(request, person)
    if refused is not None:
        return refused
    if request.user.is_authenticated and request.user != person:
        logout(request)
    rested = person.resting_at is not None
    with transaction.atomic():
        refresh(person, arrival)
        roles.follow(person, arrival)
        accounts.note_use(person, arrival)
        record_authentication(request, person, method=VOUCHED_FOR, provider=arrival.source)
        adapter.login(request, person)
        if arrival.logout is not None:
            sessions.remember(request.session, arrival.source, arrival.logout)
    if rested:
        messages.success(request, _("Velkommen tilbage."))
    response: HttpResponse = adapter.post_login(
        request,
        person,
        email_verification=None,
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=onward.path or None,
    )
    return response


def refresh(person: Person, arrival: Arrival) -> None:
    """Follow what the authority says. An address that somebody else has stays theirs."""
    changed = []
    kept = Person.objects.select_related("organisation").get(pk=person.pk)
    if kept.organisation != person.organisation:
        changed.append("organisation")
        record(
            "person.moved", on=person, subject=str(person.organisation), before=str(kept.organisation or "")
        )
    name = newcomers.name_of(arrival)
    if name not in (person.name, newcomers.NO_NAME):
        before = person.name
        person.rename(name)
        changed += ["name", "search_key", "sort_key"]
        record("person.renamed", on=person, before=before, source=arrival.source)
    address = newcomers.valid_address(arrival)
    if address is not None and address != person.email and newcomers.free_address(arrival):
        person.email = address
        person.rename(person.name)
        changed += ["email", "search_key"]
        record("person.address_changed", on=person, source=arrival.source)
    if changed:
        person.save(update_fields=sorted(set(changed)))
        person_changed.send(sender=Person, person=person)


def confirm(request: HttpRequest, arrival: Arrival, onward: Onward) -> HttpResponse:
    """The person shows again that it is they, for a sensitive act."""
    person = accounts.person_of(arrival)
    if person is None or request.user != person or person.pk != onward.person:
        record("sign_in.not_confirmed", on=person, address=client_address(request), source=arrival.source)
        messages.error(request, _("Det var en anden, der loggede ind. Prøv igen som dig selv."))
        return HttpResponseRedirect(reverse("account_reauthenticate"))
    record_authentication(request, person, method=VOUCHED_FOR, provider=arrival.source, reauthenticated=True)
    person.confirmed_at = timezone.now()
    person.save(update_fields=["confirmed_at"])
    record("sign_in.confirmed", by=person, on=person, address=client_address(request), source=arrival.source)
    return HttpResponseRedirect(onward.path or reverse("account"))


def link(request: HttpRequest, arrival: Arrival, onward: Onward) -> HttpResponse:
    """The person adds this way in to their account, signed in to both."""
    owner = accounts.person_of(arrival)
    person = request.user if isinstance(request.user, Person) else None
    if person is None or person.pk != onward.person:
        messages.error(request, _("Du var ikke logget ind længere. Log ind, og prøv igen."))
        return HttpResponseRedirect(reverse("account_login"))
    if owner == person:
        messages.info(request, _("Den måde at logge ind på hører allerede til din konto."))
    elif owner is not None:
        record("sign_in.link_refused", by=person, on=owner, address=client_address(request))
        messages.error(request, _("Den måde at logge ind på hører til en anden konto."))
    else:
        accounts.connect(person, arrival, by=person, address=client_address(request))
        messages.success(request, _("Du kan nu også logge ind på den måde."))
    return HttpResponseRedirect(reverse("account"))


def _turn_away(
    request: HttpRequest, arrival: Arrival, organisation: Organisation, reason: str
) -> HttpResponse:
    record(
        "sign_in.refused",
        subject=organisation.name,
        address=client_address(request),
        reason=reason,
        source=arrival.source,
    )
    return turned_away(reason, organisation)
