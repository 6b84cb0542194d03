"""Making Synapse agree with what the portal knows of a person.

At sign-in user and device are made before any token is issued (:func:`ensure_device`). Everything else is one
idempotent act: the person's name and devices are what the portal says (:func:`make_match`), tried at once and
retried by the worker until Synapse has answered.
"""

import logging
import time
from functools import cache

from django.conf import settings
from django.db import transaction

from samtale.homeserver import mas
from samtale.homeserver.application_service import SENDER_LOCALPART
from samtale.homeserver.module import SetStanding
from samtale.homeserver.sender import HomeserverError, HomeserverRefused, HomeserverUnreachable, Sender
from samtale.identity.access import refusal
from samtale.matrixauth.models import Account, Session

log = logging.getLogger(__name__)

#: Seconds for one call. Somebody waits for the answer.
TIMEOUT = 5.0
#: Seconds for which nobody else waits for a Synapse that did not answer.
PAUSE = 5.0
_away_since = -PAUSE


@cache
def synapse() -> Sender:
    """The way to Synapse's `/_synapse/mas`, one for each process."""
    return Sender(settings.CONFIG.homeserver_url, settings.CONFIG.mas_secret, TIMEOUT, patience=1.0)


@cache
def as_samtale() -> Sender:
    """The way to Synapse as the portal's own account, one for each process."""
    return Sender(settings.CONFIG.homeserver_url, settings.CONFIG.as_token, TIMEOUT, patience=1.0)


def ensure_device(account: Account, device_id: str, name: str) -> None:
    """User and device exist in Synapse when this returns.

    The caller holds the account's row lock until the session is stored: otherwise :func:`make_match` could
    delete the new device in between.

    Raises:
        HomeserverError: Synapse cannot be reached, or refuses.
    """
    if not account.provisioned or account.dirty:
        _provision(account)
    device = mas.UpsertDevice(account.person.localpart, device_id, name)
    try:
        synapse().send(device)
    except HomeserverRefused as refused:
        if refused.status != 404:
            raise
        # Synapse lost the user, as after a restore of an older backup.
        _provision(account)
        synapse().send(device)


def make_match(person_id: int) -> bool:
    """Bring Synapse in line with one person, if it is not.

    Returns whether it is in line now. A failure is kept with the account and logged.
    """
    try:
        with transaction.atomic():
            account = (
                Account.objects.select_for_update(of=("self",))
                .select_related("person__organisation")
                .filter(person_id=person_id, dirty=True)
                .first()
            )
            if account is None:
                return True
            _provision(account)
            living = Session.objects.filter(person_id=person_id, ended_at=None)
            synapse().send(
                mas.SyncDevices(
                    account.person.localpart,
                    tuple(sorted(living.values_list("device_id", flat=True))),
                )
            )
            account.dirty, account.last_error = False, ""
            account.save(update_fields=["dirty", "last_error"])
    except HomeserverError as error:
        if isinstance(error, HomeserverUnreachable):
            _note_away()
        log.warning("Synapse is not in line with person %s: %s", person_id, error)
        Account.objects.filter(person_id=person_id).update(last_error=str(error)[:500])
        return False
    return True


def seems_away() -> bool:
    """Whether Synapse just did not answer this process."""
    return time.monotonic() - _away_since < PAUSE


def _note_away() -> None:
    global _away_since  # noqa: PLW0603 - one fact about the neighbour, for each process
    _away_since = time.monotonic()


def out_of_line() -> list[int]:
    """Ids of the people of whom Synapse still has to be told."""
    return list(Account.objects.filter(dirty=True).values_list("person_id", flat=True))


def _provision(account: Account) -> None:
    person = account.person
    synapse().send(
        mas.ProvisionUser(person.localpart, person.display_name, locked=refusal(person) == "locked")
    )
    # Rights in Synapse are given, never left over: until this is said, the person counts as a guest there.
    as_samtale().send(
        SetStanding(
            server_user=f"@{SENDER_LOCALPART}:{settings.CONFIG.server_name}",
            user_id=f"@{person.localpart}:{settings.CONFIG.server_name}",
            guest=person.role == person.Role.GUEST,
        )
    )
    account.provisioned, account.displayname = True, person.display_name
    account.save(update_fields=["provisioned", "displayname"])
