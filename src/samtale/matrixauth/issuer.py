"""The names this authorization server goes by. The issuer is fixed for the life of an installation."""

from django.conf import settings

PATH = "/adgang/matrix/"
#: Our own web client: made by migration, public, never registered by anybody.
WEB_CLIENT_ID = "samtale-web"


def issuer() -> str:
    """The issuer identifier (RFC 8414, section 2), with the slash at the end that is part of it."""
    return f"{settings.CONFIG.public_url}{PATH}"
