from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "samtale.portal"
