"""What waits for a mail to be opened, and what was warned about."""

from django.conf import settings
from django.db import models


class Claim(models.Model):
    """A first sign-in that carries the address of an account nobody has used: a link went to the address.

    It joins the two when it is opened in the same browser session. Only hashes of both secrets are here;
    ``arrival`` is what the way in said.
    """

    #: None until the mail is written: the link is in the mail only.
    token = models.CharField(max_length=64, unique=True, null=True)
    browser = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    arrival = models.JSONField()
    onward = models.TextField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)


class EndWarning(models.Model):
    """Somebody was told that something runs out in so many days (`oiosaml.endings.Ending`)."""

    kind = models.CharField(max_length=16)
    provider = models.CharField(max_length=40, blank=True)
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "provider", "days"], name="end_warning_once")]
