"""What other parts tell."""

from typing import Any

from allauth.account.signals import password_changed, password_set
from django.dispatch import receiver
from django.http import HttpRequest

from samtale.audit.log import record
from samtale.identity import sessions
from samtale.identity.addresses import client_address
from samtale.identity.signals import leaving
from samtale.lifecycle import departure, trials
from samtale.lifecycle.onward import Onward
from samtale.lifecycle.trials import Outcome
from samtale.matrixauth import actions
from samtale.oiosaml import sessions as provider_sessions
from samtale.oiosaml import signals


@receiver(signals.refused)
def on_refused(
    *, request: HttpRequest, provider: str, step: str, reason: str, reference: str, onward: str, **_: Any
) -> None:
    """The reason is here, and told to who tries the way in; the person's page has the reference."""
    record(
        "sign_in.answer_refused",
        subject=provider,
        address=client_address(request),
        step=step,
        reason=reason,
        reference=reference,
    )
    wanted = Onward.from_text(onward) if onward else None
    if wanted is not None and wanted.purpose == "trial":
        trials.tell(wanted, Outcome("refused", (f"refused at the step {step}: {reason}",)))


@receiver(signals.session_ended)
def on_provider_logout(request: HttpRequest, provider: str, session_key: str, **_: Any) -> None:
    """Logged out at the municipality: this session and the devices that were born from it, no others."""
    ended = actions.end_devices_of(session_key, reason="logged_out_elsewhere")
    sessions.end(session_key)
    record("sign_out.by_provider", subject=provider, address=client_address(request), devices=ended)


@receiver([password_changed, password_set])
def on_new_password(request: HttpRequest, **_: Any) -> None:
    """This browser's session has just been given a new key, by which a logout from outside must find it."""
    if new := request.session.session_key:
        provider_sessions.follow(old=sessions.key_sent(request), new=new)


@receiver(leaving)
def on_leaving(session_key: str, **_: Any) -> str | None:
    """Whose session began at an authority logs out there too."""
    return departure.for_good(session_key)
