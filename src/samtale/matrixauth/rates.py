"""How often somebody may ask. Generous: a whole town hall may sit behind one address."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from samtale.identity.addresses import client_address


@dataclass(frozen=True)
class Rate:
    """At most `times` in `seconds`, counted in fixed windows, for each address."""

    name: str
    times: int
    seconds: int

    def wait(self, address: str, now: float) -> int:
        """Count one. Seconds to wait, 0 when it is allowed."""
        window, into = divmod(int(now), self.seconds)
        key = f"rate:{self.name}:{address}:{window}"
        if cache.add(key, 1, self.seconds):
            return 0
        try:
            count = cache.incr(key)
        except ValueError:
            # The window ended between the two calls.
            return 0
        return 0 if count <= self.times else self.seconds - into


#: A device refreshes every five minutes: 3,000 devices behind one address.
TOKEN = Rate("token", 600, 60)
#: A client registers once and keeps its id.
REGISTRATION = Rate("registration", 60, 60)
AUTHORIZE = Rate("authorize", 300, 60)


def limited(rate: Rate) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Answer 429 with `Retry-After` and always the same words when `rate` is exceeded."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            wait = rate.wait(client_address(request) or "", time.time())
            return too_often(wait) if wait else view(request, *args, **kwargs)

        return guarded

    return decorate


def too_often(wait: int) -> HttpResponse:
    return JsonResponse(
        {"error": "slow_down", "error_description": "Too many requests."},
        status=429,
        headers={"Retry-After": str(wait), "Cache-Control": "no-store"},
    )
