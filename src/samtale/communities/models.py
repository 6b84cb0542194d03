"""What should be: communities, channels, who is in them. A job makes Matrix agree with it."""

from django.conf import settings
from django.db import models

PERSON = settings.AUTH_USER_MODEL


class Community(models.Model):
    """One OS2 product's people and channels; a space in Matrix."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=300, blank=True)
    homepage = models.URLField(blank=True)
    hue = models.CharField(max_length=10)
    order = models.PositiveIntegerField(default=0)
    archived = models.BooleanField(default=False)
    space_id = models.CharField(max_length=255, null=True, unique=True)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """A room in a community's space."""

    class Kind(models.TextChoices):
        """As in the state ``dk.os2.channel``."""

        OPEN = "open"
        CLOSED = "closed"
        ANNOUNCEMENT = "announcement"

    community = models.ForeignKey(Community, models.CASCADE, related_name="channels")
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    default = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    order = models.PositiveIntegerField(default=0)
    topic_level = models.PositiveSmallIntegerField(default=0)
    room_id = models.CharField(max_length=255, null=True, unique=True)

    class Meta:
        ordering = ["order", "slug"]
        constraints = [models.UniqueConstraint(fields=["community", "slug"], name="channel_slug_unique")]

    def __str__(self) -> str:
        return f"{self.community.slug}/{self.slug}"

    @property
    def in_archive(self) -> bool:
        """Closed for new messages: itself, or with its whole community."""
        return self.archived or self.community.archived


class Membership(models.Model):
    """A person is in a community, or was and left: who left is not brought back by a rule."""

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="memberships")
    community = models.ForeignKey(Community, models.CASCADE, related_name="memberships")
    since = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "community"], name="membership_unique")]


class ChannelMembership(models.Model):
    """A person may be in a channel that is not open to them: closed ones, and every one for a guest."""

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="channel_memberships")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="memberships")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "channel"], name="channel_membership_unique")
        ]


class Moderation(models.Model):
    """A person moderates a community, once for each reason."""

    class Source(models.TextChoices):
        FILE = "file"
        PRIVILEGE = "privilege"
        PERSON = "person"

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="moderations")
    community = models.ForeignKey(Community, models.CASCADE, related_name="moderations")
    source = models.CharField(max_length=16, choices=Source.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "community", "source"], name="moderation_unique")
        ]


class PrivilegeApproval(models.Model):
    """The privilege »moderator« of one organisation counts for one community.

    Administrators of 98 municipalities hand privileges out, so a community's own moderators say whose count.
    """

    cvr = models.CharField(max_length=8)
    community = models.ForeignKey(Community, models.CASCADE, related_name="approvals")
    by = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cvr", "community"], name="privilege_approval_unique")]


class PrivilegeRequest(models.Model):
    """Somebody's sign-in says that they moderate a community, and nobody approved their organisation yet."""

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="privilege_requests")
    community = models.ForeignKey(Community, models.CASCADE, related_name="privilege_requests")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "community"], name="privilege_request_unique")
        ]


class Appointment(models.Model):
    """An address in the file that points to a moderator. It is resolved once and then stands for that person.

    ``resolved_at`` None: nobody had the address when it was read; open until an administrator confirms it.
    A later person with the same address inherits nothing.
    """

    email = models.EmailField()
    community = models.ForeignKey(Community, models.CASCADE, related_name="appointments")
    person = models.ForeignKey(PERSON, models.SET_NULL, null=True, related_name="appointments")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "community"], name="appointment_unique")]


class JoinRule(models.Model):
    """Who gets what without anybody lifting a finger; ``when`` and ``give`` as in the file."""

    order = models.PositiveIntegerField(default=0)
    when = models.JSONField(default=dict)
    give = models.JSONField(default=dict)

    class Meta:
        ordering = ["order"]
