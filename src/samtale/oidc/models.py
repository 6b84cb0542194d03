"""What must be remembered while somebody is at their provider."""

from django.db import models
from django.utils import timezone


class PendingSignIn(models.Model):
    """A request of ours that waits for its answer, which is taken once.

    ``state``: the hash of what names it. ``nonce``: the hash of the browser's cookie, so that it ties the ID
    token to the request and the request to the browser. ``verifier``: of PKCE. ``forced``: the person must
    have signed in anew.
    """

    state = models.CharField(max_length=64, primary_key=True)
    provider = models.CharField(max_length=40)
    nonce = models.CharField(max_length=64)
    verifier = models.CharField(max_length=64)
    forced = models.BooleanField()
    onward = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
