from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "samtale.communities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samtale.communities import receivers  # noqa: F401, PLC0415 - connects them
