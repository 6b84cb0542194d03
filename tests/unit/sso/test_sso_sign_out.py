"""When a session ends, the services hear of it; and a service may end it."""

from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
import people
import pytest
from django.contrib.auth import login
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from matrix_oauth import a_pair, a_session, browser_of, where_to
from procrastinate.contrib.django.models import ProcrastinateJob
from sso_client import BASE, GOODBYE, ISSUER, LOGOUT, Asking

from samtale.audit.models import Entry
from samtale.identity import actions
from samtale.identity.models import Organisation, Person
from samtale.sso import jobs, keys, signed
from samtale.sso.models import Session, SigningKey

CONFIRM = f"{LOGOUT}/confirm"


def told_of() -> list[str]:
    """The services that will be told, one for each session."""
    waiting = ProcrastinateJob.objects.filter(task_name="sso.send_logout").order_by("id")
    return [Session.objects.get(pk=job.args["session_id"]).service_id for job in waiting]


def sign_out(browser: Client, person: Person) -> None:
    browser.post("/adgang/log-ud/")


def lock(browser: Client, person: Person) -> None:
    actions.lock_person(person, by=None)


def pause(browser: Client, person: Person) -> None:
    organisation = Organisation.objects.get(pk=person.organisation_id)
    actions.change_state(organisation, "paused", by=None)


def end_elsewhere(browser: Client, person: Person) -> None:
    browser_of(person).post("/adgang/sessioner/luk-andre/")


def new_password(browser: Client, person: Person) -> None:
    browser.post(
        "/adgang/adgangskode/",
        {
            "oldpassword": people.PASSWORD,
            "password1": "en helt ny lang en",
            "password2": "en helt ny lang en",
        },
    )


def become_guest(browser: Client, person: Person) -> None:
    actions.change_role(person, "guest", by=people.freja())


def sign_out_of_our_client(browser: Client, person: Person) -> None:
    device = a_session(person, portal_session_key=browser.session.session_key)
    bearer = {"Authorization": f"Bearer {a_pair(device).access}"}
    answer = Client().post("/api/sign-out", headers=bearer)
    assert answer.status_code == 200, answer.content


ENDS = [sign_out, lock, pause, end_elsewhere, new_password, become_guest, sign_out_of_our_client]


@pytest.mark.parametrize("happens", ENDS)
def test_the_services_hear_of_each_end(browser: Client, anna: Person, happens: Any) -> None:
    asking = Asking()
    got = asking.tokens(browser)
    Asking("app", "openid").tokens(browser)  # which has no address to be told at
    happens(browser, anna)
    assert told_of() == ["zulip"]
    assert asking.refresh(got["refresh_token"]).status_code == 400
    assert Entry.objects.filter(act="sso.signed_out", on=anna, subject="zulip").count() == 1


def test_other_browsers_of_the_person_stay(browser: Client, anna: Person) -> None:
    Asking().tokens(browser)
    elsewhere = browser_of(anna)
    kept = Asking().tokens(elsewhere)
    sign_out(browser, anna)
    assert told_of() == ["zulip"]
    assert Asking().refresh(kept["refresh_token"]).status_code == 200
    assert len({session.sid for session in Session.objects.all()}) == 2


def test_a_service_that_never_came_for_its_tokens_is_not_told(browser: Client, anna: Person) -> None:
    Asking().code(browser)
    sign_out(browser, anna)
    assert told_of() == []


def test_a_lock_reaches_services_after_the_portal_session(browser: Client, anna: Person) -> None:
    """Theirs may live for weeks."""
    Asking().tokens(browser)
    Session.objects.update(runs_out_at=timezone.now() - timedelta(days=20))
    actions.lock_person(anna, by=None)
    assert told_of() == ["zulip"]


def again(cookie: str, person: Person, session: Any) -> None:
    request = RequestFactory().get("/", headers={"Cookie": f"samtale_portal={cookie}"})
    request.session = session
    request.user = person
    login(request, person, backend="samtale.identity.backend.PersonBackend")


