"""TOTP with real codes, recovery codes, and for whom a second factor is a must."""

import re
import time

import people
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client

from samtale.audit.models import Entry
from samtale.identity import sessions
from samtale.identity.models import Person

pytestmark = pytest.mark.django_db

SETUP = "/adgang/to-trin/saet-op/"
APP = "/adgang/to-trin/app/"
DANISH = {"accept-language": "da"}


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def signed_in(person: Person) -> Client:
    browser = Client(headers=DANISH)
    browser.post("/adgang/log-ind/", {"login": person.email, "password": people.PASSWORD})
    return browser


def set_up_app(browser: Client) -> str:
    page = browser.get(APP)
    found = re.search(r"<code>([A-Z2-7]+)</code>", page.text)
    assert found, page.text
    answer = browser.post(APP, {"code": code(found[1])})
    assert answer["Location"] == "/adgang/to-trin/noedkoder/"
    return found[1]


def recovery_codes(browser: Client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", browser.get("/adgang/to-trin/noedkoder/").text)


@pytest.mark.parametrize("who", [people.dorthe, people.freja])
def test_guests_and_administrators_must_set_one_up_before_anything_else(who) -> None:
    browser = signed_in(who())
    wanted = "/adgang/matrix/authorize?client_id=x&state=1"
    for path in ("/adgang/konto/", "/p/os2display", wanted, "/adgang/adgangskode/"):
        assert browser.get(path)["Location"] == SETUP, path
    assert browser.post("/adgang/konto/sprog/", {"language": "en"})["Location"] == SETUP
    assert "Kode-app" in browser.get(SETUP).text
    browser.get(wanted)
    set_up_app(browser)
    page = browser.get("/adgang/to-trin/noedkoder/")
    assert 'href="/adgang/matrix/authorize?client_id=x&amp;state=1"' in page.text
    assert browser.get("/adgang/konto/").status_code == 200
    assert browser.get(SETUP).status_code == 302


def test_an_owner_must_too() -> None:
    owner = people.person("Ove Ejer", "ove@os2.eu", "OS2", "owner")
    assert signed_in(owner).get("/adgang/konto/")["Location"] == SETUP


def test_members_may_do_without() -> None:
    assert signed_in(people.anna()).get("/adgang/konto/").status_code == 200


def test_one_may_leave_and_change_language_on_the_way() -> None:
    browser = signed_in(people.dorthe())
    assert browser.get("/adgang/sprog/en/?naeste=" + SETUP)["Location"] == SETUP
    assert "One more step" in browser.get(SETUP).text
    assert browser.post("/adgang/log-ud/")["Location"] == "/adgang/logget-ud/"


def test_the_demos_people_are_exempt_in_the_demo_only(settings) -> None:
    freja = people.freja()
    Person.objects.filter(pk=freja.pk).update(is_demo=True)
    browser = signed_in(freja)
    assert browser.get("/adgang/konto/").status_code == 200
    settings.CONFIG = settings.CONFIG.__class__(**{**vars(settings.CONFIG), "demo": False})
    assert browser.get("/adgang/konto/")["Location"] == SETUP


def test_signing_in_takes_the_code_once_it_is_set_up() -> None:
    anna = people.anna()
    secret = set_up_app(signed_in(anna))
    Authenticator.objects.filter(type="totp").update(last_used_at=None)
    browser = Client(headers=DANISH)
    wanted = "/adgang/matrix/authorize?client_id=x"
    first = browser.post(
        "/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD, "next": wanted}
    )
    assert (first.status_code, first["Location"]) == (303, "/adgang/log-ind/kode/")
    assert browser.get("/adgang/konto/").status_code == 302
    assert "Skriv koden" in browser.get("/adgang/log-ind/kode/").text
    wrong = browser.post("/adgang/log-ind/kode/", {"code": "000000"})
    assert "Koden er ikke rigtig" in wrong.text
    right = browser.post("/adgang/log-ind/kode/", {"code": code(secret, 1)})
    assert (right.status_code, right["Location"]) == (303, wanted)
    assert browser.get("/adgang/konto/").status_code == 200


def test_a_code_works_once() -> None:
    anna = people.anna()
    secret = set_up_app(signed_in(anna))
    used = code(secret, 1)
    answers = []
    for _ in range(2):
        browser = Client()
        browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
        answers.append(browser.post("/adgang/log-ind/kode/", {"code": used}).status_code)
    assert answers == [303, 200]


def test_codes_cannot_be_guessed() -> None:
    anna = people.anna()
    secret = set_up_app(signed_in(anna))
    browser = Client(headers=DANISH)
    browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
    for _ in range(5):
        browser.post("/adgang/log-ind/kode/", {"code": "000000"})
    answer = browser.post("/adgang/log-ind/kode/", {"code": code(secret, 1)})
    assert "Der har været for mange forsøg" in answer.text


def test_a_recovery_code_works_once_and_they_are_shown_once() -> None:
    anna = people.anna()
    setting_up = signed_in(anna)
    set_up_app(setting_up)
    codes = recovery_codes(setting_up)
    assert len(codes) == 10
    assert recovery_codes(setting_up) == []
    answers = []
    for _ in range(2):
        browser = Client()
        browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
        answers.append(browser.post("/adgang/log-ind/kode/", {"code": codes[0]}).status_code)
    assert answers == [303, 200]
    assert setting_up.get("/adgang/to-trin/noedkoder/hent/").status_code == 404


def test_new_recovery_codes_replace_the_old() -> None:
    browser = signed_in(people.anna())
    set_up_app(browser)
    old = recovery_codes(browser)
    assert browser.get("/adgang/to-trin/noedkoder/nye/").status_code == 200
    assert browser.post("/adgang/to-trin/noedkoder/nye/")["Location"] == "/adgang/to-trin/noedkoder/"
    new = recovery_codes(browser)
    assert len(new) == 10
    assert not set(old) & set(new)


def test_secrets_are_not_in_the_database_in_the_clear() -> None:
    browser = signed_in(people.anna())
    secret = set_up_app(browser)
    codes = recovery_codes(browser)
    stored = str([factor.data for factor in Authenticator.objects.all()])
    assert secret not in stored
    assert not any(one in stored for one in codes)


def test_a_sensitive_act_asks_again_after_ten_minutes(monkeypatch) -> None:
    browser = signed_in(people.anna())
    assert browser.get(APP).status_code == 200
    later = time.time() + settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    asked = browser.get(APP)
    assert asked["Location"].startswith("/adgang/bekraeft/?next=")
    assert "Bekræft, at det er dig" in browser.get(asked["Location"]).text
    assert "Adgangskoden er ikke rigtig" in browser.post(asked["Location"], {"password": "forkert"}).text
    shown = browser.post(asked["Location"], {"password": people.PASSWORD})
    assert (shown.status_code, shown["Location"]) == (303, APP)
    assert browser.get(APP).status_code == 200


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        (APP, {"code": "000000"}),
        ("/adgang/to-trin/app/fjern/", {}),
        ("/adgang/to-trin/noedkoder/nye/", {}),
        ("/adgang/adgangsnoegler/ny/", {"name": "x", "credential": "{}"}),
        ("/adgang/adgangsnoegler/KEY/navn/", {"name": "omdøbt"}),
        ("/adgang/adgangsnoegler/KEY/fjern/", {}),
    ],
)
def test_no_way_to_sign_in_changes_with_an_old_sign_in(monkeypatch, path: str, sent: dict[str, str]) -> None:
    anna = people.anna()
    browser = signed_in(anna)
    if path != APP:
        set_up_app(browser)
    key = Authenticator.objects.create(user=anna, type="webauthn", data={"name": "Nøgle", "credential": {}})
    path = path.replace("KEY", str(key.pk))
    before = list(Authenticator.objects.order_by("pk").values_list("pk", "type", "data"))
    later = time.time() + settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    for answer in (browser.get(path), browser.post(path, sent)):
        assert answer.status_code in {302, 303}
        assert answer["Location"].startswith("/adgang/bekraeft/?next="), answer["Location"]
    assert list(Authenticator.objects.order_by("pk").values_list("pk", "type", "data")) == before


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/"])
def test_showing_again_who_one_is_leads_nowhere_else(target: str) -> None:
    browser = signed_in(people.anna())
    shown = browser.post("/adgang/bekraeft/", {"password": people.PASSWORD, "next": target})
    assert (shown.status_code, shown["Location"]) == (303, "/")


