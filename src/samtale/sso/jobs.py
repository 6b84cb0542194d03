"""What the worker does for other services: tell them of a sign-out, rotate the keys, throw old rows away."""

import logging
from datetime import UTC, datetime, timedelta

import httpx
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from samtale.sso import access, keys, signed
from samtale.sso.models import Service, Session

log = logging.getLogger(__name__)

#: How long after the portal session a service is still told of a lock: its own session may live on.
REMEMBER = timedelta(days=90)
#: How long a service may think about a sign-out, in seconds.
PATIENCE = 10.0


class LogoutNotTaken(Exception):
    """A service did not take a logout token; the text names the service and its answer, never the token."""


def tell(session: Session) -> None:
    """Have the service told, when it can be. In the caller's transaction."""
    service = access.find(session.service_id)
    if service is not None and service.config.backchannel_logout_uri:
        send_logout.defer(session_id=session.pk)


# Nine attempts within three hours: a service that is being upgraded is back by then.
@app.task(name="sso.send_logout", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def send_logout(*, session_id: int) -> None:
    """Tell a service that a session ended (OpenID Connect Back-Channel Logout 1.0, section 2.5).

    Raises:
        LogoutNotTaken: it could not be reached, or did not say that it did so.
    """
    session = Session.objects.select_related("person").filter(pk=session_id).first()
    service = access.find(session.service_id) if session is not None else None
    if session is None or service is None or not service.config.backchannel_logout_uri:
        return
    try:
        answer = httpx.post(
            service.config.backchannel_logout_uri,
            data={"logout_token": signed.logout_token(session, timezone.now())},
            timeout=PATIENCE,
            follow_redirects=False,
        )
    except httpx.HTTPError as error:
        raise _not_taken(service, type(error).__name__) from None
    if answer.status_code not in (200, 204):
        raise _not_taken(service, f"HTTP {answer.status_code}")


def _not_taken(service: Service, why: str) -> LogoutNotTaken:
    """Said in the log too: a job that will be tried again says nothing by itself."""
    failure = LogoutNotTaken(f"{service.pk}: {why}")
    log.warning("a sign-out was not taken by %s", failure)
    return failure


@app.periodic(cron="23 3 * * *")
@app.task(name="sso.rotate_keys", queueing_lock="sso.rotate_keys")
def rotate_keys(timestamp: int) -> bool:
    """Every night, when there is a service to sign for. Returns whether a key was made."""
    return bool(settings.CONFIG.sso) and keys.rotate(datetime.fromtimestamp(timestamp, tz=UTC)).made


@app.periodic(cron="37 * * * *")
@app.task(name="sso.forget", queueing_lock="sso.forget")
def forget(timestamp: int) -> None:
    """Every hour: codes and tokens that ran out, sessions nobody asks about any more."""
    now = datetime.fromtimestamp(timestamp, tz=UTC)
    Token.objects.filter(expires_at__lt=now).delete()
    over = Q(runs_out_at__lt=now - REMEMBER) | Q(started_at=None, runs_out_at__lt=now)
    Session.objects.filter(over).delete()
