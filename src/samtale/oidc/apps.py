from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "samtale.oidc"
    default_auto_field = "django.db.models.BigAutoField"
