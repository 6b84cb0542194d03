"""Who gets a code, who is asked first, who is turned away, and where errors go."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import people
import pytest
from django.test import Client
from matrix_oauth import age_sign_in, browser_of, told, where_to
from sso_client import AUTHORIZE, CALLBACK, CONSENT, ISSUER, Asking

from samtale.audit.models import Entry
from samtale.identity import actions
from samtale.identity.models import Person
from samtale.sso.models import Consent, Session


def refused_by(browser: Client, asking: Asking) -> dict[str, str]:
    """The error that the service gets."""
    uri = where_to(browser.get(asking.url))
    assert uri.startswith(asking.redirect_uri)
    assert "code" not in told(uri)
    return told(uri)


def test_a_trusted_service_gets_a_code_without_a_question(browser: Client) -> None:
    answer = browser.get(Asking().url)
    uri = where_to(answer)
    assert uri.startswith(f"{CALLBACK}?")
    assert told(uri).keys() == {"code", "state", "iss"}
    assert (told(uri)["state"], told(uri)["iss"]) == ("tilstand", ISSUER)
    assert "no-store" in answer["Cache-Control"]
    assert "form-action 'self';" in answer["Content-Security-Policy"]


def test_who_is_not_signed_in_is_led_there_and_back(nobody: Client, anna: Person) -> None:
    answer = nobody.get(Asking(more={"prompt": "login", "max_age": "0"}).url)
    sign_in = urlsplit(answer["Location"])
    back = parse_qs(sign_in.query)["next"][0]
    assert sign_in.path == "/adgang/log-ind/"
    assert back.startswith(f"{AUTHORIZE}?")
    # The sign-in is what both asked for: they are not asked for again.
    assert not {"prompt", "max_age"} & parse_qs(urlsplit(back).query).keys()
    assert "code" in told(where_to(browser_of(anna).get(back)))


def test_a_form_on_the_services_page_is_taken_as_an_address(nobody: Client) -> None:
    answer = Client(enforce_csrf_checks=True).post(AUTHORIZE, Asking().parameters)
    assert answer.status_code == 303
    assert urlsplit(answer["Location"]).path == AUTHORIZE
    assert parse_qs(urlsplit(answer["Location"]).query)["client_id"] == ["zulip"]


def test_who_is_asked_sees_what_the_service_learns(browser: Client, anna: Person) -> None:
    page = browser.get(Asking("forgejo").url).content.decode()
    assert "Log ind på Forgejo?" in page
    assert anna.name in page
    assert anna.email in page
    assert "Fællesskaber" not in page
    browser.cookies["samtale_sprog"] = "en"
    assert "Sign in to Forgejo?" in browser.get(Asking("forgejo").url).content.decode()


def agree(browser: Client, asking: Asking, allow: str = "yes") -> Any:
    return browser.post(f"{CONSENT}?{urlsplit(asking.url).query}", {"allow": allow})


def test_a_yes_is_remembered_and_audited(browser: Client, anna: Person) -> None:
    asking = Asking("forgejo", "openid profile", {"prompt": "consent"})
    answer = agree(browser, asking)
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{AUTHORIZE}?"), "no form of ours leads off our origin"
    assert "code" in told(where_to(browser.get(answer["Location"])))
    assert "code" in told(where_to(browser.get(Asking("forgejo", "openid profile").url)))
    entry = Entry.objects.get(act="sso.consent_given")
    assert (entry.by, entry.subject, entry.detail) == (anna, "forgejo", {"scopes": ["openid", "profile"]})


def test_more_than_was_agreed_to_is_asked_again(browser: Client) -> None:
    agree(browser, Asking("forgejo", "openid profile"))
    assert "Log ind på Forgejo?" in browser.get(Asking("forgejo").url).content.decode()
    agree(browser, Asking("forgejo"))
    assert "code" in told(where_to(browser.get(Asking("forgejo").url)))
    assert Consent.objects.get().scopes == ["email", "openid", "profile"]


def test_a_service_may_have_it_asked_anew(browser: Client) -> None:
    agree(browser, Asking("forgejo"))
    page = browser.get(Asking("forgejo", more={"prompt": "consent"}).url)
    assert "Log ind på Forgejo?" in page.content.decode()


def test_a_no_goes_to_the_service(browser: Client) -> None:
    answer = agree(browser, Asking("forgejo"), allow="no")
    assert told(where_to(answer))["error"] == "access_denied"
    assert not Consent.objects.exists()


def test_nobody_else_can_answer_for_the_person(anna: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna)
    assert agree(browser, Asking("forgejo")).status_code == 403
    assert not Consent.objects.exists()


def test_a_guest_is_told_kindly(anna: Person) -> None:
    guest = Client()
    guest.force_login(people.dorthe())
    people.dorthe().authenticator_set.create(type="totp", data={})
    answer = guest.get(Asking().url)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Du har ikke adgang til Zulip" in page
    assert "error=access_denied" in page
    assert Entry.objects.filter(act="sso.refused", on=people.dorthe(), subject="zulip").exists()
    assert not Session.objects.exists()
    # Where the configuration names guests, they may.
    assert "code" in told(where_to(guest.get(Asking("app", "openid profile").url)))


def test_who_must_set_up_a_second_factor_does_that_first() -> None:
    freja = Client()
    freja.force_login(people.freja())
    assert freja.get(Asking().url)["Location"] == "/adgang/to-trin/saet-op/"


def test_only_organisations_of_the_kinds_that_are_named(db: None) -> None:
    carla = browser_of(people.carla())
    assert carla.get(Asking("app", "openid").url).status_code == 403
    assert "code" in told(where_to(carla.get(Asking().url)))


def test_whose_organisation_has_not_joined_never_comes_so_far(nobody: Client) -> None:
    nobody.post("/adgang/log-ind/", {"login": people.egon().email, "password": people.PASSWORD})
    assert urlsplit(nobody.get(Asking().url)["Location"]).path == "/adgang/log-ind/"
    assert refused_by(nobody, Asking(more={"prompt": "none"}))["error"] == "login_required"


def test_who_was_locked_meanwhile_is_nobody(browser: Client, anna: Person) -> None:
    actions.lock_person(anna, by=None)
    assert refused_by(browser, Asking(more={"prompt": "none"}))["error"] == "login_required"


def test_silently_only_with_nothing_left_to_ask(browser: Client, nobody: Client) -> None:
    silent = {"prompt": "none"}
    assert refused_by(nobody, Asking(more=silent))["error"] == "login_required"
    assert refused_by(browser, Asking("forgejo", more=silent))["error"] == "consent_required"
    assert "code" in told(where_to(browser.get(Asking(more=silent).url)))
    assert refused_by(browser, Asking(more={"prompt": "none login"}))["error"] == "invalid_request"
    age_sign_in(browser, timedelta(minutes=5))
    old = {"prompt": "none", "max_age": "60"}
    assert refused_by(browser, Asking(more=old))["error"] == "login_required"


def test_a_guest_is_refused_silently_too(db: None) -> None:
    guest = Client()
    people.dorthe().authenticator_set.create(type="totp", data={})
    guest.force_login(people.dorthe())
    assert refused_by(guest, Asking(more={"prompt": "none"}))["error"] == "access_denied"


def test_who_signed_in_too_long_ago_shows_it_again_once(browser: Client) -> None:
    age_sign_in(browser, timedelta(minutes=5))
    assert "code" in told(where_to(browser.get(Asking(more={"max_age": "600"}).url)))
    for asked in ({"max_age": "60"}, {"max_age": "0"}, {"prompt": "login"}):
        answer = browser.get(Asking(more=asked).url)
        detour = urlsplit(answer["Location"])
        assert detour.path == "/adgang/bekraeft/"
        browser.post(answer["Location"], {"password": people.PASSWORD})
        assert "code" in told(where_to(browser.get(parse_qs(detour.query)["next"][0])))
        age_sign_in(browser, timedelta(minutes=5))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"redirect_uri": f"{CALLBACK}x"}, "invalid_request"),
        ({"redirect_uri": f"{CALLBACK}?more=1"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": "https://code.example/callback"}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_request"),
        ({"client_id": "zulip\0"}, "invalid_request"),
        ({"client_id": "samtale-web"}, "invalid_request"),
    ],
)
def test_an_error_about_who_asks_or_where_to_goes_to_the_person(
    browser: Client, wrong: dict[str, str], error: str
) -> None:
    answer = browser.get(Asking(more=wrong).url)
    assert answer.status_code == 400
    assert error in answer.content.decode()
    assert "Refresh" not in answer
    assert "Location" not in answer


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"scope": "openid calendar"}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unauthorized_client"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"nonce": "a\0b"}, "invalid_request"),
        ({"nonce": "n" * 513}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://zulip.example/r"}, "request_uri_not_supported"),
        ({"id_token_hint": "eyJ.eyJ.x"}, "login_required"),
    ],
)
def test_any_other_error_goes_to_the_service(browser: Client, wrong: dict[str, str], error: str) -> None:
    said = refused_by(browser, Asking(more=wrong))
    assert (said["error"], said["state"], said["iss"]) == (error, "tilstand", ISSUER)


def test_a_public_client_must_use_pkce_and_others_may_leave_it(browser: Client) -> None:
    without = ("code_challenge", "code_challenge_method")
    assert refused_by(browser, Asking("app", "openid", without=without))["error"] == "invalid_request"
    assert "code" in told(where_to(browser.get(Asking(without=without).url)))


def test_a_hint_must_mean_whoever_is_signed_in(browser: Client) -> None:
    of_anna = Asking().tokens(browser)["id_token"]
    hinting = Asking(more={"id_token_hint": of_anna})
    assert "code" in told(where_to(browser.get(hinting.url)))
    assert refused_by(browser_of(people.bo()), hinting)["error"] == "login_required"
    of_another_service = Asking("app", "openid").tokens(browser)["id_token"]
    foreign = Asking(more={"id_token_hint": of_another_service})
    assert refused_by(browser, foreign)["error"] == "login_required"


@pytest.mark.parametrize("claims", ["{", "[]", '{"userinfo": {"role": null}}'])
def test_the_claims_parameter_is_ignored(browser: Client, claims: str) -> None:
    assert "code" in told(where_to(browser.get(Asking(more={"claims": claims}).url)))


def test_what_cannot_be_read_is_an_error_and_no_fault(browser: Client) -> None:
    for query in ("client_id=%zz", "client_id=zulip&client_id=zulip", "scope=%ff", ""):
        assert browser.get(f"{AUTHORIZE}?{query}").status_code == 400
