"""How often one person may call: a window counted in the shared cache, so that all workers count together."""

from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Rate:
    """At most ``calls`` in ``seconds``."""

    calls: int
    seconds: int = 60


def seconds_to_wait(what: str, who: str, rate: Rate, *, now: float) -> int:
    """Count a call. 0: go on; otherwise so many seconds until the next one is taken."""
    window = int(now // rate.seconds)
    key = f"api-rate:{what}:{who}:{window}"
    cache.add(key, 0, timeout=rate.seconds * 2)
    try:
        count = cache.incr(key)
    except ValueError:  # thrown out of the cache in between
        return 0
    if count <= rate.calls:
        return 0
    return max(1, int((window + 1) * rate.seconds - now) + 1)
