"""One Synapse for all tests of this folder; each test makes its own people and rooms in it."""

from collections.abc import Iterator

import pytest
from community import OS2display, found
from lone_synapse import LoneSynapse
from platform_under_test import Place


@pytest.fixture(scope="session")
def homeserver() -> Iterator[LoneSynapse]:
    place = Place("homeserver")
    alone = LoneSynapse(place.root)
    try:
        alone.start()
        yield alone
    finally:
        alone.stop()
        place.leave()


@pytest.fixture(scope="module")
def os2display(homeserver: LoneSynapse) -> OS2display:
    return found(homeserver)
