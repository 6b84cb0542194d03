from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MatrixAuthConfig(AppConfig):
    name = "samtale.matrixauth"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samtale.matrixauth import signals, web_client  # noqa: F401, PLC0415 - need the models

        post_migrate.connect(web_client.ensure, sender=self)
