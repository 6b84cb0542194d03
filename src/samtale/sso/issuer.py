"""The names this OpenID Provider goes by. They come from the configuration, never from a request's Host."""

from django.conf import settings
from django.urls import reverse

PATH = "/adgang/oidc"


def issuer() -> str:
    """The issuer identifier (OpenID Connect Core 1.0, section 2), without a slash at the end."""
    return f"{settings.CONFIG.public_url}{PATH}"


def address(endpoint: str) -> str:
    """The address of one of our endpoints, by its name in `urls`."""
    return f"{settings.CONFIG.public_url}{reverse(f'sso:{endpoint}')}"
