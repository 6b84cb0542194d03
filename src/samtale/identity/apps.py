from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "samtale.identity"
    default_auto_field = "django.db.models.BigAutoField"
