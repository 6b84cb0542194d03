"""What the loader has done, and the links that sign somebody in."""

from django.conf import settings
from django.db import models


class Sent(models.Model):
    """An event of the demo's conversations that is in Matrix: the loader goes on after it.

    ``key``: where it stands in the material, e.g. ``os2display/support/3/m5``.
    """

    key = models.CharField(max_length=200, unique=True)
    event_id = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.key


class Load(models.Model):
    """One row: the moment the demo calls today, and how far the loader is."""

    today = models.DateTimeField()
    first_done_at = models.DateTimeField(null=True)
    all_done_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)


class SignInLink(models.Model):
    """Signs one of the demo's people in, once. ``token_hash``: SHA-256, hexadecimal."""

    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