def test_a_member_may_take_the_app_away_a_guest_not_the_last() -> None:
    member = signed_in(people.anna())
    set_up_app(member)
    assert member.post("/adgang/to-trin/app/fjern/")["Location"] == "/adgang/to-trin/"
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(act="sign_in.factor_removed", on=people.anna()).exists()
    guest = signed_in(people.dorthe())
    set_up_app(guest)
    assert "Din konto skal have en kode-app" in guest.get("/adgang/to-trin/app/fjern/").text
    assert guest.post("/adgang/to-trin/app/fjern/").status_code == 200
    assert Authenticator.objects.filter(user=people.dorthe(), type="totp").exists()


def test_a_passkey_is_asked_for_by_a_page_of_our_own() -> None:
    browser = signed_in(people.anna())
    page = browser.get("/adgang/adgangsnoegler/ny/")
    assert page.status_code == 200
    assert 'data-passkey="make"' in page.text
    assert '"id": "localhost"' in page.text
    options = Client().get("/adgang/log-ind/adgangsnoegle/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        "{}",
        "[]",
        "1",
        '{"id": 1}',
        '{"id": "eA", "rawId": "eA", "response": {}}',
        '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {"userHandle": 7}}',
    ],
)
def test_a_passkey_that_is_none_is_refused(sent: str) -> None:
    browser = signed_in(people.anna())
    bad = browser.post("/adgang/adgangsnoegler/ny/", {"name": "x", "credential": sent, "passwordless": "on"})
    assert bad.status_code == 200
    refused = Client().post("/adgang/log-ind/adgangsnoegle/", {"credential": sent})
    assert (refused.status_code, refused["Location"]) == (303, "/adgang/log-ind/")
    assert not Authenticator.objects.exists()
