"""What allauth tells about ways to sign in goes to the audit log."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from samtale.audit.log import record
from samtale.identity import sessions as portal_sessions
from samtale.identity.addresses import client_address
from samtale.identity.models import Person


def _record(act: str, request: HttpRequest, person: Person, *, sessions: int = 0, kind: str = "") -> None:
    by = request.user if isinstance(request.user, Person) else person
    detail: dict[str, Any] = {"kind": kind} if kind else {"sessions": sessions}
    record(act, by=by, on=person, address=client_address(request), **detail)


@receiver(password_changed)
@receiver(password_set)
def on_password_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    ended = portal_sessions.end_all(user, but=request.session.session_key)
    _record("sign_in.password_changed", request, user, sessions=ended)


@receiver(password_reset)
def on_password_reset(request: HttpRequest, user: Person, **_: Any) -> None:
    """Whoever had the old password may be signed in somewhere, so every session ends."""
    _record("sign_in.password_reset", request, user, sessions=portal_sessions.end_all(user))


@receiver(authenticator_added)
@receiver(authenticator_reset)
def on_authenticator_added(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    _record("sign_in.factor_added", request, user, kind=str(authenticator.type))


@receiver(authenticator_removed)
def on_authenticator_removed(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    _record("sign_in.factor_removed", request, user, kind=str(authenticator.type))


@receiver(user_logged_out)
def on_signed_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        record("sign_out", by=user, on=user, address=client_address(request))
