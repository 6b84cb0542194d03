"""Opening and ending sessions. Each ends in Synapse too: at once when it answers, else by the worker."""

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from samtale.audit import log as audit
from samtale.identity.access import refusal
from samtale.matrixauth import provisioning
from samtale.matrixauth.models import (
    AccessToken,
    Account,
    Application,
    Consent,
    RefreshToken,
    Session,
    device_name,
)

if TYPE_CHECKING:
    from samtale.identity.models import Person


class MayNotSignIn(Exception):
    """The person was locked, or their organisation left, between asking and getting."""


def open_session(
    person: "Person",
    application: Application,
    *,
    device_id: str,
    scope: str,
    portal_session_key: str,
    browser: str = "",
) -> Session:
    """Start the session of a device; an earlier one of the same device ends. The device is in Synapse after.

    Must run in the transaction that also stores the tokens.

    Raises:
        HomeserverError: Synapse cannot be reached, or refuses. Nothing is stored.
        MayNotSignIn: the person may not be here any longer.
    """
    account = _locked_account(person)
    # Read again behind the lock: whoever locks a person takes it too, before or after us.
    person = account.person
    if refusal(person) is not None:
        raise MayNotSignIn
    provisioning.ensure_device(account, device_id, device_name(application, browser))
    for earlier in Session.objects.filter(person=person, device_id=device_id, ended_at=None):
        _end_tokens(earlier)
    audit.record("matrix.session_started", by=person, on=person, subject=device_id, client=str(application))
    return Session.objects.create(
        person=person,
        application=application,
        device_id=device_id,
        scope=scope,
        portal_session_key=portal_session_key,
        browser=browser,
    )


def end_session(session: Session, *, by: "Person | None" = None, reason: str = "signed_out") -> None:
    """End one device: its tokens now, the device in Synapse right after.

    Args:
        by: who ended it; None when a rule did.
        reason: `signed_out`, `logged_out_elsewhere`, `revoked`, `not_confirmed`, `token_replayed`,
            `code_replayed`.
    """
    with transaction.atomic():
        account = _locked_account(session.person)
        if _end_tokens(session):
            audit.record(
                "matrix.session_ended",
                by=by,
                on=session.person,
                subject=session.device_id,
                client=session.name,
                reason=reason,
            )
            _tell_synapse(account)


def end_devices_of(portal_session_key: str, *, reason: str) -> int:
    """End the devices that were born from one portal session. Returns how many."""
    born = Session.objects.filter(portal_session_key=portal_session_key, ended_at=None)
    devices = list(born.select_related("person", "application"))
    for session in devices:
        end_session(session, reason=reason)
    return len(devices)


def end_all_sessions(
    person: "Person", *, by: "Person | None" = None, reason: str = "locked", but_of: str = ""
) -> int:
    """End every device of a person. Returns how many.

    Args:
        by: who ended them; None when a rule did.
        reason: `locked`, `rests`, `password_changed`, `password_reset`.
        but_of: key of the portal session whose devices stay.
    """
    with transaction.atomic():
        account = _locked_account(person)
        ending = Session.objects.filter(person=person, ended_at=None)
        living = list(ending.exclude(portal_session_key=but_of) if but_of else ending)
        for session in living:
            _end_tokens(session)
        if living:
            audit.record(
                "matrix.sessions_ended",
                by=by,
                on=person,
                devices=[session.device_id for session in living],
                reason=reason,
            )
        if account.provisioned:
            _tell_synapse(account)
    return len(living)


def remember_consent(person: "Person", application: Application, *, address: str | None) -> None:
    """The person let a client in: it is not asked about again."""
    with transaction.atomic():
        _, first = Consent.objects.update_or_create(person=person, application=application)
        if first:
            audit.record(
                "matrix.consent_given", by=person, on=person, subject=str(application), address=address
            )


def follow_session_key(person: "Person", *, old: str, new: str) -> None:
    """The portal session goes on under another key: its devices are still its own."""
    if old and new:
        Session.objects.filter(person=person, portal_session_key=old).update(portal_session_key=new)


def make_account(person: "Person") -> None:
    """Synapse knows the person before their first device does, so that they can be put into rooms."""
    with transaction.atomic():
        account = _locked_account(person)
        if not account.provisioned:
            _tell_synapse(account)


def follow_name(person: "Person") -> None:
    """Tell Synapse the person's name when it shows another. Nothing happens for someone it does not know."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(person=person, provisioned=True).first()
        if account is not None and account.displayname != person.display_name:
            _tell_synapse(account)


def welcome_back(person: "Person") -> None:
    """Synapse lists the person in its directory again."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(person=person, provisioned=True).first()
        if account is not None:
            _tell_synapse(account)


def _locked_account(person: "Person") -> Account:
    """The row everything about a person's devices is serialised on.

    Locked first, sessions after: the same order everywhere, so two ends of one session cannot deadlock.
    """
    Account.objects.get_or_create(person=person)
    return (
        Account.objects.select_for_update(of=("self",))
        .select_related("person__organisation")
        .get(person=person)
    )


def _end_tokens(session: Session) -> bool:
    """True when it was this call that ended it."""
    now = timezone.now()
    if not Session.objects.filter(pk=session.pk, ended_at=None).update(ended_at=now):
        return False
    session.ended_at = now
    RefreshToken.objects.filter(session=session, revoked=None).update(revoked=now)
    AccessToken.objects.filter(session=session).delete()
    return True


def _tell_synapse(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(dirty=True)
    transaction.on_commit(partial(_try_now_else_later, account.person_id))


def _try_now_else_later(person_id: int) -> None:
    """At once, unless Synapse was away a moment ago: locking a whole organisation must not wait for each."""
    if provisioning.seems_away() or not provisioning.make_match(person_id):
        from samtale.matrixauth import jobs  # noqa: PLC0415 - jobs imports us

        jobs.enqueue_match(person_id)
