"""Metadata, cross-origin access, rates, our own client's row, housekeeping."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from matrix_oauth import (
    ACCOUNT,
    AUTHORIZE,
    BASE,
    ISSUER,
    REGISTER,
    REVOKE,
    TOKEN,
    Asking,
    a_pair,
    a_session,
    refresh,
    registered,
)
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.identity.models import Person
from samtale.identity.rates import Rate
from samtale.matrixauth import jobs, rates, web_client
from samtale.matrixauth.models import AccessToken, Application, Consent, Grant, RefreshToken, Session

pytestmark = pytest.mark.django_db

METADATA = f"{BASE}/.well-known/openid-configuration"


def test_the_metadata_hold_what_clients_insist_on(nobody: Client) -> None:
    said = nobody.get(METADATA).json()
    assert said["issuer"] == ISSUER
    assert said["authorization_endpoint"] == f"{ISSUER}authorize"
    assert said["token_endpoint"] == f"{ISSUER}oauth2/token"
    assert said["revocation_endpoint"] == f"{ISSUER}oauth2/revoke"
    assert said["registration_endpoint"] == f"{ISSUER}oauth2/registration"
    assert said["account_management_uri"] == f"{ISSUER}account"
    assert said["response_types_supported"] == ["code"]
    assert said["response_modes_supported"] == ["query", "fragment"]
    assert said["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert "create" not in said["prompt_values_supported"], "nobody signs up here"
    assert "org.matrix.devices_list" in said["account_management_actions_supported"]
    assert nobody.get(f"{BASE}/.well-known/oauth-authorization-server").json() == said


def test_every_endpoint_in_the_metadata_exists(nobody: Client) -> None:
    for key, url in nobody.get(METADATA).json().items():
        if key.endswith(("_endpoint", "_uri")):
            path = url.removeprefix(django_settings.CONFIG.public_url)
            assert nobody.get(path).status_code != 404, key
            assert nobody.post(path).status_code != 404, key


@pytest.mark.parametrize("path", [METADATA, TOKEN, REVOKE, REGISTER])
def test_browser_clients_elsewhere_may_call_what_uses_no_cookie(nobody: Client, path: str) -> None:
    preflight = nobody.options(
        path,
        headers={
            "Origin": "https://chat.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 204
    for answer in (preflight, nobody.get(path), nobody.post(path)):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.parametrize("path", [AUTHORIZE, ACCOUNT, "/adgang/log-ind/"])
def test_browser_clients_elsewhere_may_not_read_pages(nobody: Client, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in nobody.get(path, headers={"Origin": "https://chat.example"})


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "path", ["v3/login", "r0/login/sso/redirect", "v3/logout", "v3/logout/all", "v1/refresh", "api/v1/login"]
)
def test_the_sign_in_before_oauth_is_refused_as_matrix_does(nobody: Client, path: str, method: str) -> None:
    answer = getattr(nobody, method)(f"/_matrix/client/{path}", headers={"Origin": "https://chat.example"})
    assert answer.status_code == 404
    assert answer.json()["errcode"] == "M_UNRECOGNIZED"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_page_elsewhere_may_ask_for_the_sign_in_before_oauth(nobody: Client) -> None:
    preflight = nobody.options(
        "/_matrix/client/v3/login",
        headers={"Origin": "https://chat.example", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "matrixauth", check_changes=True, dry_run=True, verbosity=0)


# ---- rates -----------------------------------------------------------------------------------------


def test_a_rate_counts_each_address_for_itself(db: None) -> None:
    rate = Rate("test", 2, 60)
    now = 1_000_000_020.0
    assert [rate.wait("a", now) for _ in range(3)] == [0, 0, 60 - int(now) % 60]
    assert rate.wait("b", now) == 0
    assert rate.wait("a", now + 60) == 0


def test_too_many_registrations_are_told_to_wait(nobody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rate, "times", property(lambda _: 2), raising=False)
    answers = [nobody.post(REGISTER) for _ in range(3)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, True]
    assert answers[2].json()["error"] == "slow_down"
    assert 0 < int(answers[2]["Retry-After"]) <= rates.REGISTRATION.seconds


@pytest.mark.parametrize("path", [TOKEN, REVOKE])
def test_too_many_at_the_token_endpoint_sign_no_client_out(
    nobody: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Clients end the sign-in at a 4xx of a refresh, and at an OAuth error in its body."""
    monkeypatch.setattr(Rate, "times", property(lambda _: 2), raising=False)
    answers = [nobody.post(path) for _ in range(3)]
    assert [answer.status_code == 503 for answer in answers] == [False, False, True]
    assert b'"error"' not in answers[2].content
    assert 0 < int(answers[2]["Retry-After"]) <= rates.TOKEN.seconds
    assert answers[2]["Access-Control-Allow-Origin"] == "*"


