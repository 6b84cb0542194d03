"""Where a browser goes that signs out."""

from django.contrib.sessions.models import Session
from django.urls import reverse

from samtale.identity.signals import leaving


def first_stop(*session_keys: str | None) -> str:
    """»Du er logget ud«, by way of whoever else must hear of it. ``session_keys``: of what ends now."""
    for key in {key for key in session_keys if key}:
        for _, path in leaving.send(sender=Session, session_key=key):
            if path:
                return str(path)
    return reverse("signed_out")
