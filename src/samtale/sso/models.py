"""Services, sign-ins to them, consents and signing keys. Codes and tokens are rows of allauth's `Token`."""

import hashlib
import uuid

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare

from samtale.portal_configuration import ServiceConfig


def new_sid() -> str:
    return uuid.uuid4().hex


class Service(Client):  # type: ignore[misc]
    """A client of ours. What allauth asks of it is in the row, what only we ask in the configuration."""

    class Meta:
        proxy = True

    @property
    def config(self) -> ServiceConfig:
        found: ServiceConfig = settings.CONFIG.sso[self.pk]
        return found

    def check_secret(self, secret: str) -> bool:
        """allauth's is slow, for secrets that people choose; `stack.services` takes none of those."""
        if self.type != Client.Type.CONFIDENTIAL:
            return False
        return constant_time_compare(hashlib.sha256(secret.encode()).hexdigest(), self.secret)


class Session(models.Model):
    """A person is signed in to a service, from one browser. What the service got ends with it."""

    #: What the service knows it by (OpenID Connect Back-Channel Logout 1.0, section 2.1).
    sid = models.CharField(max_length=32, unique=True, default=new_sid)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sso_sessions")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    #: The portal session it was born from.
    portal_session_key = models.CharField(max_length=40, db_index=True)
    #: When the person last showed who they are, before the service asked.
    authenticated_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    #: When the service first got tokens; None: it never came for them.
    started_at = models.DateTimeField(null=True)
    #: When the portal session runs out by itself. No token lives longer.
    runs_out_at = models.DateTimeField()
    #: When it was ended, and the service was told.
    ended_at = models.DateTimeField(null=True)
    #: Hash of the refresh token that was spent last, so that its replay is seen as one.
    spent_refresh_token = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal_session_key", "service", "person"],
                condition=models.Q(ended_at=None),
                name="sso_session_one_per_browser",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.service_id}"


class Consent(models.Model):
    """A person agreed once that a service learns this about them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    scopes = models.JSONField(default=list)
    given_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "service"], name="sso_consent_once_per_service")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.service_id}"


class SigningKey(models.Model):
    """A private RSA key, published as soon as it is made: services know it before it signs."""

    #: PEM, sealed with `identity.secrets_at_rest`.
    sealed = models.TextField()
    made_at = models.DateTimeField()
    signs_from = models.DateTimeField()
    #: None as long as no successor is made.
    published_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["signs_from"]

    def __str__(self) -> str:
        return f"signs from {self.signs_from:%Y-%m-%d}"
