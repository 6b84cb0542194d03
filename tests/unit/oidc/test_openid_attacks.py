"""Answers of an OpenID Provider that must be refused: 400, one page, one entry in the log, no session."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import people
import pytest
from django.http import HttpResponse
from django.test import Client
from federation import make_keys
from openid import Authority, arrive

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.oidc import discovery, pending
from samtale.oidc.models import PendingSignIn
from samtale_testidp.openid import evil, tokens

#: Which check says no. Those that are not named are the ID token's.
STEPS = {
    "no-state": "answer",
    "state": "request",
    "state-twice": "answer",
    "no-code": "answer",
    "code": "code",
    "code-twice": "answer",
    "answer-issuer": "answer",
    "no-answer-issuer": "answer",
    "replay": "code",
}


def is_refused(browser: Client, answer: HttpResponse, step: str) -> None:
    assert answer.status_code == 400
    assert "Du blev ikke logget ind" in answer.text
    entry = Entry.objects.get(act="sign_in.answer_refused")
    assert entry.detail["step"] == step, entry.detail
    assert entry.detail["reason"] not in answer.text
    assert "_auth_user_id" not in browser.session


@pytest.fixture(autouse=True)
def organisation(db: None) -> None:
    people.organisation("Region Midtjylland")


@pytest.mark.parametrize("slug", [attack.slug for attack in evil.ATTACKS])
def test_an_attack_is_refused(region: Authority, browser: Client, slug: str) -> None:
    region.sign_in(Client(), "carla")
    before = Person.objects.count()
    is_refused(browser, region.attack(browser, slug), STEPS.get(slug, "ID token"))
    assert Person.objects.count() == before


def test_the_right_answer_in_another_browser_waits_for_its_own(region: Authority, browser: Client) -> None:
    back = region.answer(browser.get(region.start), person="carla")
    stranger = Client()
    is_refused(stranger, arrive(stranger, back), "request")
    assert arrive(browser, back).status_code == 302
    assert "_auth_user_id" in browser.session


def test_the_same_answer_comes_twice(region: Authority, browser: Client) -> None:
    back = region.answer(browser.get(region.start), person="carla")
    arrive(browser, back)
    browser.session.flush()
    is_refused(browser, arrive(browser, back), "request")


def test_a_code_of_another_browser_is_not_exchanged(region: Authority, browser: Client) -> None:
    """Login CSRF and code injection: the code is right, its PKCE verifier and nonce are another browser's."""
    mine = region.answer(browser.get(region.start), person="carla")
    victim = Client()
    theirs = region.asked(victim.get(region.start))
    injected = mine.replace(mine.partition("state=")[2].partition("&")[0], theirs["state"])
    is_refused(victim, arrive(victim, injected), "code")


def test_too_late(region: Authority, browser: Client) -> None:
    back = region.answer(browser.get(region.start), person="carla")
    held = PendingSignIn.objects.get()
    PendingSignIn.objects.update(at=held.at - pending.LIFETIME - timedelta(seconds=1))
    is_refused(browser, arrive(browser, back), "request")


def test_an_answer_at_another_providers_address(region: Authority, browser: Client, settings: Any) -> None:
    known = settings.OIDC.providers["region"]
    settings.OIDC = replace(settings.OIDC, providers={"region": known, "other": known})
    back = region.answer(browser.get(region.start), person="carla")
    is_refused(browser, arrive(browser, back.replace("/retur/region/", "/retur/other/")), "request")


def test_a_provider_that_is_none(region: Authority, browser: Client) -> None:
    is_refused(browser, browser.get("/adgang/log-ind/retur/nobody/?state=x&code=y"), "provider")


def test_a_new_key_is_asked_for_and_a_withdrawn_one_not_believed(
    region: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    region.sign_in(browser, "carla")
    old, region.provider.keys = region.provider.keys, make_keys("rolled over")
    monkeypatch.setattr(discovery, "PATIENCE", 0.0)
    fresh = Client()
    region.sign_in(fresh, "carla")
    assert "_auth_user_id" in fresh.session
    monkeypatch.setattr(
        tokens, "signed", lambda said, _keys, real=tokens.signed, **header: real(said, old, **header)
    )
    late = Client()
    is_refused(late, region.sign_in(late, "carla"), "ID token")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"issuer": "https://evil.example"}, "is about the issuer"),
        ({"token_endpoint": "http://10.0.0.1/token"}, "token_endpoint is not HTTPS"),
        ({"jwks_uri": None}, "jwks_uri is missing"),
        ({"authorization_endpoint": "file:///etc/passwd"}, "authorization_endpoint is not HTTPS"),
    ],
)
def test_a_discovery_document_that_leads_elsewhere(  # noqa: PLR0917 - fixtures
    region: Authority,
    browser: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    changed: dict[str, object],
    told: str,
) -> None:
    real = discovery.ask
    monkeypatch.setattr(discovery, "ask", lambda *given: (200, {**real(*given)[1], **changed}))
    assert browser.get(region.start)["Location"] == "/adgang/log-ind/"
    assert told in caplog.text


def test_old_requests_are_thrown_away(region: Authority, browser: Client) -> None:
    browser.get(region.start)
    held = PendingSignIn.objects.get()
    assert pending.forget_old(held.at + pending.LIFETIME) == 0
    assert pending.forget_old(held.at + pending.LIFETIME + timedelta(seconds=1)) == 1
