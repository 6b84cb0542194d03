"""What is over is thrown away, what knows a person first of all, and nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest

from samtale.oiosaml import cleanup
from samtale.oiosaml.models import PendingRequest, ProviderSession, UsedAssertion

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KIND = PendingRequest.Kind


def request(name: str, *, minutes: float, kind: str = KIND.SIGN_IN, content: object = None) -> None:
    PendingRequest.objects.create(
        relay_state=name,
        kind=kind,
        provider="x",
        message_id="_x",
        content=content,
        at=NOW - timedelta(minutes=minutes),
    )


def forget() -> int:
    return cleanup.forget_old(NOW, session_age=timedelta(hours=12))


def test_a_request_lives_ten_minutes_and_a_verified_answer_two() -> None:
    request("young", minutes=9)
    request("old", minutes=11)
    request("answered", minutes=1, content={"serial": "x"})
    request("answered long ago", minutes=3, content={"serial": "x"})
    request("logout", minutes=3, kind=KIND.LOGOUT, content={"name_id": "x"})
    request("old logout", minutes=11, kind=KIND.LOGOUT, content={"name_id": "x"})
    assert forget() == 3
    assert set(PendingRequest.objects.values_list("relay_state", flat=True)) == {
        "young",
        "answered",
        "logout",
    }


def test_an_assertion_is_remembered_as_long_as_it_would_be_accepted() -> None:
    for name, until in (("over", NOW - timedelta(seconds=1)), ("not yet", NOW + timedelta(seconds=1))):
        UsedAssertion.objects.create(provider="x", assertion=name, until=until)
    assert forget() == 1
    assert UsedAssertion.objects.get().assertion == "not yet"


def test_a_session_is_remembered_as_long_as_one_can_live() -> None:
    for name, hours in (("over", 13), ("not yet", 11)):
        ProviderSession.objects.create(
            session_key=name, provider="x", name_id="x", at=NOW - timedelta(hours=hours)
        )
    assert forget() == 1
    assert ProviderSession.objects.get().session_key == "not yet"


def test_nothing_is_over() -> None:
    assert forget() == 0
