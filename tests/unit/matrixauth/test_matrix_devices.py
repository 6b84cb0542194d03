"""The pages of one's devices, the API's bearer token, signing out of our own client."""

from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client, RequestFactory
from django.utils import translation
from matrix_oauth import ACCOUNT, Asking, a_pair, a_session, browser_of, is_active, registered, web_client
from people import PASSWORD

from samtale.audit.models import Entry
from samtale.identity.actions import lock_person, rename_person, unlock_person
from samtale.identity.models import Person
from samtale.matrixauth import bearer
from samtale.matrixauth.models import Account, Grant, Session, device_name
from samtale.matrixauth.views.sign_out import sign_out

pytestmark = pytest.mark.django_db


def living() -> set[str]:
    return set(Session.objects.filter(ended_at=None).values_list("device_id", flat=True))


# ---- account management ----------------------------------------------------------------------------


def test_the_list_shows_ones_own_living_devices_and_which_is_this_one(anna: Person, bo: Person) -> None:
    browser = browser_of(anna)
    here = a_session(anna, portal_session_key=browser.session.session_key)
    phone = a_session(anna, registered())
    a_session(bo, device_id="BOSDEVICE01")
    over = a_session(anna, device_id="ENDEDDEVICE")
    Session.objects.filter(pk=over.pk).update(ended_at=over.created_at)
    for action in ("", "?action=org.matrix.devices_list", "?action=org.matrix.sessions_list", "?action=x"):
        page = browser.get(ACCOUNT + action).content.decode()
        assert here.device_id in page
        assert phone.device_id in page
        assert "Element X" in page
        assert page.count("(denne browser)") == 1
        assert "BOSDEVICE01" not in page
        assert "ENDEDDEVICE" not in page


@pytest.mark.parametrize("action", ["device_view", "device_delete", "session_view", "session_end"])
def test_a_link_to_one_device_shows_it_and_ends_nothing(anna: Person, action: str) -> None:
    browser = browser_of(anna)
    device = a_session(anna, registered())
    answer = browser.get(f"{ACCOUNT}?action=org.matrix.{action}&device_id={device.device_id}")
    page = answer.content.decode()
    assert device.device_id in page
    assert "Log enheden ud" in page
    assert living() == {device.device_id}


def test_a_link_to_somebody_elses_device_shows_ones_own_list(anna: Person, bo: Person) -> None:
    theirs = a_session(bo, registered())
    a_session(anna)
    answer = browser_of(anna).get(f"{ACCOUNT}?action=org.matrix.device_view&device_id={theirs.device_id}")
    page = answer.content.decode()
    assert "<h1>Dine enheder</h1>" in page
    assert "Element X" not in page


def test_a_device_is_ended_by_post_and_only_by_its_person(anna: Person, bo: Person) -> None:
    device = a_session(anna)
    pair = a_pair(device)
    path = f"{ACCOUNT}/{device.pk}/end"
    assert browser_of(bo).post(path).status_code == 404
    browser = browser_of(anna)
    assert browser.get(path).status_code == 405
    assert is_active(pair.access)
    answer = browser.post(path)
    assert (answer.status_code, answer["Location"]) == (303, ACCOUNT)
    assert not is_active(pair.access)
    assert living() == set()
    entry = Entry.objects.get(act="matrix.session_ended")
    assert (entry.by, entry.on, entry.subject) == (anna, anna, device.device_id)
    assert browser.post(path).status_code == 404


def test_the_pages_ask_to_sign_in_first(anna: Person) -> None:
    device = a_session(anna)
    assert Client().get(ACCOUNT)["Location"].startswith("/adgang/log-ind/?next=")
    assert Client().post(f"{ACCOUNT}/{device.pk}/end")["Location"].startswith("/adgang/log-ind/")
    assert living() == {device.device_id}


def test_the_form_is_protected(anna: Person) -> None:
    device = a_session(anna)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = browser_of(anna).cookies
    assert browser.post(f"{ACCOUNT}/{device.pk}/end").status_code == 403