def test_the_authorize_page_says_it_in_words(nobody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rate, "times", property(lambda _: 0), raising=False)
    nobody.get(Asking().url)
    answer = nobody.get(Asking().url)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "text/html" in answer["Content-Type"]


# ---- our own client --------------------------------------------------------------------------------


def test_our_own_client_is_there_after_migrating() -> None:
    client = Application.objects.get(client_id="samtale-web")
    assert client.redirect_uris == f"{django_settings.CONFIG.public_url}/"
    assert client.client_type == Application.CLIENT_PUBLIC
    assert client.skip_authorization


def test_our_own_client_follows_the_platforms_address(settings: Any) -> None:
    settings.CONFIG = replace(django_settings.CONFIG, public_url="https://samtale.example")
    web_client.ensure()
    client = Application.objects.get(client_id="samtale-web")
    assert client.redirect_uris == "https://samtale.example/"
    assert Application.objects.count() == 1


# ---- housekeeping ----------------------------------------------------------------------------------


def test_devices_whose_person_was_not_confirmed_end_by_themselves(anna: Person, bo: Person) -> None:
    over, kept = a_session(anna), a_session(bo)
    Person.objects.filter(pk=anna.pk).update(confirmed_at=timezone.now() - timedelta(days=30, minutes=1))
    assert jobs.end_unconfirmed_devices() == 1
    assert Session.objects.get(pk=over.pk).ended_at is not None
    assert Session.objects.get(pk=kept.pk).ended_at is None
    assert jobs.end_unconfirmed_devices() == 0


