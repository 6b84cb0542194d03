"""An operator tries a way in: the terminal is told what came and what it would give, and nothing is kept."""

from dataclasses import replace
from io import StringIO
from typing import Any

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from openid import Authority, arrive

from samtale.identity.models import Organisation, Person
from samtale.lifecycle import trials
from samtale.lifecycle.management.commands import idp_test
from samtale_testidp.openid import tokens
from samtale_testidp.people import OFFICIALS

CARLA = OFFICIALS[0]


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def opened(browser: Client, slug: str = "region") -> tuple[str, Any]:
    """A trial that was begun, and what its address answers."""
    key, address = trials.begin(slug)
    return key, browser.get(path_of(address))


def told(key: str) -> str:
    outcome = trials.outcome(key)
    assert outcome is not None
    return "\n".join([outcome.kind, *outcome.told])


def test_what_came_and_what_it_would_give(region: Authority, browser: Client) -> None:
    people.organisation("Region Midtjylland")
    key, leaving = opened(browser)
    page = arrive(browser, region.answer(leaving, person="carla"))
    assert "Prøven er færdig" in page.text
    said = told(key)
    assert said.startswith(
        "admitted\nclaims that came: aud, auth_time, azp, cvr, email, exp, iat, iss, loa, name"
    )
    assert "organisation: 29190925 Region Midtjylland" in said
    assert "name: Carla Holt\ne-mail: carla.holt@rm.dk\nrights: member\naccount: a new one" in said
    assert trials.outcome(key) is None


def test_nobody_is_signed_in_and_nothing_made(region: Authority, browser: Client) -> None:
    _, leaving = opened(browser)
    arrive(browser, region.answer(leaving, person="carla"))
    assert "_auth_user_id" not in browser.session
    assert not (Person.objects.exists())
    assert not (SocialAccount.objects.exists())
    assert not (Organisation.objects.exists())


def test_an_organisation_that_is_not_known_would_be_turned_away(region: Authority, browser: Client) -> None:
    key, leaving = opened(browser)
    arrive(browser, region.answer(leaving, person="carla"))
    assert "turned_away" in told(key)


def test_a_locked_person_would_be_turned_away(region: Authority, browser: Client) -> None:
    carla = people.carla()
    Person.objects.filter(pk=carla.pk).update(locked_at=timezone.now())
    SocialAccount.objects.create(
        user=carla, provider="region", uid=f"{CARLA.organisation.cvr}:{CARLA.serial}"
    )
    key, leaving = opened(browser)
    arrive(browser, region.answer(leaving, person="carla"))
    assert "account: Carla" in (said := told(key))
    assert said.startswith("turned_away")


def test_why_an_answer_is_refused_is_told(region: Authority, browser: Client) -> None:
    key, leaving = opened(browser)
    assert arrive(browser, region.answer(leaving, attack="audience")).status_code == 400
    assert told(key) == "refused\nrefused at the step ID token: it is not valid: InvalidAudienceError"


def test_a_claim_that_is_missing_is_told(
    broker: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = tokens.claims
    monkeypatch.setattr(tokens, "claims", lambda *given: {**true(*given), "uuid": ""})
    key, leaving = opened(browser, "os2")
    arrive(browser, broker.answer(leaving, person="anna"))
    assert "refused at the step claims: uuid is missing or empty" in told(key)


def test_who_gives_up_ends_the_trial(region: Authority, browser: Client) -> None:
    key, leaving = opened(browser)
    arrive(browser, region.answer(leaving, cancel="1"))
    assert told(key) == "nobody\nnobody was signed in: AuthnFailed"


def test_a_provider_that_is_away_is_told(region: Authority, browser: Client, settings: Any) -> None:
    provider = replace(settings.OIDC.providers["region"], issuer="http://127.0.0.1:9/oidc")
    settings.OIDC = replace(settings.OIDC, providers={"region": provider})
    key, page = opened(browser)
    assert "Prøven er færdig" in page.text
    assert "cannot\nhttp://127.0.0.1:9/oidc/.well-known/openid-configuration: ConnectError" in told(key)


def test_an_address_works_once(region: Authority, browser: Client) -> None:
    _, address = trials.begin("region")
    path = path_of(address)
    assert browser.get(path).status_code == 302
    assert browser.get(path).status_code == 410
    assert browser.get("/adgang/log-ind/proeve/nothing/").status_code == 410


def test_the_command_waits_for_the_browser(
    region: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.organisation("Region Midtjylland")
    out = StringIO()

    def walk(_seconds: float) -> None:
        address = next(line for line in out.getvalue().split() if line.startswith("http"))
        leaving = browser.get(path_of(address))
        arrive(browser, region.answer(leaving, person="carla"))

    monkeypatch.setattr(idp_test.time, "sleep", walk)
    call_command("idp_test", "region", stdout=out)
    assert "would be let in" in out.getvalue()


def test_what_claims_are_called_does_not_steer_the_terminal(
    region: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.organisation("Region Midtjylland")
    monkeypatch.setattr(trials, "outcome", lambda _: trials.Outcome("admitted", ("\x1b[2Jgone",)))
    out = StringIO()
    call_command("idp_test", "region", stdout=out)
    assert "\x1b" not in out.getvalue()


def test_a_way_in_that_is_none(region: Authority) -> None:
    with pytest.raises(CommandError, match=r"those that samtale\.toml names are: region"):
        call_command("idp_test", "nobody")