def test_the_pages_speak_english_too(anna: Person) -> None:
    browser = browser_of(anna)
    a_session(anna, registered())
    browser.cookies["samtale_sprog"] = "en"
    page = browser.get(ACCOUNT).content.decode()
    assert "Your devices" in page
    assert "Dine enheder" not in page
    translation.activate("da")


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("client", "agent", "name"),
    [
        (web_client, FIREFOX, "OS2samtale (Firefox, Windows)"),
        (registered, CHROME, "Element X (Android)"),
        (web_client, "curl/8", "OS2samtale"),
        (web_client, "", "OS2samtale"),
    ],
)
def test_a_device_is_named_by_its_app_and_where_it_runs(
    anna: Person, client: Any, agent: str, name: str
) -> None:
    application = client()
    browser = browser_of(anna)
    asking = Asking(client_id=application.client_id, redirect_uri=application.redirect_uris)
    browser.post(asking.url, {"allow": "yes"}, headers={"User-Agent": agent})
    grant = Grant.objects.get()
    assert device_name(application, grant.browser) == name
    assert a_session(anna, application, browser=grant.browser).name == name


# ---- the API's bearer ------------------------------------------------------------------------------


def ask(header: str | None) -> bearer.Signed | None:
    headers = {} if header is None else {"Authorization": header}
    return bearer.authenticate(RequestFactory().get("/api/me", headers=headers))


def test_our_own_clients_token_opens_the_api(anna: Person) -> None:
    session = a_session(anna)
    signed = ask(f"Bearer {a_pair(session).access}")
    assert signed is not None
    assert (signed.person, signed.session) == (anna, session)
    assert "urn:dk:os2:samtale:api" in signed.scopes


def test_a_registered_clients_token_does_not_open_the_api(anna: Person) -> None:
    pair = a_pair(a_session(anna, registered()))
    assert is_active(pair.access)
    assert ask(f"Bearer {pair.access}") is None


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic x", "Bearer " + "x" * 999]
)
def test_what_is_no_token_does_not_open_the_api(db: None, header: str | None) -> None:
    assert ask(header) is None


def test_a_refresh_token_does_not_open_the_api(anna: Person) -> None:
    assert ask(f"Bearer {a_pair(a_session(anna)).refresh}") is None


def test_an_expired_token_does_not_open_the_api(anna: Person) -> None:
    assert ask(f"Bearer {a_pair(a_session(anna), lifetime=0).access}") is None


def test_a_locked_persons_token_does_not_open_the_api(anna: Person) -> None:
    pair = a_pair(a_session(anna))
    lock_person(anna, by=None)
    assert ask(f"Bearer {pair.access}") is None


def test_the_cookie_does_not_open_the_api(anna: Person) -> None:
    request = RequestFactory().get("/api/me")
    request.COOKIES = {key: morsel.value for key, morsel in browser_of(anna).cookies.items()}
    assert bearer.authenticate(request) is None


def test_the_api_asks_one_question(anna: Person, django_assert_num_queries: Any) -> None:
    pair = a_pair(a_session(anna))
    ask(f"Bearer {pair.access}")
    with django_assert_num_queries(1):
        signed = ask(f"Bearer {pair.access}")
        assert signed is not None
        assert signed.person.organisation is not None


# ---- signing out -----------------------------------------------------------------------------------


def test_signing_out_of_our_client_ends_the_device_and_the_browsers_session(anna: Person) -> None:
    browser, other_browser = browser_of(anna), browser_of(anna)
    session = a_session(anna, portal_session_key=browser.session.session_key)
    phone = a_session(anna, registered())
    pair = a_pair(session)
    answer = sign_out(
        RequestFactory().post("/api/sign-out", headers={"Authorization": f"Bearer {pair.access}"})
    )
    assert answer.status_code == 200
    assert answer.content == b'{"next": "/adgang/logget-ud/"}'
    assert not is_active(pair.access)
    assert living() == {phone.device_id}
    assert browser.get(ACCOUNT)["Location"].startswith("/adgang/log-ind/")
    assert other_browser.get(ACCOUNT).status_code == 200


