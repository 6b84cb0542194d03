"""Whoever is not confirmed for long rests: out everywhere, nothing lost, and back by signing in."""

from datetime import UTC, datetime, timedelta

import people
import pytest
from django.test import Client

from samtale.audit.models import Entry
from samtale.identity import actions, jobs
from samtale.identity.access import refusal
from samtale.identity.models import Person
from samtale.matrixauth.models import Account

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 4, 23, tzinfo=UTC)


def confirmed(person: Person, days: float) -> Person:
    person.confirmed_at = NOW - timedelta(days=days)
    person.save()
    return person


def rests() -> set[str]:
    jobs.let_rest(int(NOW.timestamp()))
    return set(Person.objects.exclude(resting_at=None).values_list("name", flat=True))


@pytest.mark.parametrize(("days", "resting"), [(89.9, False), (90.1, True)])
def test_it_begins_after_ninety_days(days: float, resting: bool) -> None:
    confirmed(people.anna(), days)
    assert rests() == ({"Anna Jensen"} if resting else set())


def test_sessions_and_devices_end_and_roles_stay() -> None:
    bo = confirmed(people.bo(), 100)
    browser = Client()
    browser.post("/adgang/log-ind/", {"login": bo.email, "password": people.PASSWORD})
    confirmed(bo, 100)
    rests()
    assert browser.get("/adgang/konto/").status_code == 302
    assert bo.moderations.count() == 1
    bo.refresh_from_db()
    assert refusal(bo) is None
    assert Account.objects.filter(person=bo).exists()
    assert Entry.objects.get(act="person.rests").on == bo


def test_it_begins_once() -> None:
    confirmed(people.anna(), 100)
    assert [jobs.let_rest(int(NOW.timestamp())), jobs.let_rest(int(NOW.timestamp()))] == [1, 0]


def test_who_is_locked_or_never_came_does_not_rest() -> None:
    locked = confirmed(people.carla(), 100)
    actions.lock_person(locked, by=people.freja())
    people.anna()
    assert rests() == set()


def test_who_came_before_it_was_counted_rests_too() -> None:
    anna = people.anna()
    Person.objects.filter(pk=anna.pk).update(last_login=NOW - timedelta(days=100))
    assert rests() == {"Anna Jensen"}


def test_the_next_sign_in_ends_it() -> None:
    anna = confirmed(people.anna(), 100)
    rests()
    browser = Client()
    browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
    anna.refresh_from_db()
    assert anna.resting_at is None
    assert rests() == set()
