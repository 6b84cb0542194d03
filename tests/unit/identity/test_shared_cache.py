"""What is counted stays counted."""

import threading
from datetime import timedelta

import people
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from samtale.identity import jobs

pytestmark = pytest.mark.django_db


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        return int(cursor.fetchone()[0])


def let_time_pass(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET expires = %s WHERE cache_key = %s",
            [timezone.now() - timedelta(seconds=1), cache.make_key(key)],
        )


def test_a_lockout_outlives_a_crowd() -> None:
    anna, browser = people.anna(), Client(headers={"accept-language": "da"})
    for attempt in range(6):
        answer = browser.post("/adgang/log-ind/", {"login": anna.email, "password": f"forkert {attempt}"})
    assert "for mange forsøg" in answer.text
    for number in range(400):
        cache.set(f"somebody else: {number}", 1, 300)
    answer = browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
    assert "for mange forsøg" in answer.text


def test_add_keeps_what_is_there_and_takes_the_place_of_what_is_over() -> None:
    assert cache.add("a", 1, 60)
    assert not cache.add("a", 2, 60)
    assert cache.get("a") == 1
    let_time_pass("a")
    assert cache.add("a", 3, 60)
    assert cache.get("a") == 3


def test_set_touch_delete_and_what_never_ends() -> None:
    cache.set("a", {"x": 1}, None)
    assert cache.get("a") == {"x": 1}
    assert cache.touch("a", 60)
    let_time_pass("a")
    assert cache.get("a") is None
    assert not cache.touch("a", 60)
    cache.set("a", 2, 60)
    assert cache.delete("a")
    assert not cache.touch("a", 60)


def test_counting_does_not_prolong() -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")
    cache.add("a", 1, 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires FROM portal_cache")
        before = cursor.fetchone()
        assert cache.incr("a") == 2
        cursor.execute("SELECT expires FROM portal_cache")
        assert cursor.fetchone() == before
    let_time_pass("a")
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_what_is_over_is_deleted_and_nothing_else() -> None:
    cache.set("a", 1, 60)
    cache.set("b", 1, 60)
    let_time_pass("a")
    before = rows()
    assert jobs.forget_cached(timestamp=0) == 1
    assert rows() == before - 1
    assert cache.get("b") == 1


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_time_all_count() -> None:
    cache.set("a", 0, 60)

    def count() -> None:
        for _ in range(10):
            cache.incr("a")
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.get("a") == 40
    cache.delete("a")
