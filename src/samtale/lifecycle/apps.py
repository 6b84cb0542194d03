from importlib import import_module

from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "samtale.lifecycle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("samtale.lifecycle.jobs")
        import_module("samtale.lifecycle.receivers")
