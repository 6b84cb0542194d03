"""Clients, sessions and tokens. The six models of django-oauth-toolkit are swapped for ours."""

import hashlib
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils import timezone
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
    ApplicationManager,
)


def device_lifetime() -> timedelta:
    """A device lives this long after its person was last confirmed by whoever vouches for them."""
    return timedelta(days=settings.CONFIG.device_days)


def notice() -> timedelta:
    """A device's person is told this long before it ends: a week, or half of a shorter life."""
    return min(timedelta(days=7), device_lifetime() / 2)


def checksum(token: str) -> str:
    """What is stored of a token: the token itself is not."""
    return hashlib.sha256(token.encode()).hexdigest()


class Application(AbstractApplication):  # type: ignore[misc]
    """A client: our own, or one that registered itself. All are public: no client has a secret."""

    class Type(models.TextChoices):
        WEB = "web"
        NATIVE = "native"

    application_type = models.CharField(max_length=8, choices=Type.choices, default=Type.WEB)
    client_uri = models.URLField(max_length=500, blank=True)
    logo_uri = models.URLField(max_length=500, blank=True)
    tos_uri = models.URLField(max_length=500, blank=True)
    policy_uri = models.URLField(max_length=500, blank=True)
    #: Of the metadata, so that the same registration finds the same client. None for our own.
    digest = models.CharField(max_length=64, null=True, unique=True)

    objects = ApplicationManager()

    def get_allowed_schemes(self) -> set[str]:
        return {urlsplit(uri).scheme for uri in self.redirect_uris.split()}


def device_name(application: Application, browser: str) -> str:
    """»OS2samtale (Firefox, Windows)«; of an app that is no page, only the system: »Element X (Android)«."""
    where = browser
    if application.application_type == Application.Type.NATIVE:
        where = browser.rpartition(", ")[2]
    return f"{application} ({where})" if where else str(application)


class Account(models.Model):
    """What Synapse knows of a person. `dirty` is an outbox of one bit: Synapse must be brought in line."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="matrix")
    provisioned = models.BooleanField(default=False)
    #: The display name Synapse was last told.
    displayname = models.CharField(max_length=255, blank=True)
    dirty = models.BooleanField(default=False, db_index=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.person} ({'dirty' if self.dirty else 'in line'})"


class Session(models.Model):
    """One sign-in of one client: one Matrix device."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    application = models.ForeignKey(Application, models.CASCADE)
    device_id = models.CharField(max_length=255)
    #: As the client spelled it.
    scope = models.TextField()
    #: The portal session it was born from, so that signing out of our client can end both.
    portal_session_key = models.CharField(max_length=40, blank=True, db_index=True)
    #: »Firefox, Windows«: the browser in which the person signed in.
    browser = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_active = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    #: When the person was last told that the device ends soon.
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "device_id"],
                condition=models.Q(ended_at=None),
                name="session_one_per_living_device",
            )
        ]
        indexes = [models.Index(fields=["ended_at"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.device_id}"

    @property
    def name(self) -> str:
        """The device's name in Matrix: what it runs, and where."""
        return device_name(self.application, self.browser)

    @property
    def last_day(self) -> datetime:
        """When the device ends unless its person is confirmed again."""
        return (self.person.confirmed_at or self.created_at) + device_lifetime()


class AccessToken(AbstractAccessToken):  # type: ignore[misc]
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    #: Presented at least once: whoever it was meant for did receive it.
    used = models.BooleanField(default=False)


class RefreshToken(AbstractRefreshToken):  # type: ignore[misc]
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    #: Set when this one was spent. Revoked without a successor means it was withdrawn, not spent.
    successor = models.OneToOneField("self", models.SET_NULL, null=True, related_name="predecessor")

    class Meta(AbstractRefreshToken.Meta):  # type: ignore[misc]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_checksum"], name="refresh_token_unique")
        ]


class Grant(AbstractGrant):  # type: ignore[misc]
    """An authorization code. Kept until it expires, so that a replay is seen for what it is."""

    portal_session_key = models.CharField(max_length=40, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    #: Compare-and-swap: of several exchanges of the same code one wins.
    claimed_at = models.DateTimeField(null=True)
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="+")


class Consent(models.Model):
    """A person let a client in once; it is not asked again unless the client wants it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    application = models.ForeignKey(Application, models.CASCADE)
    given_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "application"], name="consent_once_per_client")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.application}"


class IDToken(AbstractIDToken):  # type: ignore[misc]
    """Unused: OpenID Connect for other services is another app's. django-oauth-toolkit wants all six."""


class DeviceGrant(AbstractDeviceGrant):  # type: ignore[misc]
    """Unused until signing in by a code on another device is offered."""
