from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "samtale.communities"
    default_auto_field = "django.db.models.BigAutoField"
