"""The whole sign-in with a municipality, tried against the test identity provider's answers.

Everybody whom the provider knows and every answer that must be refused goes the way of a real one: our signed
request, the provider that checks it against our metadata, the form, our views, the database. Only for a
database that is thrown away afterwards, since it fills it with people.
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from samtale.audit.models import Entry
from samtale.communities import privileges
from samtale.communities.models import Community, JoinRule, Moderation
from samtale.identity.models import Organisation, Person
from samtale.lifecycle.grants import PRODUCT
from samtale.lifecycle.tried import SLUG, Case
from samtale.oiosaml import published
from samtale_testidp import evil, keys, people, sign_in
from samtale_testidp.people import Employee
from samtale_testidp.provider import Provider
from samtale_testidp.service_provider import Published
from samtale_testidp.sessions import Session
from samtale_testidp.sign_in import Asked, Form

#: Nothing listens there: what would be sent to it is handed over.
ADDRESS = "http://127.0.0.1:9"
REFUSED, KEPT_OUT, NOBODY, SIGNED_IN = "refused", "kept out", "nobody signed in", "signed in"
#: Who may moderate by privilege at once.
_APPROVED = people.AARHUS
_STATUSES = ("AuthnFailed", "RequestDenied", "NoPassive")


class NotForThis(Exception):
    """The database or the settings are not those of a self-test; the text says what is wrong."""


def run() -> Iterator[Case]:
    """Every case, one by one. Raises :class:`NotForThis`."""
    if set(settings.OIOSAML.providers) != {SLUG} or Person.objects.exists():
        raise NotForThis("the self-test fills the database: run it with `samtale fka selftest`")
    provider = _introduced(Path(settings.OIOSAML.providers[SLUG].metadata))
    _make_organisations()
    # Those who come in are first: some answers use one that was accepted before.
    for employee in people.EMPLOYEES:
        session = Session(employee)
        yield _tried(provider, employee.slug, _expected(employee), partial(Asked.person, session=session))
    for status in _STATUSES:
        yield _tried(provider, status, NOBODY, partial(Asked.nobody, status=status))
    for attack in evil.ATTACKS:
        yield _tried(provider, attack.slug, REFUSED, partial(Asked.attack, attack=attack))


def _introduced(metadata: Path) -> Provider:
    """A provider that has our metadata, and whose own are where the settings say."""
    ours = metadata.with_name("our-metadata.xml")
    ours.write_bytes(published.document())
    provider = Provider(ADDRESS, keys.make(datetime.now(UTC)), Published(ours.as_uri()))
    metadata.write_bytes(provider.metadata())
    return provider


def _make_organisations() -> None:
    """All take part but the one of which the provider says otherwise."""
    for employee in people.EMPLOYEES:
        organisation = employee.organisation
        state = Organisation.State.INVITED if organisation == people.FANOE else Organisation.State.JOINED
        Organisation.objects.get_or_create(
            cvr=organisation.cvr,
            defaults={"name": organisation.name, "short": organisation.name[:60], "state": state},
        )
    JoinRule.objects.create(
        when={"privilege": "moderator"}, give={"role": {"moderator": f"constraint.{PRODUCT}"}}
    )
    approved = Organisation.objects.get(cvr=_APPROVED.cvr)
    for slug in sorted({product for employee in people.EMPLOYEES for product in _products(employee)}):
        privileges.approve(approved, Community.objects.create(slug=slug, name=slug), by=None)


def _products(employee: Employee) -> list[str]:
    return [role.product for role in employee.roles if role.name == "moderator" and role.product]


def _expected(employee: Employee) -> str:
    if employee.refused:
        return REFUSED
    if employee.organisation == people.FANOE:
        return KEPT_OUT
    given = _products(employee) if employee.organisation == _APPROVED else []
    administrators = settings.CONFIG.fka.administrator_cvr
    is_administrator = employee.organisation.cvr in administrators and any(
        role.name == "administrator" for role in employee.roles
    )
    return _let_in(given, is_administrator=is_administrator)


def _let_in(products: list[str], *, is_administrator: bool) -> str:
    said = [f"moderates {slug}" for slug in products] + ["administrator"] * is_administrator
    return ", ".join([SIGNED_IN, *said])


def _tried(provider: Provider, name: str, expected: str, answer: Callable[[Asked], Form]) -> Case:
    """In a browser of its own, from an address of its own."""
    secure = settings.CONFIG.secure
    browser = Client(
        raise_request_exception=False,
        SERVER_NAME=settings.CONFIG.hostname,
        REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}",
    )
    leaving = browser.get(reverse("sign_in_with", args=[SLUG]), secure=secure)
    if leaving.status_code != HTTPStatus.FOUND or not leaving["Location"].startswith(provider.sso_url):
        return Case(name, expected, f"the sign-in did not begin: {leaving.status_code}")
    form = answer(sign_in.asked(provider, urlsplit(leaving["Location"]).query))
    fields = {"SAMLResponse": form.saml_response, "RelayState": form.relay_state or ""}
    before = Entry.objects.count()
    reply = browser.post(urlsplit(form.action).path, fields, secure=secure)
    if reply.status_code == HTTPStatus.SEE_OTHER:
        reply = browser.get(reply["Location"], secure=secure)
    return Case(name, expected, *_outcome(browser, reply.status_code, Entry.objects.count() - before))


def _outcome(browser: Client, status: int, entries: int) -> tuple[str, str]:
    """What came of it, and at which step when it was refused."""
    person = Person.objects.filter(pk=browser.session.get(SESSION_KEY, 0)).first()
    if person is not None:
        slugs = Moderation.objects.filter(person=person).values_list("community__slug", flat=True)
        return _let_in(sorted(slugs), is_administrator=person.is_administrator), ""
    said = Entry.objects.first() if entries else None
    act = said.act if said else ""
    if status == HTTPStatus.BAD_REQUEST and entries == 1 and act == "sign_in.answer_refused":
        return REFUSED, str(said.detail["step"]) if said else ""
    if act == "sign_in.refused":
        return KEPT_OUT, ""
    if status == HTTPStatus.FOUND and act == "sign_in.given_up":
        return NOBODY, ""
    return f"answer {status}, log: {act or 'nothing'}", ""
