"""How often somebody may ask, counted for each address."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from samtale.identity.addresses import client_address

View = Callable[..., HttpResponseBase]


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


def limited(
    rate: Rate, *, answer: Callable[[HttpRequest], HttpResponse] | None = None
) -> Callable[[View], View]:
    """Beyond `rate`, answer by `answer`, or 429 as OAuth does. `Retry-After` is added."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            wait = rate.wait(client_address(request) or "", time.time())
            if not wait:
                return view(request, *args, **kwargs)
            response = answer(request) if answer is not None else _too_often()
            response.headers["Retry-After"] = str(wait)
            response.headers["Cache-Control"] = "no-store"
            return response

        return guarded

    return decorate


def _too_often() -> HttpResponse:
    return JsonResponse(
        {"error": "slow_down", "error_description": "Too many requests; see Retry-After."}, status=429
    )
