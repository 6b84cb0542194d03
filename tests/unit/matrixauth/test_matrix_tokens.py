"""Refreshing, replaying, revoking, introspecting: what keeps a device signed in and what ends it."""

import re
from datetime import timedelta
from typing import Any

import people
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from matrix_oauth import (
    ELEMENT_X_IOS,
    INTROSPECT,
    REVOKE,
    TOKEN,
    Asking,
    a_pair,
    a_session,
    browser_of,
    introspect,
    is_active,
    refresh,
    registered,
    told,
    where_to,
)

from samtale.audit.models import Entry
from samtale.identity.actions import change_state, lock_person
from samtale.identity.models import Organisation, Person
from samtale.matrixauth.models import AccessToken, Account, Grant, RefreshToken, Session

pytestmark = pytest.mark.django_db


def is_over(session: Session) -> bool:
    return Session.objects.get(pk=session.pk).ended_at is not None


# ---- refresh -------------------------------------------------------------------------------------


def test_a_refresh_gives_a_new_pair_and_the_old_one_is_over(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    old = a_pair(session)
    answer = refresh(nobody, old.refresh)
    assert answer.status_code == 200
    new = answer.json()
    assert new["access_token"] != old.access
    assert new["refresh_token"] != old.refresh
    assert (new["token_type"], new["expires_in"], new["scope"]) == ("Bearer", 300, session.scope)
    assert type(new["expires_in"]) is int
    assert answer["Cache-Control"] == "no-store"
    assert is_active(new["access_token"])
    assert not is_active(old.access)


def test_tokens_are_stored_as_checksums_only(anna: Person, nobody: Client) -> None:
    new = refresh(nobody, a_pair(a_session(anna)).refresh).json()
    for model in (AccessToken, RefreshToken):
        assert set(model.objects.values_list("token", flat=True)) == {""}
        assert {len(checksum) for checksum in model.objects.values_list("token_checksum", flat=True)} == {64}
    assert not RefreshToken.objects.filter(token_checksum=new["refresh_token"]).exists()


def test_a_replayed_refresh_token_ends_the_device_when_its_successor_was_used(
    anna: Person, nobody: Client
) -> None:
    session = a_session(anna)
    stolen = a_pair(session).refresh
    new = refresh(nobody, stolen).json()
    assert is_active(new["access_token"])
    replay = refresh(nobody, stolen)
    assert (replay.status_code, replay.json()["error"]) == (400, "invalid_grant")
    assert is_over(session)
    assert not is_active(new["access_token"])
    assert refresh(nobody, new["refresh_token"]).status_code == 400
    assert Entry.objects.get(act="matrix.session_ended").detail["reason"] == "token_replayed"


def test_a_replay_several_generations_later_ends_the_device(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    first = a_pair(session).refresh
    second = refresh(nobody, first).json()["refresh_token"]
    third = refresh(nobody, second).json()["refresh_token"]
    assert refresh(nobody, first).status_code == 400
    assert is_over(session)
    assert refresh(nobody, third).status_code == 400


def test_a_replay_is_forgiven_when_the_answer_was_lost(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    kept = a_pair(session).refresh
    lost = refresh(nobody, kept).json()
    again = refresh(nobody, kept)
    assert again.status_code == 200
    assert not is_over(session)
    # What got lost is worth nothing, and presenting it harms nobody.
    assert not is_active(lost["access_token"])
    assert refresh(nobody, lost["refresh_token"]).status_code == 400
    assert not is_over(session)
    third = refresh(nobody, kept)
    assert third.status_code == 200
    assert refresh(nobody, third.json()["refresh_token"]).status_code == 200


def test_another_client_cannot_refresh_and_does_not_harm(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    pair = a_pair(session)
    other = registered(ELEMENT_X_IOS)
    assert refresh(nobody, pair.refresh, other.client_id).status_code == 400
    assert refresh(nobody, pair.refresh, "unknown").status_code == 401
    assert refresh(nobody, pair.refresh).status_code == 200


def test_a_locked_person_cannot_refresh(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    pair = a_pair(session)
    lock_person(anna, by=None)
    answer = refresh(nobody, pair.refresh)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert is_over(session)
    assert not is_active(pair.access)


def test_an_inactive_person_cannot_refresh(anna: Person, nobody: Client) -> None:
    pair = a_pair(a_session(anna))
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    assert refresh(nobody, pair.refresh).status_code == 400
    assert not is_active(pair.access)


def test_a_guest_whose_time_is_up_cannot_refresh(nobody: Client) -> None:
    dorthe = people.dorthe()
    pair = a_pair(a_session(dorthe))
    Person.objects.filter(pk=dorthe.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert refresh(nobody, pair.refresh).status_code == 400
    assert not is_active(pair.access)


def test_when_an_organisation_leaves_its_devices_end(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    assert anna.organisation is not None
    change_state(anna.organisation, Organisation.State.PAUSED, by=None)
    assert is_over(session)


def test_a_device_lives_thirty_days_after_its_person_was_confirmed(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    pair = a_pair(session)
    Person.objects.filter(pk=anna.pk).update(confirmed_at=timezone.now() - timedelta(days=29, hours=23))
    new = refresh(nobody, pair.refresh)
    assert new.status_code == 200
    Person.objects.filter(pk=anna.pk).update(confirmed_at=timezone.now() - timedelta(days=30, minutes=1))
    answer = refresh(nobody, new.json()["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert is_over(session)


def test_a_refresh_keeps_the_whole_scope_and_gives_no_more(anna: Person, nobody: Client) -> None:
    session = a_session(anna, registered())
    sent = {
        "grant_type": "refresh_token",
        "refresh_token": a_pair(session).refresh,
        "client_id": session.application.client_id,
    }
    more = nobody.post(TOKEN, {**sent, "scope": session.scope + " urn:dk:os2:samtale:api"})
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")
    less = nobody.post(TOKEN, {**sent, "scope": "urn:matrix:client:api:*"})
    assert less.json()["scope"] == session.scope
    assert is_active(less.json()["access_token"])


# ---- the token endpoint --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["password", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", "nonsense", ""]
)
def test_no_other_grant_exists(anna: Person, nobody: Client, kind: str) -> None:
    sent = {
        "grant_type": kind,
        "client_id": "samtale-web",
        "username": anna.email,
        "password": people.PASSWORD,
    }
    answer = nobody.post(TOKEN, {**sent, "device_code": "x"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def a_code(person: Person) -> tuple[Asking, str]:
    asking = Asking()
    return asking, told(where_to(browser_of(person).get(asking.url)))["code"]


def test_a_code_needs_its_verifier_its_client_and_its_redirect(anna: Person, nobody: Client) -> None:
    asking, code = a_code(anna)
    other = registered(ELEMENT_X_IOS)
    for wrong in (
        {"code_verifier": "wrong" * 12},
        {"code_verifier": ""},
        {"client_id": other.client_id},
        {"redirect_uri": "https://evil.example/"},
        {"code": "unknown"},
        {"code": "\x00"},
        {"code": ""},
    ):
        answer = nobody.post(TOKEN, {**asking.exchange(code), **wrong})
        assert answer.status_code in (400, 401), wrong
        assert answer.json()["error"] in ("invalid_grant", "invalid_request"), wrong
    # None of it spent the code, and no account was made for it.
    assert Grant.objects.get(code=code).claimed_at is None
    assert not Account.objects.exists()


def test_a_code_lasts_a_minute(anna: Person, nobody: Client) -> None:
    asking, code = a_code(anna)
    grant = Grant.objects.get(code=code)
    assert timedelta(seconds=50) < grant.expires - timezone.now() <= timedelta(seconds=60)
    Grant.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert nobody.post(TOKEN, asking.exchange(code)).json()["error"] == "invalid_grant"


def test_somebody_locked_between_asking_and_getting_gets_nothing(anna: Person, nobody: Client) -> None:
    asking, code = a_code(anna)
    lock_person(anna, by=None)
    assert nobody.post(TOKEN, asking.exchange(code)).json()["error"] == "invalid_grant"
    assert not Session.objects.exists()


def test_a_code_exchanged_again_later_ends_what_it_began(anna: Person, nobody: Client) -> None:
    asking, code = a_code(anna)
    session = a_session(anna)
    Grant.objects.update(session=session, claimed_at=timezone.now())
    assert nobody.post(TOKEN, asking.exchange(code)).json()["error"] == "invalid_grant"
    assert not is_over(session), "an impatient client asked twice"
    Grant.objects.update(claimed_at=timezone.now() - timedelta(seconds=21))
    assert nobody.post(TOKEN, asking.exchange(code)).json()["error"] == "invalid_grant"
    assert is_over(session)


def test_the_token_endpoint_takes_nothing_from_the_address(anna: Person, nobody: Client) -> None:
    pair = a_pair(a_session(anna))
    query = f"?grant_type=refresh_token&refresh_token={pair.refresh}&client_id=samtale-web"
    assert nobody.post(TOKEN + query).status_code == 400
    assert nobody.get(TOKEN + query).status_code == 405
    assert is_active(pair.access)


# ---- revoke --------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["access", "refresh"])
def test_revoking_either_token_signs_the_device_out(anna: Person, nobody: Client, which: str) -> None:
    session, another = a_session(anna), a_session(anna)
    pair, kept = a_pair(session), a_pair(another)
    answer = nobody.post(REVOKE, {"token": getattr(pair, which), "client_id": "samtale-web"})
    assert answer.status_code == 200
    assert is_over(session)
    assert not is_active(pair.access)
    assert refresh(nobody, pair.refresh).status_code == 400
    assert not is_over(another)
    assert is_active(kept.access)
    assert Account.objects.get(person=anna).dirty, "Synapse is told to delete the device"


def test_revoking_an_unknown_token_is_no_error(nobody: Client, anna: Person) -> None:
    assert nobody.post(REVOKE, {"token": "nonsense", "client_id": "samtale-web"}).status_code == 200


def test_another_client_cannot_revoke(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    pair = a_pair(session)
    other = registered(ELEMENT_X_IOS)
    assert nobody.post(REVOKE, {"token": pair.access, "client_id": other.client_id}).status_code == 200
    assert nobody.post(REVOKE, {"token": pair.access, "client_id": "unknown"}).status_code == 401
    assert nobody.post(REVOKE, {"token": pair.access}).status_code == 401
    assert not is_over(session)


def test_signing_out_again_and_again_is_written_down_once(anna: Person, nobody: Client) -> None:
    pair = a_pair(a_session(anna))
    for token in (pair.access, pair.refresh, pair.access):
        nobody.post(REVOKE, {"token": token, "client_id": "samtale-web"})
    assert Entry.objects.filter(act="matrix.session_ended").count() == 1


# ---- introspection -------------------------------------------------------------------------------


def test_introspection_says_what_synapse_reads_with_strict_types(anna: Person, nobody: Client) -> None:
    session = a_session(anna, registered(), device_id="ABCDEFGHIJ")
    Session.objects.filter(pk=session.pk).update(
        scope="urn:matrix:org.matrix.msc2967.client:api:* "
        "urn:matrix:org.matrix.msc2967.client:device:ABCDEFGHIJ"
    )
    session.refresh_from_db()
    answer = introspect(nobody, a_pair(session).access)
    assert answer.status_code == 200
    said = answer.json()
    assert said["active"] is True
    assert said["username"] == anna.localpart
    assert said["device_id"] == "ABCDEFGHIJ"
    assert said["scope"] == "urn:matrix:client:api:* urn:matrix:client:device:ABCDEFGHIJ"
    assert type(said["expires_in"]) is int
    assert 290 <= said["expires_in"] <= 300
    assert {type(said[key]) for key in ("sub", "client_id", "scope", "username")} == {str}


def test_introspection_takes_one_query(anna: Person, django_assert_num_queries: Any) -> None:
    pair = a_pair(a_session(anna))
    assert is_active(pair.access)
    with django_assert_num_queries(1):
        assert is_active(pair.access)


@pytest.mark.parametrize("secret", ["", "wrong", "mas-secret-devX"])
def test_introspection_answers_only_who_holds_the_secret(anna: Person, nobody: Client, secret: str) -> None:
    pair = a_pair(a_session(anna))
    answer = introspect(nobody, pair.access, secret)
    assert answer.status_code == 401
    assert "username" not in answer.json()


def test_introspection_takes_the_secret_from_nowhere_else(anna: Person, nobody: Client) -> None:
    pair = a_pair(a_session(anna))
    secret = django_settings.CONFIG.mas_secret
    assert nobody.post(INTROSPECT, {"token": pair.access}).status_code == 401
    assert nobody.post(INTROSPECT, {"token": pair.access, "client_secret": secret}).status_code == 401
    basic = {"Authorization": f"Basic {secret}"}
    assert nobody.post(INTROSPECT, {"token": pair.access}, headers=basic).status_code == 401
    assert nobody.get(INTROSPECT, headers={"Authorization": f"Bearer {secret}"}).status_code == 405


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "æ", "x" * 100_000])
def test_an_unknown_token_is_inactive_and_no_error(nobody: Client, db: None, token: str) -> None:
    answer = introspect(nobody, token)
    assert (answer.status_code, answer.json()) == (200, {"active": False})


def test_an_expired_token_is_inactive(anna: Person) -> None:
    assert not is_active(a_pair(a_session(anna), lifetime=0).access)


def test_no_secret_and_no_token_is_logged(
    anna: Person, nobody: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    pair = a_pair(a_session(anna))
    new = refresh(nobody, pair.refresh).json()
    is_active(new["access_token"])
    refresh(nobody, pair.refresh)
    said = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("samtale", "django"))
    )
    for secret in (pair.access, pair.refresh, new["access_token"], django_settings.CONFIG.mas_secret):
        assert secret not in said
    assert not re.search(r"Bearer \w{20}", said)
