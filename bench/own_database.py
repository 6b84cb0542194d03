"""A database of a measurement's own, on the server of the portal's tests. Sets Django up when imported."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT / "src"), str(CHECKOUT / "tests")]
os.environ["DJANGO_SETTINGS_MODULE"] = "portal_settings"

import django  # noqa: E402
from portal_settings import DATABASE_SERVER  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402


@contextmanager
def own_database() -> Iterator[None]:
    """Made empty with the portal's tables, and dropped afterwards."""
    DATABASE_SERVER.start()
    try:
        before = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)
    finally:
        DATABASE_SERVER.stop()
