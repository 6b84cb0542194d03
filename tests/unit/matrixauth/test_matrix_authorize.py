"""The authorization endpoint: who gets a code, and where errors go."""

from datetime import timedelta
from typing import Any

import people
import pytest
from django.test import Client
from matrix_oauth import (
    ISSUER,
    WEB_REDIRECT,
    Asking,
    age_sign_in,
    browser_of,
    codes,
    registered,
    told,
    where_to,
)

from samtale.identity.models import Organisation, Person
from samtale.matrixauth.models import Account, Application, Grant

pytestmark = pytest.mark.django_db

API = "urn:matrix:client:api:*"


def element_x(**more: Any) -> Asking:
    return Asking(client_id=registered().client_id, redirect_uri="io.element.android:/", **more)


# ---- our own client ------------------------------------------------------------------------------


def test_our_own_client_gets_a_code_without_a_consent_page(anna: Person) -> None:
    browser = browser_of(anna)
    asking = Asking(scope="")
    answer = browser.get(asking.url)
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{WEB_REDIRECT}?")
    back = told(answer["Location"])
    assert back["state"] == "tilstand"
    assert back["iss"] == ISSUER
    grant = Grant.objects.get(code=back["code"])
    assert grant.user == anna
    assert grant.portal_session_key == browser.session.session_key


def test_only_our_own_client_gets_the_scope_of_the_portals_api(anna: Person) -> None:
    browser = browser_of(anna)
    scope = f"{API} urn:matrix:client:device:ABCDEFGHIJ urn:dk:os2:samtale:api"
    assert "code" in told(where_to(browser.get(Asking(scope=scope).url)))
    assert told(where_to(browser.get(element_x(scope=scope).url)))["error"] == "invalid_scope"


def test_nobody_gets_the_administration_scope_by_asking() -> None:
    freja = people.freja()
    Person.objects.filter(pk=freja.pk).update(role=Person.Role.OWNER, is_demo=True)
    browser = browser_of(freja)
    scope = f"{API} urn:matrix:client:device:ABCDEFGHIJ urn:synapse:admin:*"
    for asking in (Asking(scope=scope), element_x(scope=scope)):
        assert told(where_to(browser.get(asking.url)))["error"] == "invalid_scope"
    assert codes() == 0


# ---- signing in first ----------------------------------------------------------------------------


