"""The service provider as a Django app."""

import xmlsec
from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class OiosamlConfig(AppConfig):
    name = "samtale.oiosaml"
    label = "oiosaml"

    def ready(self) -> None:
        """Refuse a libxmlsec that does not know what Context Handler 2 encrypts with."""
        if xmlsec.get_libxmlsec_version() < (1, 3):  # type: ignore[attr-defined]
            raise ImproperlyConfigured("oiosaml needs libxmlsec 1.3 or newer: install the wheel of xmlsec")
