"""One at a time, among all processes of the portal."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Nobody else is in a block with the same ``what``; whoever comes meanwhile waits.

    Opens a transaction, with whose end the lock goes: what the block wrote is seen by whoever comes next,
    who must read anew what they knew before. No row is locked, so nothing else waits while Synapse is asked.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"communities: {what}"])
        yield
