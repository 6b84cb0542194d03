"""What the worker does for the sign-in: retry towards Synapse, end what is over, throw old rows away."""

from contextlib import suppress
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from samtale.identity.jobs import write_to
from samtale.matrixauth import actions, provisioning
from samtale.matrixauth.issuer import WEB_CLIENT_ID
from samtale.matrixauth.models import (
    AccessToken,
    Application,
    Consent,
    Grant,
    RefreshToken,
    Session,
    device_lifetime,
    notice,
)

#: How long a spent refresh token is remembered, so that its replay is seen as one.
REMEMBER_SPENT = timedelta(days=7)
#: How long ended sessions stay, for whoever asks what happened.
REMEMBER_ENDED = timedelta(days=180)
#: Anybody may register a client; one that nobody signed in to is gone after this long.
REMEMBER_UNUSED = timedelta(days=30)


class StillOutOfLine(Exception):
    """Synapse could not be told; the job is tried again."""


# After a minute of trying, make_all_match goes on.
@app.task(name="matrixauth.make_match", retry=RetryStrategy(max_attempts=5, exponential_wait=2))
def make_match(person_id: int) -> None:
    if not provisioning.make_match(person_id):
        raise StillOutOfLine(f"person {person_id}")


def enqueue_match(person_id: int) -> None:
    """Try again soon. One job for each person is enough."""
    with suppress(AlreadyEnqueued):
        make_match.configure(queueing_lock=f"matrixauth.make_match.{person_id}").defer(person_id=person_id)


@app.periodic(cron="* * * * *")
@app.task(name="matrixauth.make_all_match", queueing_lock="matrixauth.make_all_match")
def make_all_match(timestamp: int) -> None:  # noqa: ARG001 - what periodic jobs are called with
    """The net under :func:`make_match`: whatever happened to its jobs, a dirty bit is worked off."""
    for person_id in provisioning.out_of_line():
        provisioning.make_match(person_id)
        if provisioning.seems_away():
            break


@app.periodic(cron="17 * * * *")
@app.task(name="matrixauth.housekeeping", queueing_lock="matrixauth.housekeeping")
def housekeeping(timestamp: int) -> None:  # noqa: ARG001 - as above
    end_unconfirmed_devices()
    tell_of_devices_that_end_soon()
    forget_old_rows()


def end_unconfirmed_devices() -> int:
    """End the devices whose person was not confirmed for too long. Returns how many."""
    ended = 0
    for session in _not_confirmed_for(device_lifetime()):
        actions.end_session(session, reason="not_confirmed")
        ended += 1
    return ended


def tell_of_devices_that_end_soon() -> int:
    """Mail each person once before their apps sign out. Returns how many mails.

    Whoever signs in again keeps the devices, and is told anew before the next end. Our own client needs none:
    it renews by itself, or asks.
    """
    told = 0
    ending = (
        _not_confirmed_for(device_lifetime() - notice())
        .exclude(application__client_id=WEB_CLIENT_ID)
        .filter(Q(noticed_at=None) | Q(noticed_at__lt=F("confirmed") + device_lifetime() - notice()))
    )
    for _, of_one in groupby(ending.order_by("person_id", "pk"), key=lambda session: session.person_id):
        devices = list(of_one)
        with transaction.atomic():
            Session.objects.filter(pk__in=[device.pk for device in devices]).update(noticed_at=timezone.now())
            _mail_that_they_end(devices)
        told += 1
    return told


def _mail_that_they_end(devices: list[Session]) -> None:
    person = devices[0].person
    context = {
        "person": person,
        "devices": devices,
        "day": min(device.last_day for device in devices),
        "url": settings.CONFIG.public_url + reverse("account_login"),
    }
    with override(person.language):
        subject = render_to_string("matrixauth/mail/ends_soon_subject.txt", context).strip()
        text = render_to_string("matrixauth/mail/ends_soon.txt", context)
    write_to(person, subject, text)


def _not_confirmed_for(time: timedelta) -> QuerySet[Session]:
    """The living devices of people who were not confirmed for longer than that."""
    return (
        Session.objects.filter(ended_at=None)
        .annotate(confirmed=Coalesce(F("person__confirmed_at"), F("created_at")))
        .filter(confirmed__lt=timezone.now() - time)
        .select_related("person", "application")
    )


def forget_old_rows() -> None:
    """django-oauth-toolkit's own clean-up keeps each spent refresh token for its whole lifetime."""
    now = timezone.now()
    Grant.objects.filter(expires__lt=now).delete()
    RefreshToken.objects.filter(revoked__lt=now - REMEMBER_SPENT).delete()
    AccessToken.objects.filter(expires__lt=now, refresh_token=None).delete()
    Session.objects.filter(ended_at__lt=now - REMEMBER_ENDED).delete()
    used_by = OuterRef("pk")
    Application.objects.filter(
        ~Exists(Session.objects.filter(application=used_by)),
        ~Exists(Grant.objects.filter(application=used_by)),
        ~Exists(Consent.objects.filter(application=used_by)),
        digest__isnull=False,
        created__lt=now - REMEMBER_UNUSED,
    ).delete()
