"""One Synapse for all tests of this folder; each test makes its own people and rooms in it."""

from collections.abc import Iterator

import pytest
from community import OS2display, found
from lone_synapse import CHECKOUT, LoneSynapse


@pytest.fixture(scope="session")
def homeserver() -> Iterator[LoneSynapse]:
    alone = LoneSynapse(CHECKOUT / ".samtale-test" / "homeserver", ports=(38400, 38402, 38408))
    alone.start()
    yield alone
    alone.stop()


@pytest.fixture(scope="module")
def os2display(homeserver: LoneSynapse) -> OS2display:
    return found(homeserver)