def test_who_signs_in_anew_keeps_the_services_and_somebody_else_does_not(
    browser: Client, anna: Person
) -> None:
    got = Asking().tokens(browser)
    session, old = browser.session, str(browser.session.session_key)
    again(old, anna, session)
    assert session.session_key == old
    renewed = Asking().refresh(got["refresh_token"])
    assert renewed.status_code == 200
    again(str(session.session_key), people.bo(), session)
    assert told_of() == ["zulip"]
    assert Asking().refresh(renewed.json()["refresh_token"]).status_code == 400


def test_the_logout_token(browser: Client, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-Channel Logout 1.0, section 2.4."""
    id_token = jwt.decode(Asking().tokens(browser)["id_token"], options={"verify_signature": False})
    sign_out(browser, anna)
    sent: list[Any] = []

    def post(address: str, *, data: dict[str, str], timeout: float, follow_redirects: bool) -> httpx.Response:
        sent.append((address, data, follow_redirects))
        return httpx.Response(200)

    monkeypatch.setattr(httpx, "post", post)
    jobs.send_logout(session_id=Session.objects.get().pk)
    [(address, data, follow_redirects)] = sent
    assert (address, follow_redirects) == ("https://zulip.example/backchannel", False)
    token = data["logout_token"]
    assert jwt.get_unverified_header(token)["typ"] == "logout+jwt"
    jwk = Client().get(f"{BASE}/jwks").json()["keys"][0]
    said = jwt.decode(token, jwt.PyJWK(jwk, "RS256"), ["RS256"], audience="zulip", issuer=ISSUER)
    assert set(said) == {"iss", "aud", "iat", "exp", "jti", "sub", "sid", "events"}
    assert (said["sub"], said["sid"]) == (id_token["sub"], id_token["sid"])
    assert said["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert said["exp"] - said["iat"] == 120
    # It is no ID token, though the same key signed it.
    assert signed.read_hint(token, "zulip") is None


@pytest.mark.parametrize("answer", [400, 302, 500, None])
def test_a_service_that_did_not_listen_is_told_again(
    browser: Client, anna: Person, monkeypatch: pytest.MonkeyPatch, answer: int | None
) -> None:
    Asking().tokens(browser)
    sign_out(browser, anna)

    def post(*_: Any, **__: Any) -> httpx.Response:
        if answer is None:
            raise httpx.ConnectError("no route to zulip.example")
        return httpx.Response(answer)

    monkeypatch.setattr(httpx, "post", post)
    with pytest.raises(jobs.LogoutNotTaken, match=r"^zulip: (HTTP \d+|ConnectError)$"):
        jobs.send_logout(session_id=Session.objects.get().pk)
    assert jobs.send_logout.retry_strategy is not None


# The service ends it


def leaving(id_token: str = "", **more: str) -> str:
    sent = {"id_token_hint": id_token, "post_logout_redirect_uri": GOODBYE, "state": "s", **more}
    return f"{LOGOUT}?{urlencode({key: value for key, value in sent.items() if value})}"


def test_a_service_signs_out_its_own_session_without_a_question(browser: Client, anna: Person) -> None:
    id_token = Asking().tokens(browser)["id_token"]
    answer = browser.get(leaving(id_token))
    assert where_to(answer) == f"{GOODBYE}?state=s"
    assert "_auth_user_id" not in browser.session
    assert told_of() == ["zulip"]
    assert Entry.objects.filter(act="sign_out", on=anna).exists()


def test_an_old_hint_still_says_who_is_meant(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.IDP_OIDC_ID_TOKEN_EXPIRES_IN", -60)
    id_token = Asking().tokens(browser)["id_token"]
    assert where_to(browser.get(leaving(id_token))).startswith(GOODBYE)


@pytest.mark.parametrize("hint", ["none", "other browser", "other person"])
def test_else_the_person_is_asked(browser: Client, anna: Person, hint: str) -> None:
    other = {"none": None, "other browser": browser_of(anna), "other person": browser_of(people.bo())}[hint]
    id_token = Asking().tokens(other)["id_token"] if other else ""
    address = leaving(id_token, client_id="zulip")
    page = browser.get(address)
    assert "Log også ud af OS2samtale?" in page.content.decode()
    assert "_auth_user_id" in browser.session
    answer = browser.post(f"{CONFIRM}?{urlsplit(address).query}")
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{LOGOUT}?"), "no form of ours leads off our origin"
    assert where_to(browser.get(answer["Location"])) == f"{GOODBYE}?state=s"
    assert "_auth_user_id" not in browser.session


def test_nobody_else_can_say_yes(anna: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna)
    assert browser.post(f"{CONFIRM}?{urlsplit(leaving(client_id='zulip')).query}").status_code == 403
    assert "_auth_user_id" in browser.session


def test_a_form_on_the_services_page_asks_too(browser: Client) -> None:
    answer = browser.post(LOGOUT, {"client_id": "zulip"})
    assert (answer.status_code, answer["Location"]) == (303, f"{LOGOUT}?client_id=zulip")
    assert "_auth_user_id" in browser.session


def test_who_is_signed_out_already_goes_on(nobody: Client) -> None:
    assert where_to(nobody.get(leaving(client_id="zulip"))) == f"{GOODBYE}?state=s"
    assert nobody.get(LOGOUT)["Location"] == "/adgang/logget-ud/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "zulip", "post_logout_redirect_uri": f"{GOODBYE}x"},
        {"client_id": "zulip", "post_logout_redirect_uri": f"{GOODBYE}?a=b"},
        {"client_id": "zulip", "post_logout_redirect_uri": "https://evil.example/"},
        {"client_id": "forgejo"},
        {"client_id": "nobody"},
        {},
        {"id_token": "eyJ.eyJ.x"},
    ],
)
def test_nobody_is_sent_to_where_the_service_is_not(browser: Client, wrong: dict[str, str]) -> None:
    answer = browser.get(leaving(**wrong))
    assert answer.status_code == 400
    assert "Refresh" not in answer
    assert "_auth_user_id" in browser.session


def test_a_hint_of_another_service_is_none(browser: Client) -> None:
    id_token = Asking("app", "openid").tokens(browser)["id_token"]
    assert browser.get(leaving(id_token, client_id="zulip")).status_code == 400
    assert "_auth_user_id" in browser.session


# Keys


def kids() -> list[str]:
    return [key["kid"] for key in Client().get(f"{BASE}/jwks").json()["keys"]]


def signing(browser: Client) -> str:
    return str(jwt.get_unverified_header(Asking().tokens(browser)["id_token"])["kid"])


def later(by: timedelta) -> None:
    """As if that much time had passed for the keys."""
    for key in SigningKey.objects.all():
        key.signs_from -= by
        key.published_until = key.published_until and key.published_until - by
        key.save()


def test_keys_follow_one_another_without_a_gap(browser: Client) -> None:
    [first] = kids()
    assert keys.rotate(timezone.now()) == keys.Rotation(made=False, withdrawn=0)
    later(keys.IN_USE - keys.AHEAD)
    assert keys.rotate(timezone.now()).made
    _, second = kids()
    assert signing(browser) == first, "the next one is published before it signs"
    later(keys.AHEAD)
    assert kids() == [first, second]
    assert signing(browser) == second
    hint = Asking().tokens(browser)["id_token"]
    later(keys.AFTER + timedelta(seconds=1))
    assert kids() == [second]
    assert keys.rotate(timezone.now()) == keys.Rotation(made=False, withdrawn=1)
    assert signed.read_hint(hint, "zulip") is not None


def test_a_key_signs_on_as_long_as_nobody_rotates(browser: Client) -> None:
    [first] = kids()
    later(timedelta(days=400))
    assert signing(browser) == first
    keys.rotate(timezone.now())
    assert signing(browser) == first
    assert len(kids()) == 2


def test_keys_that_somebody_may_have_read_are_gone_at_once(browser: Client) -> None:
    id_token = Asking().tokens(browser)["id_token"]
    call_command("sso_replace_keys", stdout=StringIO())
    assert Entry.objects.get(act="sso.keys_replaced").detail == {"withdrawn": 1}
    assert signed.read_hint(id_token, "zulip") is None
    assert kids() == [signing(browser)]


def test_no_key_lies_open_in_the_database(db: None) -> None:
    assert "PRIVATE" not in SigningKey.objects.get().sealed


def test_services_are_told_how_long_they_may_keep_the_keys(nobody: Client) -> None:
    answer = nobody.get(f"{BASE}/jwks")
    assert answer["Cache-Control"] == "max-age=3600, must-revalidate"
    assert {key["kty"] for key in answer.json()["keys"]} == {"RSA"}
    assert "d" not in answer.json()["keys"][0]
