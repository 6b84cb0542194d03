"""The append-only log of acts on people and rights: who, what, on whom, when, from where."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act. Names are kept as they were, so that the entry outlives the people it names."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    act = models.CharField(max_length=64, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="audit_acts", db_constraint=False
    )
    by_name = models.CharField(max_length=255, blank=True)
    on = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="audit_entries",
        db_constraint=False,
    )
    on_name = models.CharField(max_length=255, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return (
            f"{self.at:%Y-%m-%d %H:%M} {self.by_name or 'samtale'}: {self.act} {self.on_name or self.subject}"
        )
