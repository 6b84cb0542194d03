"""What tests against the running platform share."""

import pytest
from demo_reader import DemoReader
from platform_under_test import Platform


@pytest.fixture(scope="module")
def reader(whole_demo: Platform) -> DemoReader:
    """When all of the demo is loaded."""
    return DemoReader(whole_demo)
