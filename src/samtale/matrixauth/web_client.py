"""Our own web client's row."""

from typing import Any

from django.conf import settings

from samtale.matrixauth.issuer import WEB_CLIENT_ID
from samtale.matrixauth.models import Application


def ensure(**_: Any) -> None:
    """Make the client `samtale-web`, or have it follow the platform's address. After each migration."""
    Application.objects.update_or_create(
        client_id=WEB_CLIENT_ID,
        defaults={
            "name": "OS2samtale",
            "redirect_uris": f"{settings.CONFIG.public_url}/",
            "client_uri": f"{settings.CONFIG.public_url}/",
            "application_type": Application.Type.WEB,
            "client_type": Application.CLIENT_PUBLIC,
            "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
            "client_secret": "",
            # It is the platform itself: asking whether it may in would only teach people to say yes.
            "skip_authorization": True,
        },
    )
