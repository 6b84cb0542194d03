from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "samtale.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("samtale.audit.jobs")
