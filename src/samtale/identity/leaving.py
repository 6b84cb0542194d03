"""Where a browser goes that signs out."""

import json

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from samtale.identity.signals import leaving

#: Seconds until somebody who signs out must be back from whoever else had to hear of it.
PATIENCE = 600
_COOKIE = "samtale_videre"
_SALT = "samtale.identity.leaving"


def first_stop(*session_keys: str | None) -> str:
    """»Du er logget ud«, by way of whoever else must hear of it. ``session_keys``: of what ends now."""
    for key in {key for key in session_keys if key}:
        for _, path in leaving.send(sender=Session, session_key=key):
            if path:
                return str(path)
    return reverse("signed_out")


def go_on_to(response: HttpResponse, name: str, uri: str) -> None:
    """Let »Du er logget ud« lead on to whoever asked for it. ``uri``: of its own, already checked."""
    response.set_signed_cookie(
        _COOKIE,
        json.dumps([name, uri]),
        salt=_SALT,
        max_age=PATIENCE,
        path=reverse("signed_out"),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def onward(request: HttpRequest) -> tuple[str, str] | None:
    """Its name and where to, when somebody asked for it a short while ago in this browser."""
    kept = request.get_signed_cookie(_COOKIE, default=None, salt=_SALT, max_age=PATIENCE)
    if kept is None:
        return None
    name, uri = json.loads(kept)
    return name, uri


def forget(response: HttpResponse) -> None:
    """It leads on once."""
    response.delete_cookie(_COOKIE, path=reverse("signed_out"))
