"""A platform without the demo, for tests that hurt it."""

from collections.abc import Callable, Iterator

import pytest
from newcomer import newcomer
from platform_under_test import Place, Platform


@pytest.fixture(scope="module")
def bare() -> Iterator[Platform]:
    place = Place("bare", first_port=19400)
    running = Platform(place.root, place.first_port, with_demo=False)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        place.leave()


@pytest.fixture(scope="module")
def new_token(bare: Platform) -> Callable[[], str]:
    """Each call is a member's sign-in on a new device, through the real pages."""
    return newcomer(bare)