def test_without_a_session_one_signs_in_and_comes_back(anna: Person, nobody: Client) -> None:
    asking = Asking()
    answer = nobody.get(asking.url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/adgang/log-ind/?next=%2Fadgang%2Fmatrix%2Fauthorize")
    assert told(answer["Location"])["next"] == asking.url
    assert codes() == 0


def test_prompt_login_is_done_by_signing_in(nobody: Client) -> None:
    back = told(nobody.get(Asking(more={"prompt": "login consent"}).url)["Location"])["next"]
    assert told(back)["prompt"] == "consent"


def test_prompt_login_with_a_session_asks_for_a_proof(anna: Person) -> None:
    answer = browser_of(anna).get(Asking(more={"prompt": "login"}).url)
    assert answer["Location"].startswith("/adgang/bekraeft/?next=")
    assert "prompt" not in told(told(answer["Location"])["next"])
    assert codes() == 0


def test_prompt_none_without_a_session_is_login_required(nobody: Client) -> None:
    back = told(where_to(nobody.get(Asking(more={"prompt": "none"}).url)))
    assert (back["error"], back["state"], back["iss"]) == ("login_required", "tilstand", ISSUER)


def test_prompt_none_with_a_session_gives_a_code_to_our_own_client(anna: Person) -> None:
    assert "code" in told(where_to(browser_of(anna).get(Asking(more={"prompt": "none"}).url)))


def test_prompt_none_without_consent_is_consent_required(anna: Person) -> None:
    back = told(where_to(browser_of(anna).get(element_x(more={"prompt": "none"}).url)))
    assert back["error"] == "consent_required"


def test_prompt_none_goes_with_no_other_value(anna: Person) -> None:
    back = told(where_to(browser_of(anna).get(Asking(more={"prompt": "none login"}).url)))
    assert back["error"] == "invalid_request"
    assert codes() == 0


@pytest.mark.parametrize("prompt", ["create", "select_account", "nonsense"])
def test_a_prompt_that_does_not_exist_here_changes_nothing(anna: Person, prompt: str) -> None:
    assert "code" in told(where_to(browser_of(anna).get(Asking(more={"prompt": prompt}).url)))


def test_whoever_may_not_take_part_gets_no_code_and_no_account() -> None:
    egon = people.egon()
    browser = Client()
    sent = {"login": egon.email, "password": people.PASSWORD, "next": Asking().url}
    answer = browser.post("/adgang/log-ind/", sent)
    assert "/adgang/ikke-med-endnu/" in answer["Location"]
    assert browser.get(Asking().url)["Location"].startswith("/adgang/log-ind/")
    assert not Grant.objects.exists()
    assert not Account.objects.exists()


def test_an_organisation_that_leaves_shuts_its_people_out_of_the_authorize_page_too(anna: Person) -> None:
    browser = browser_of(anna)
    Organisation.objects.filter(pk=anna.organisation_id).update(state=Organisation.State.PAUSED)
    assert browser.get(Asking().url)["Location"].startswith("/adgang/log-ind/")
    assert codes() == 0


# ---- PKCE ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("without", "more"),
    [
        (("code_challenge", "code_challenge_method"), {}),
        (("code_challenge_method",), {}),
        ((), {"code_challenge_method": "plain"}),
        ((), {"code_challenge_method": "s256"}),
        ((), {"code_challenge": "tooshort"}),
        ((), {"code_challenge": "A" * 44}),
        ((), {"code_challenge": "A" * 42 + "="}),
    ],
)
def test_only_pkce_with_s256(anna: Person, without: tuple[str, ...], more: dict[str, str]) -> None:
    back = told(where_to(browser_of(anna).get(Asking(without=without, more=more).url)))
    assert back["error"] == "invalid_request"
    assert codes() == 0


# ---- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["query", "fragment"])
def test_codes_and_errors_come_in_the_response_mode_that_was_asked_for(anna: Person, mode: str) -> None:
    browser = browser_of(anna)
    mark = "#" if mode == "fragment" else "?"
    good = where_to(browser.get(Asking(more={"response_mode": mode}).url))
    assert good.startswith(f"{WEB_REDIRECT}{mark}code=")
    bad = where_to(browser.get(Asking(scope="openid", more={"response_mode": mode}).url))
    assert bad.startswith(f"{WEB_REDIRECT}{mark}error=invalid_scope")
    for uri in (good, bad):
        assert told(uri)["iss"] == ISSUER
        assert told(uri)["state"] == "tilstand"


def test_a_response_mode_that_does_not_exist_is_refused(anna: Person) -> None:
    back = where_to(browser_of(anna).get(Asking(more={"response_mode": "form_post"}).url))
    assert told(back)["error"] == "invalid_request"


@pytest.mark.parametrize("kind", ["token", "none", "id_token", "code token"])
def test_only_the_code_flow_exists(anna: Person, kind: str) -> None:
    back = told(where_to(browser_of(anna).get(Asking(more={"response_type": kind}).url)))
    assert back["error"] in ("unsupported_response_type", "unauthorized_client")
    assert codes() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": WEB_REDIRECT + "more"},
        {"redirect_uri": WEB_REDIRECT + "?x=1"},
        {"redirect_uri": WEB_REDIRECT + "#x"},
        {"redirect_uri": "javascript:alert(1)"},
        {"client_id": "unknown"},
        {"client_id": "unknown\x00"},
    ],
)
def test_an_unknown_client_or_redirect_is_told_to_the_person_and_to_nobody_else(
    anna: Person, change: dict[str, str]
) -> None:
    answer = browser_of(anna).get(Asking(**change).url)
    assert answer.status_code == 400
    assert "Location" not in answer
    assert "Refresh" not in answer
    assert "Appen kan ikke logge ind" in answer.content.decode()


