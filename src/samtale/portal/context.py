"""What every template may say about this installation."""

from django.conf import settings
from django.http import HttpRequest


def installation(_request: HttpRequest) -> dict[str, object]:
    return {"demo": settings.CONFIG.demo, "public_url": settings.CONFIG.public_url}
