"""What the worker does for people who come and go."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from procrastinate.contrib.django import app

from samtale.identity.jobs import RETRY, send_now
from samtale.lifecycle import claiming, endings
from samtale.lifecycle.models import Claim
from samtale.oidc import pending
from samtale.oiosaml import cleanup, known_metadata


@app.task(name="lifecycle.send_claim", retry=RETRY)
def send_claim(*, claim_id: int) -> None:
    """Mail the link that joins an account with somebody's sign-in; made here, to be in the mail only."""
    claim = Claim.objects.filter(pk=claim_id).select_related("person__organisation").first()
    if claim is None or not claim.person.email:
        return
    context = {
        "person": claim.person,
        "url": claiming.new_link(claim),
        "minutes": int(claiming.LIFETIME.total_seconds()) // 60,
    }
    with override(claim.person.language):
        subject = render_to_string("lifecycle/mail/claim_subject.txt", context).strip()
        text = render_to_string("lifecycle/mail/claim.txt", context)
    send_now(claim.person.email, subject, text)


@app.periodic(cron="*/5 * * * *")
@app.task(name="lifecycle.forget_old", queueing_lock="lifecycle.forget_old")
def forget_old(timestamp: int) -> int:
    """Every five minutes: what waited for an answer that never came. Returns how many rows."""
    now = datetime.fromtimestamp(timestamp, tz=UTC)
    session_age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return sum(
        (
            cleanup.forget_old(now, session_age=session_age),
            pending.forget_old(now),
            claiming.forget_old(),
        )
    )


@app.periodic(cron="7 * * * *")
@app.task(name="lifecycle.refresh_metadata", queueing_lock="lifecycle.refresh_metadata")
def refresh_metadata(timestamp: int) -> int:
    """Every hour: the newest metadata of each provider. Returns how many cannot be had or used."""
    bad = sum(1 for problem in known_metadata.refresh_all().values() if problem)
    endings.note(datetime.fromtimestamp(timestamp, tz=UTC))
    return bad


@app.periodic(cron="37 5 * * *")
@app.task(name="lifecycle.warn_of_endings", queueing_lock="lifecycle.warn_of_endings")
def warn_of_endings(timestamp: int) -> int:
    """Every day: what runs out in 60, 30 or 7 days. Returns how many warnings there were."""
    return endings.warn(datetime.fromtimestamp(timestamp, tz=UTC))
