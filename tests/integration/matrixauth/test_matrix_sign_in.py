"""Signing in, staying in and being out, as Synapse sees it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import people
import pytest
from matrix_app import App, Browser, at_once
from matrix_oauth import BASE, told
from procrastinate.contrib.django.models import ProcrastinateJob
from synapse_beside import SynapseBeside

from samtale.homeserver.mas import QueryUser
from samtale.identity.actions import lock_person, rename_person, unlock_person
from samtale.identity.models import Person
from samtale.matrixauth import jobs, provisioning
from samtale.matrixauth.models import Account, RefreshToken, Session

pytestmark = pytest.mark.django_db(transaction=True)

NewApp = Callable[[], App]


def user_id(person: Person) -> str:
    return f"@{person.localpart}:localhost"


def test_sign_in_refresh_and_sign_out_with_our_own_client(synapse: SynapseBeside, web_app: NewApp) -> None:
    anna = people.anna()
    app = web_app().sign_in(anna)
    who = synapse.whoami(app.access).json()
    assert (who["user_id"], who["device_id"]) == (user_id(anna), app.device_id)
    assert synapse.devices(app.access) == {app.device_id: "OS2samtale"}
    assert synapse.get(f"profile/{user_id(anna)}", app.access).json()["displayname"] == "Anna Jensen"
    first = app.access
    assert app.refresh().status_code == 200
    assert app.access != first
    assert synapse.whoami(app.access).status_code == 200
    assert app.sign_out().status_code == 200
    over = synapse.whoami(app.access)
    assert (over.status_code, over.json()["errcode"]) == (401, "M_UNKNOWN_TOKEN")
    assert app.refresh().json()["error"] == "invalid_grant"


def test_a_phone_signs_in_with_the_older_scopes_and_after_consent(
    synapse: SynapseBeside, element_x: NewApp
) -> None:
    bo = people.bo()
    app = element_x().sign_in(bo)
    assert synapse.whoami(app.access).json()["device_id"] == app.device_id
    assert synapse.devices(app.access) == {app.device_id: "Element X"}


def test_synapse_publishes_our_metadata(synapse: SynapseBeside, web_app: NewApp) -> None:
    published = httpx.get(f"{synapse.url}/_matrix/client/v1/auth_metadata").json()
    assert published == httpx.get(f"{web_app().portal}{BASE}/.well-known/openid-configuration").json()


def test_signing_out_one_device_leaves_the_others(synapse: SynapseBeside, web_app: NewApp) -> None:
    anna = people.anna()
    laptop, phone = web_app().sign_in(anna), web_app().sign_in(anna)
    assert set(synapse.devices(phone.access)) == {laptop.device_id, phone.device_id}
    laptop.sign_out()
    assert synapse.whoami(laptop.access).status_code == 401
    assert set(synapse.devices(phone.access)) == {phone.device_id}


def test_a_device_ended_on_the_account_page_is_out_at_once(synapse: SynapseBeside, web_app: NewApp) -> None:
    anna = people.anna()
    browser = Browser(web_app().portal)
    app = web_app().sign_in(anna, browser)
    assert synapse.whoami(app.access).status_code == 200
    page = browser.open(f"{app.account_page}?action=org.matrix.device_delete&device_id={app.device_id}")
    assert isinstance(page, httpx.Response)
    browser.submit(page)
    assert synapse.whoami(app.access).status_code == 401


def test_signing_in_again_with_the_same_device_keeps_one(synapse: SynapseBeside, web_app: NewApp) -> None:
    anna = people.anna()
    app = web_app()
    browser = Browser(app.portal)
    old = app.sign_in(anna, browser).access
    app.sign_in(anna, browser)
    assert synapse.whoami(app.access).status_code == 200
    assert set(synapse.devices(app.access)) == {app.device_id}
    assert Session.objects.filter(ended_at=None).count() == 1
    assert old != app.access


def test_of_six_exchanges_of_one_code_one_succeeds(synapse: SynapseBeside, web_app: NewApp) -> None:
    app = web_app()
    code = app.code_for(people.anna())
    answers = at_once(6, lambda: app.exchange(code))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400, 400]
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert synapse.whoami(won["access_token"]).status_code == 200
    assert Session.objects.count() == 1
    assert RefreshToken.objects.count() == 1


def test_refreshes_side_by_side_leave_one_living_pair_and_the_device_signed_in(
    synapse: SynapseBeside, web_app: NewApp
) -> None:
    app = web_app().sign_in(people.anna())
    answers = at_once(6, app.ask_to_refresh)
    assert {answer.status_code for answer in answers} == {200}
    session = Session.objects.get()
    assert session.ended_at is None
    assert RefreshToken.objects.filter(revoked=None).count() == 1
    alive = [
        answer.json()["access_token"]
        for answer in answers
        if synapse.whoami(answer.json()["access_token"]).status_code == 200
    ]
    assert len(alive) == 1


def test_whoever_may_not_take_part_has_no_user_in_synapse(synapse: SynapseBeside, web_app: NewApp) -> None:
    egon = people.egon()
    app = web_app()
    browser = Browser(app.portal)
    page = browser.open(app.asking.url)
    assert isinstance(page, httpx.Response)
    ended = browser.submit(page, login=egon.email, password=people.PASSWORD)
    assert isinstance(ended, httpx.Response)
    assert ended.url.path == "/adgang/ikke-med-endnu/"
    assert "Lise Kaas" in ended.text
    assert provisioning.synapse().send(QueryUser(egon.localpart)) is None
    assert not Account.objects.exists()
    assert not Session.objects.exists()


def test_a_guest_is_shown_as_one_and_a_new_name_follows(synapse: SynapseBeside, web_app: NewApp) -> None:
    dorthe = people.dorthe()
    Person.objects.filter(pk=dorthe.pk).update(is_demo=True)
    app = web_app().sign_in(dorthe)
    path = f"profile/{user_id(dorthe)}"
    assert synapse.get(path, app.access).json()["displayname"] == "Dorthe Holm (gæst, Leverandøren)"
    rename_person(dorthe, "Dorthe Lund", by=None)
    assert synapse.get(path, app.access).json()["displayname"] == "Dorthe Lund (gæst, Leverandøren)"


def test_locking_somebody_ends_every_device_and_an_open_long_poll(
    synapse: SynapseBeside, web_app: NewApp, element_x: NewApp
) -> None:
    anna = people.anna()
    laptop, phone = web_app().sign_in(anna), element_x().sign_in(anna)
    since = synapse.get("sync", laptop.access).json()["next_batch"]
    with ThreadPoolExecutor(1) as threads:
        poll = threads.submit(synapse.get, "sync", laptop.access, since=since, timeout=50_000)
        time.sleep(1)  # until it is open
        lock_person(anna, by=None)
        assert synapse.whoami(laptop.access).status_code == 401
        assert synapse.whoami(phone.access).status_code == 401
        ended = poll.result(timeout=40)
    assert ended.status_code in (200, 401)
    assert synapse.get("sync", laptop.access, since=since).status_code == 401
    assert laptop.refresh().status_code == 400
    unlock_person(anna, by=people.bo())
    assert synapse.whoami(laptop.access).status_code == 401
    assert synapse.whoami(web_app().sign_in(anna).access).status_code == 200


def test_a_user_that_synapse_lost_is_made_again(synapse: SynapseBeside, web_app: NewApp) -> None:
    anna = people.anna()
    Account.objects.create(person=anna, provisioned=True, displayname=anna.display_name)
    app = web_app().sign_in(anna)
    assert synapse.whoami(app.access).json()["user_id"] == user_id(anna)


def test_while_synapse_is_away_nobody_is_lost(synapse: SynapseBeside, web_app: NewApp) -> None:
    anna = people.anna()
    browser = Browser(web_app().portal)
    laptop, phone, waiting = web_app().sign_in(anna, browser), web_app().sign_in(anna, browser), web_app()
    code = waiting.code_for(anna, browser)
    synapse.stop()
    try:
        for _ in range(2):
            away = waiting.exchange(code)
            assert (away.status_code, away.json()["error"]) == (503, "temporarily_unavailable")
        assert phone.refresh().status_code == 200
        assert laptop.sign_out().status_code == 200
        assert laptop.refresh().status_code == 400
        account = Account.objects.get(person=anna)
        assert account.dirty
        assert account.last_error
        jobs_of_anna = ProcrastinateJob.objects.filter(args={"person_id": anna.pk})
        assert [job.task_name for job in jobs_of_anna] == ["matrixauth.make_match"]
    finally:
        synapse.start()
    assert waiting.exchange(code).status_code == 200
    assert synapse.whoami(phone.access).status_code == 200
    jobs.make_all_match(0)
    account.refresh_from_db()
    assert not account.dirty
    assert set(synapse.devices(phone.access)) == {phone.device_id, waiting.device_id}


def test_saying_no_makes_no_account(synapse: SynapseBeside, element_x: NewApp) -> None:
    app = element_x()
    browser = Browser(app.portal)
    page = browser.open(app.asking.url)
    assert isinstance(page, httpx.Response)
    page = browser.submit(page, login=people.anna().email, password=people.PASSWORD)
    assert isinstance(page, httpx.Response)
    answer = browser.submit(page, allow="no")
    assert isinstance(answer, str)
    assert told(answer)["error"] == "access_denied"
    assert not Account.objects.exists()
