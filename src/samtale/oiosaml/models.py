"""What must be remembered between two requests. All of it is thrown away when its time is over."""

from django.db import models
from django.utils import timezone


class PendingRequest(models.Model):
    """A request of ours that waits for its answer, or an answer that waits for its browser.

    RelayState names it and a cookie binds it to the browser; only their hashes are here. ``content``: of a
    sign-in what the verified answer said (`principal.Principal.to_json`, or ``{"status": …}``), for the
    seconds until the browser comes back with the cookies that a cross-site POST does not carry; of a logout
    whom it is about.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in"
        LOGOUT = "logout"

    relay_state = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    provider = models.CharField(max_length=40)
    message_id = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)
    onward = models.TextField(blank=True)
    content = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)


class UsedAssertion(models.Model):
    """An assertion is accepted once; after ``until`` it would be refused for its age."""

    provider = models.CharField(max_length=40)
    assertion = models.CharField(max_length=64)  # SHA-256 of its id, which may be of any length
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "assertion"], name="oiosaml_used_once")]


class ProviderSession(models.Model):
    """A session of this site that a provider's answer began, and by which name the provider knows it."""

    session_key = models.CharField(max_length=40, primary_key=True)
    provider = models.CharField(max_length=40)
    name_id = models.CharField(max_length=512)
    name_id_format = models.CharField(max_length=120, null=True)
    session_index = models.TextField(null=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["provider", "name_id"], name="oiosaml_session_subject")]


class StoredMetadata(models.Model):
    """The newest metadata of a provider that could be used. ``problem``: what was wrong at the last try."""

    provider = models.CharField(max_length=40, primary_key=True)
    document = models.BinaryField()
    fetched_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField()
    problem = models.TextField(blank=True)
