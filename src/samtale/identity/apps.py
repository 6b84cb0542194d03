from importlib import import_module

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "samtale.identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("samtale.identity.jobs")
        import_module("samtale.identity.receivers")