def test_a_parameter_given_twice_is_refused(anna: Person) -> None:
    answer = browser_of(anna).get(Asking().url + "&client_id=samtale-web")
    assert answer.status_code == 400
    assert "Location" not in answer


def test_loopback_apps_come_back_on_any_port(anna: Person) -> None:
    metadata = {
        "application_type": "native",
        "client_uri": "https://element.io",
        "redirect_uris": ["http://127.0.0.1/cb", "http://localhost/cb"],
        "token_endpoint_auth_method": "none",
    }
    client = registered(metadata)
    browser = browser_of(anna)
    for uri in ("http://127.0.0.1:39999/cb", "http://localhost:40001/cb"):
        answer = browser.get(Asking(client_id=client.client_id, redirect_uri=uri).url)
        assert "Giv 127.0.0.1" not in answer.content.decode()
        assert answer.status_code == 200
    assert (
        browser.get(Asking(client_id=client.client_id, redirect_uri="http://127.0.0.1:1/x").url).status_code
        == 400
    )


def test_our_own_client_comes_back_to_its_own_port_only(anna: Person) -> None:
    Application.objects.filter(client_id="samtale-web").update(redirect_uris="http://localhost:8400/")
    browser = browser_of(anna)
    for uri in ("http://localhost:9999/", "http://localhost/", "http://LOCALHOST:8400/"):
        assert browser.get(Asking(redirect_uri=uri).url).status_code == 400
    assert "code=" in where_to(browser.get(Asking(redirect_uri="http://localhost:8400/").url))


@pytest.mark.parametrize(
    "more",
    [
        {"nonce": "n" * 2000},
        {"claims": "{"},
        {"resource": "https://elsewhere.example/"},
        {"state": "æøå & ;"},
        {"login_hint": "mxid:@anna:localhost"},
        {"ui_locales": "da en"},
    ],
)
def test_what_other_standards_add_does_no_harm(anna: Person, more: dict[str, str]) -> None:
    back = told(where_to(browser_of(anna).get(Asking(more=more).url)))
    assert "code" in back
    assert back["state"] == more.get("state", "tilstand")


# ---- the way out ---------------------------------------------------------------------------------


def test_a_redirect_within_our_origin_is_plain_and_any_other_is_a_page_that_goes_on(anna: Person) -> None:
    browser = browser_of(anna)
    assert browser.get(Asking().url).status_code == 303
    listed = Application.objects.get(client_id="samtale-web")
    for redirect_uri in ("https://another.example/cb", "app.example:/cb", "http://localhost:1/"):
        listed.redirect_uris = redirect_uri
        listed.save()
        answer = browser.get(Asking(redirect_uri=redirect_uri).url)
        assert answer.status_code == 200
        assert "Location" not in answer
        target = where_to(answer)
        assert target.startswith(redirect_uri)
        assert answer["Refresh"] == f"0; url={target}"
        assert f'href="{target.replace("&", "&amp;")}"' in answer.content.decode()
        assert answer["Content-Security-Policy"].count("form-action 'self';") == 1


def test_authorize_answers_are_never_cached(anna: Person, nobody: Client) -> None:
    for answer in (browser_of(anna).get(Asking().url), nobody.get(Asking().url)):
        assert "no-store" in answer["Cache-Control"]


# ---- consent -------------------------------------------------------------------------------------


def test_another_client_is_agreed_to_on_a_page_that_names_it_and_its_one_way_out(anna: Person) -> None:
    browser = browser_of(anna)
    answer = browser.get(element_x().url)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Giv Element X adgang?" in page
    assert "element.io" in page
    assert "form-action 'self' io.element.android:;" in answer["Content-Security-Policy"]
    assert codes() == 0


