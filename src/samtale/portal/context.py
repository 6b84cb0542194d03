"""What every template may say about this installation."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from samtale.identity import ways_in


def installation(request: HttpRequest) -> dict[str, object]:
    return {
        "demo": settings.CONFIG.demo,
        "public_url": settings.CONFIG.public_url,
        "ways_in": SimpleLazyObject(lambda: ways_in.prominent(request)),
        "authorities": SimpleLazyObject(ways_in.authorities),
    }
