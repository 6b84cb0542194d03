from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SsoConfig(AppConfig):
    name = "samtale.sso"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samtale.sso import jobs, receivers, registered  # noqa: F401, PLC0415 - need the models

        post_migrate.connect(registered.ensure, sender=self)
