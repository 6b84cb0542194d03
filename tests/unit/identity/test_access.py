"""Who may come in, and who may change whom. No database: the rules look at what they are given."""

from datetime import timedelta

import pytest
from django.utils import timezone

from samtale.identity.access import may_manage, refusal
from samtale.identity.models import Organisation, Person


def person(key: int = 1, role: str = "member", state: str | None = "joined", **more: object) -> Person:
    """``state``: of the organisation, None when there is none."""
    organisation = Organisation(name="Aarhus Kommune", state=state) if state else None
    return Person(pk=key, role=role, organisation=organisation, **more)


@pytest.mark.parametrize(
    ("state", "role", "reason"),
    [
        ("joined", "member", None),
        ("pilot", "member", None),
        ("invited", "member", "organisation"),
        ("paused", "member", "organisation"),
        ("joined", "guest", None),
        ("invited", "guest", "organisation"),
        (None, "guest", None),
        (None, "member", "organisation"),
        (None, "administrator", "organisation"),
        (None, "owner", "organisation"),
    ],
)
def test_whose_organisation_takes_part(state: str | None, role: str, reason: str | None) -> None:
    assert refusal(person(role=role, state=state)) == reason


def test_who_was_locked() -> None:
    assert refusal(person(locked_at=timezone.now())) == "locked"
    assert refusal(person(is_active=False)) == "locked"


def test_whose_time_has_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    moment = timedelta(microseconds=1)
    assert refusal(person(role="guest", expires_at=now - moment)) == "expired"
    assert refusal(person(role="guest", expires_at=now)) == "expired"
    assert refusal(person(role="guest", expires_at=now + moment)) is None


def test_what_a_person_decided_is_said_before_what_time_did() -> None:
    now = timezone.now()
    assert refusal(person(state="paused", locked_at=now, expires_at=now)) == "locked"
    assert refusal(person(state="paused", expires_at=now)) == "expired"


@pytest.mark.parametrize(
    ("by", "on", "may"),
    [
        ("administrator", "member", True),
        ("administrator", "guest", True),
        ("administrator", "administrator", True),
        ("administrator", "owner", False),
        ("owner", "administrator", True),
        ("owner", "owner", True),
        ("owner", "member", True),
        ("member", "guest", False),
        ("member", "member", False),
        ("guest", "member", False),
        ("member", "owner", False),
    ],
)
def test_who_may_manage_whom(by: str, on: str, may: bool) -> None:
    assert may_manage(person(1, by), person(2, on)) is may


@pytest.mark.parametrize("role", ["administrator", "owner"])
def test_nobody_manages_themselves(role: str) -> None:
    assert may_manage(person(1, role), person(1, role)) is False
