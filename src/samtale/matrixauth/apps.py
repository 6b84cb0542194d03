from django.apps import AppConfig


class MatrixAuthConfig(AppConfig):
    name = "samtale.matrixauth"
    default_auto_field = "django.db.models.BigAutoField"
