"""What all tests share: a PostgreSQL for those that touch the portal's database, and the whole platform."""

from collections.abc import Iterator

import pytest
from e2e import browser as chromium
from hypothesis import settings
from platform_under_test import Place, Platform
from playwright.sync_api import Browser

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """End to end comes last: it writes in the demo, and its browser leaves an event loop in this thread.

    Whole files, since those of one file share what takes long to start.
    """
    last = {
        item.path
        for item in items
        if "e2e" in item.path.parts or "browser" in getattr(item, "fixturenames", ())
    }
    items.sort(key=lambda item: item.path in last)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Start PostgreSQL before pytest-django makes the test database in it."""
    from portal_settings import DATABASE_SERVER

    DATABASE_SERVER.start()
    yield
    DATABASE_SERVER.stop()


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """The whole platform with the demo, fresh for this test run."""
    place = Place("platform")
    running = Platform(place.root, place.first_port)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        place.leave()


@pytest.fixture(scope="session")
def whole_demo(platform: Platform) -> Platform:
    """The platform when all of the demo is loaded, and not only what its people see first."""
    platform.portal("demo_load", "--rest", "--wait")
    return platform


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a test run: its driver cannot be started twice in a process."""
    with chromium.started() as started:
        yield started
