"""The cache that all processes share. Rate limits, lockouts and used codes are counted in it.

Django's own cache in a database throws entries away when there are more than a few hundred, whoever they
belong to: a lockout would be gone as soon as enough others came by. It counts by reading and writing, so that
calls at the same time count once, and tries an insert for each entry that is there, which PostgreSQL logs as
an error. Here nothing goes before its time, and no call loses another's count.
"""

import base64
import pickle
from datetime import UTC, datetime
from typing import Any, Literal

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection, transaction
from django.utils import timezone

#: In place of "never".
FAR_AWAY = datetime(9999, 1, 1, tzinfo=UTC)


class SharedCache(DatabaseCache):
    """Wants PostgreSQL. `forget_expired` is the worker's."""

    _table: str

    def _base_set(
        self, mode: Literal["set", "add", "touch"], key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT
    ) -> bool:
        expires, now = self._expires(timeout), timezone.now()
        with connection.cursor() as cursor:
            if mode == "touch":
                cursor.execute(
                    f"UPDATE {self._name} SET expires = %s WHERE cache_key = %s AND expires >= %s",  # noqa: S608
                    [expires, key, now],
                )
            else:
                unless_there = f"WHERE {self._name}.expires < %s" if mode == "add" else ""
                cursor.execute(
                    f"INSERT INTO {self._name} (cache_key, value, expires) VALUES (%s, %s, %s) "  # noqa: S608
                    "ON CONFLICT (cache_key) DO UPDATE "
                    f"SET value = EXCLUDED.value, expires = EXCLUDED.expires {unless_there}",
                    [key, _packed(value), expires, *([now] if mode == "add" else [])],
                )
            return bool(cursor.rowcount > 0)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number. It keeps its time. Raises ValueError when there is none."""
        made = self.make_and_validate_key(key, version=version)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT value FROM {self._name} WHERE cache_key = %s AND expires >= %s FOR UPDATE",  # noqa: S608
                [made, timezone.now()],
            )
            row = cursor.fetchone()
            if row is None:
                raise ValueError(f"Key {key!r} not found")
            value: int = pickle.loads(base64.b64decode(row[0])) + delta  # noqa: S301 - written by ourselves
            cursor.execute(
                f"UPDATE {self._name} SET value = %s WHERE cache_key = %s",  # noqa: S608
                [_packed(value), made],
            )
        return value

    def forget_expired(self) -> int:
        """Delete what nobody reads any more. Returns how many entries that were."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self._name} WHERE expires < %s", [timezone.now()])  # noqa: S608
            return int(cursor.rowcount)

    @property
    def _name(self) -> str:
        return connection.ops.quote_name(self._table)

    def _expires(self, timeout: Any) -> datetime:
        at = self.get_backend_timeout(timeout)
        return FAR_AWAY if at is None else datetime.fromtimestamp(at, tz=UTC)


def _packed(value: Any) -> str:
    return base64.b64encode(pickle.dumps(value)).decode()
