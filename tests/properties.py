"""How rules that hold for whatever comes are tried: a little in `make test`, much in `make test-long`."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

BRIEFLY, AT_LENGTH = 150, 10_000


def hold(rule: Callable[[Any], None], values: SearchStrategy[Any], examples: int) -> None:
    """Try ``rule`` with made-up ``values``."""
    checked = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    checked(given(values)(rule))()


def name_of(each: object) -> str:
    """How a test is called that tries it."""
    return getattr(each, "__name__", "")