def test_the_page_names_the_host_that_gets_the_code(anna: Person) -> None:
    client = registered(
        {
            "client_uri": "https://github.io/",
            "redirect_uris": ["https://evil.github.io/cb"],
            "token_endpoint_auth_method": "none",
        }
    )
    asking = Asking(client_id=client.client_id, redirect_uri="https://evil.github.io/cb")
    assert "<dd>evil.github.io</dd>" in browser_of(anna).get(asking.url).content.decode()


def test_form_action_names_the_origin_of_a_web_redirect(anna: Person) -> None:
    client = registered(
        {
            "client_uri": "https://app.element.io/",
            "redirect_uris": ["https://app.element.io:8443/back?x=1"],
            "token_endpoint_auth_method": "none",
        }
    )
    asking = Asking(client_id=client.client_id, redirect_uri="https://app.element.io:8443/back?x=1")
    policy = browser_of(anna).get(asking.url)["Content-Security-Policy"]
    assert "form-action 'self' https://app.element.io:8443;" in policy


def test_saying_yes_gives_a_code_and_is_remembered(anna: Person) -> None:
    browser = browser_of(anna)
    asking = element_x()
    answer = browser.post(asking.url, {"allow": "yes"})
    assert answer.status_code == 303
    assert answer["Location"].startswith("io.element.android:/?code=")
    assert told(answer["Location"])["iss"] == ISSUER
    assert "code" in told(where_to(browser.get(element_x().url)))


def test_saying_no_tells_the_client_and_is_not_remembered(anna: Person) -> None:
    browser = browser_of(anna)
    for mode, mark in (("query", "?"), ("fragment", "#")):
        answer = browser.post(element_x(more={"response_mode": mode}).url, {"allow": "no"})
        assert answer.status_code == 303
        assert answer["Location"].startswith(f"io.element.android:/{mark}error=access_denied")
        assert told(answer["Location"])["state"] == "tilstand"
    assert codes() == 0
    assert browser.get(element_x().url).status_code == 200
    assert "Refresh" not in browser.get(element_x().url)


def test_consent_is_remembered_for_one_person_and_one_client(anna: Person, bo: Person) -> None:
    anna_browser = browser_of(anna)
    anna_browser.post(element_x().url, {"allow": "yes"})
    assert "Refresh" not in browser_of(bo).get(element_x().url)
    other = registered(
        {
            "client_uri": "https://other.example",
            "redirect_uris": ["https://other.example/"],
            "token_endpoint_auth_method": "none",
        }
    )
    asking = Asking(client_id=other.client_id, redirect_uri="https://other.example/")
    assert "Refresh" not in anna_browser.get(asking.url)


def test_prompt_consent_asks_again(anna: Person) -> None:
    browser = browser_of(anna)
    browser.post(element_x().url, {"allow": "yes"})
    answer = browser.get(element_x(more={"prompt": "consent"}).url)
    assert "Refresh" not in answer
    assert "Giv Element X adgang?" in answer.content.decode()


def test_consent_needs_a_sign_in_within_ten_minutes(anna: Person) -> None:
    browser = browser_of(anna)
    age_sign_in(browser, timedelta(minutes=11))
    for answer in (browser.get(element_x().url), browser.post(element_x().url, {"allow": "yes"})):
        assert answer.status_code in (302, 303)
        assert answer["Location"].startswith("/adgang/bekraeft/?next=%2Fadgang%2Fmatrix%2Fauthorize")
    assert codes() == 0
    # Our own client, and one agreed to before, need no new proof.
    assert "code" in told(where_to(browser.get(Asking().url)))


def test_consent_without_its_form_is_refused(anna: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = browser_of(anna).cookies
    assert browser.post(element_x().url, {"allow": "yes"}).status_code == 403
    assert codes() == 0