def test_somebody_never_confirmed_counts_from_the_sign_in(anna: Person) -> None:
    session = a_session(anna)
    Person.objects.filter(pk=anna.pk).update(confirmed_at=None)
    assert jobs.end_unconfirmed_devices() == 0
    Session.objects.filter(pk=session.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert jobs.end_unconfirmed_devices() == 1


def confirmed(person: Person, ago: timedelta) -> None:
    Person.objects.filter(pk=person.pk).update(confirmed_at=timezone.now() - ago)


def mails() -> list[dict[str, str]]:
    made = ProcrastinateJob.objects.filter(task_name="identity.send_mail").order_by("pk")
    return [job.args for job in made]


def test_the_installation_says_how_long_a_device_lives(anna: Person, settings: Any) -> None:
    settings.CONFIG = replace(django_settings.CONFIG, device_days=90)
    session = a_session(anna)
    confirmed(anna, timedelta(days=89))
    assert jobs.end_unconfirmed_devices() == 0
    confirmed(anna, timedelta(days=91))
    assert jobs.end_unconfirmed_devices() == 1
    assert Session.objects.get(pk=session.pk).ended_at is not None


def test_a_refresh_follows_the_installations_setting(anna: Person, nobody: Client, settings: Any) -> None:
    settings.CONFIG = replace(django_settings.CONFIG, device_days=2)
    token = a_pair(a_session(anna)).refresh
    confirmed(anna, timedelta(days=3))
    assert refresh(nobody, token).json() == {"error": "invalid_grant"}


def test_apps_get_a_weeks_notice_and_only_once(anna: Person, bo: Person) -> None:
    first, second = a_session(anna, registered()), a_session(anna, registered())
    a_session(bo, registered())
    confirmed(anna, timedelta(days=22))
    assert jobs.tell_of_devices_that_end_soon() == 0
    confirmed(anna, timedelta(days=23, minutes=1))
    jobs.housekeeping(0)
    jobs.housekeeping(0)
    (mail,) = mails()
    assert mail["address"] == anna.email
    assert mail["subject"].startswith("OS2samtale: Log ind igen senest ")
    assert f"Hej {anna.name}" in mail["text"]
    assert mail["text"].count(f"- {first.name}") == 2
    assert second.name == first.name
    assert f"{django_settings.CONFIG.public_url}/adgang/log-ind/" in mail["text"]


def test_whoever_signs_in_again_is_told_before_the_next_end(anna: Person) -> None:
    a_session(anna, registered())
    confirmed(anna, timedelta(days=24))
    assert jobs.tell_of_devices_that_end_soon() == 1
    confirmed(anna, timedelta(0))
    assert jobs.tell_of_devices_that_end_soon() == 0
    Session.objects.update(noticed_at=timezone.now() - timedelta(days=25))
    confirmed(anna, timedelta(days=24))
    assert jobs.tell_of_devices_that_end_soon() == 1


def test_our_own_client_asks_by_itself(anna: Person) -> None:
    a_session(anna)
    confirmed(anna, timedelta(days=24))
    assert jobs.tell_of_devices_that_end_soon() == 0


def test_a_short_life_is_told_of_halfway(anna: Person, settings: Any) -> None:
    settings.CONFIG = replace(django_settings.CONFIG, device_days=4)
    a_session(anna, registered())
    confirmed(anna, timedelta(days=1))
    assert jobs.tell_of_devices_that_end_soon() == 0
    confirmed(anna, timedelta(days=2, minutes=1))
    assert jobs.tell_of_devices_that_end_soon() == 1


def test_the_mail_is_in_the_persons_language(anna: Person) -> None:
    a_session(anna, registered())
    Person.objects.filter(pk=anna.pk).update(language="en")
    confirmed(anna, timedelta(days=24))
    jobs.tell_of_devices_that_end_soon()
    assert mails()[0]["subject"].startswith("OS2samtale: Sign in again by ")


def test_old_rows_are_forgotten_and_what_counts_is_not(anna: Person, nobody: Client) -> None:
    session = a_session(anna)
    first = a_pair(session).refresh
    now = refresh(nobody, first).json()["refresh_token"]
    RefreshToken.objects.filter(revoked__isnull=False).update(revoked=timezone.now() - timedelta(days=8))
    AccessToken.objects.update(expires=timezone.now() - timedelta(days=1))
    long_over = a_session(anna)
    Session.objects.filter(pk=long_over.pk).update(ended_at=timezone.now() - timedelta(days=181))
    Grant.objects.create(
        code="x",
        user=anna,
        application=session.application,
        redirect_uri="/",
        expires=timezone.now() - timedelta(seconds=1),
    )
    jobs.forget_old_rows()
    assert RefreshToken.objects.count() == 1
    assert not Grant.objects.exists()
    assert not Session.objects.filter(pk=long_over.pk).exists()
    # The device still refreshes, though it slept past its access token.
    assert refresh(nobody, now).status_code == 200


def test_a_registered_client_that_nobody_used_is_forgotten_and_no_other(anna: Person) -> None:
    def registered(name: str) -> Application:
        return Application.objects.create(
            name=name,
            digest=name,
            client_type=Application.CLIENT_PUBLIC,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            redirect_uris="https://app.example/",
        )

    registered("unused")
    agreed, signed_in = registered("agreed"), registered("signed in")
    Consent.objects.create(person=anna, application=agreed)
    session = a_session(anna)
    Session.objects.filter(pk=session.pk).update(application=signed_in)
    Application.objects.update(created=timezone.now() - timedelta(days=31))
    registered("new")
    jobs.forget_old_rows()
    left = set(Application.objects.values_list("name", flat=True))
    assert {"agreed", "signed in", "new"} <= left
    assert "unused" not in left
    assert Application.objects.filter(client_id="samtale-web").exists()