def test_signing_out_ends_the_session_that_the_browser_has_by_now(anna: Person, bo: Person) -> None:
    """A device lives for weeks, a portal session for hours: it is often not the one it was born from."""
    browser, bos = browser_of(anna), browser_of(bo)
    pairs = [a_pair(a_session(anna, portal_session_key="long over")) for _ in range(2)]
    for client, pair, status in ((bos, pairs[0], 200), (browser, pairs[1], 302)):
        client.post("/api/sign-out", headers={"Authorization": f"Bearer {pair.access}"})
        assert client.get(ACCOUNT).status_code == status
    assert not any(is_active(pair.access) for pair in pairs)


def test_signing_out_without_a_token_does_nothing(anna: Person) -> None:
    browser = browser_of(anna)
    before = BrowserSession.objects.count()
    for header in ({}, {"Authorization": "Bearer nonsense"}):
        assert sign_out(RequestFactory().post("/api/sign-out", headers=header)).status_code == 401
    assert sign_out(RequestFactory().get("/api/sign-out")).status_code == 405
    assert BrowserSession.objects.count() == before
    assert browser.get(ACCOUNT).status_code == 200


def test_signing_out_of_the_portal_keeps_the_devices(anna: Person) -> None:
    browser = browser_of(anna)
    session = a_session(anna, portal_session_key=browser.session.session_key)
    assert browser.post("/adgang/log-ud/").status_code in (302, 303)
    assert living() == {session.device_id}


# ---- what follows from an act on a person ------------------------------------------------------------


def test_locking_ends_every_device_and_has_synapse_delete_them(anna: Person, bo: Person) -> None:
    browser = browser_of(anna)
    pairs = [a_pair(a_session(anna)), a_pair(a_session(anna, registered()))]
    kept = a_pair(a_session(bo))
    lock_person(anna, by=bo)
    assert not any(is_active(pair.access) for pair in pairs)
    assert is_active(kept.access)
    assert Account.objects.get(person=anna).dirty
    assert not Account.objects.get(person=bo).dirty
    assert browser.get(ACCOUNT)["Location"].startswith("/adgang/log-ind/")
    assert Entry.objects.get(act="matrix.sessions_ended").on == anna


def test_a_changed_password_ends_every_device_but_this_browsers(anna: Person) -> None:
    browser = browser_of(anna)
    here = a_session(anna, portal_session_key=browser.session.session_key)
    there = a_pair(a_session(anna, registered()))
    new = "en helt anden adgangskode"
    browser.post("/adgang/adgangskode/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert living() == {here.device_id}
    assert not is_active(there.access)
    here.refresh_from_db()
    assert here.portal_session_key == browser.session.session_key
    assert Entry.objects.get(act="matrix.sessions_ended").detail["reason"] == "password_changed"


def test_a_forgotten_passwords_replacement_ends_every_device(anna: Person, bo: Person) -> None:
    pair, kept = a_pair(a_session(anna)), a_pair(a_session(bo))
    key = f"{user_pk_to_url_str(anna)}-{default_token_generator.make_token(anna)}"
    browser, new = Client(), "en helt anden adgangskode"
    form = browser.get(f"/adgang/glemt-adgangskode/{key}/")["Location"]
    browser.post(form, {"password1": new, "password2": new})
    assert not is_active(pair.access)
    assert is_active(kept.access)
    assert Account.objects.get(person=anna).dirty


def test_unlocking_brings_no_device_back(anna: Person, bo: Person) -> None:
    pair = a_pair(a_session(anna))
    lock_person(anna, by=bo)
    unlock_person(anna, by=bo)
    assert not is_active(pair.access)
    assert Account.objects.get(person=anna).dirty


def test_a_new_name_is_told_to_synapse_and_nothing_else_is(anna: Person) -> None:
    a_session(anna)
    rename_person(anna, "Anna Jensen", by=None)
    assert not Account.objects.get(person=anna).dirty
    rename_person(anna, "Anna Madsen", by=None)
    assert Account.objects.get(person=anna).dirty


def test_somebody_synapse_does_not_know_is_not_told_of(anna: Person, bo: Person) -> None:
    rename_person(anna, "Anna Madsen", by=None)
    lock_person(bo, by=None)
    assert not Account.objects.filter(dirty=True).exists()
