"""An authority that speaks plain SAML 2.0, from the first click to the session."""

from dataclasses import replace
from typing import Any

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from federation import ENTITY, SLUG, Municipality

from samtale.audit.models import Entry
from samtale.config_sections import SamlSection
from samtale.identity.models import Person
from samtale.lifecycle import trials
from samtale.oiosaml.plain import Attributes
from samtale_testidp.answers import Answer
from samtale_testidp.answers import Person as Said
from samtale_testidp.people import find

REGION = "29190925"
CARLA = Said("carla-7f1e", {"displayName": "Carla Holt", "mail": "carla.holt@rm.dk"})


@pytest.fixture
def region(municipality: Municipality, settings: Any) -> Municipality:
    """The same provider without OIOSAML."""
    known = replace(
        municipality.service.providers[SLUG],
        cvrs=frozenset({REGION}),
        attributes=Attributes(name="displayName", email="mail"),
    )
    settings.OIOSAML = municipality.service = replace(municipality.service, providers={SLUG: known})
    section = SamlSection(
        name="Region Midtjylland", metadata="x", cvr=(REGION,), name_attribute="displayName"
    )
    fka = replace(settings.CONFIG.fka, require_medlem=True)
    settings.CONFIG = replace(settings.CONFIG, oiosaml={}, saml={SLUG: section}, fka=fka)
    people.organisation("Region Midtjylland")
    return municipality


def answer(region: Municipality, request_id: str) -> Answer:
    carla = find("carla")
    assert carla is not None
    return region.answer(request_id, carla).but(person=CARLA, name_id_format="persistent")


def sign_in(region: Municipality, browser: Client, start: str) -> Any:
    asked = region.asked(browser.get(start))
    return region.arrive(browser, region.sealed(answer(region, asked["id"])), asked["RelayState"])


def test_an_official_comes_in_as_a_member(region: Municipality, browser: Client) -> None:
    response = sign_in(region, browser, f"/adgang/log-ind/med/{SLUG}/?next=%2Fp%2Fos2display")
    assert response["Location"] == "/p/os2display"
    carla = Person.objects.get(pk=browser.session["_auth_user_id"])
    assert (carla.name, carla.email, carla.role) == ("Carla Holt", "carla.holt@rm.dk", "member")
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == (SLUG, f"{REGION}:carla-7f1e")


def test_a_foreign_organisation_is_refused(region: Municipality, browser: Client, settings: Any) -> None:
    known = replace(
        region.service.providers[SLUG],
        cvrs=frozenset({REGION}),
        attributes=Attributes(name="displayName", cvr="mail"),
    )
    settings.OIOSAML = replace(region.service, providers={SLUG: known})
    assert sign_in(region, browser, f"/adgang/log-ind/med/{SLUG}/").status_code == 400
    assert not Person.objects.exists()
    assert Entry.objects.get().act == "sign_in.answer_refused"


def test_a_trial_tells_the_attributes(region: Municipality, browser: Client) -> None:
    key, address = trials.begin(SLUG)
    response = sign_in(region, browser, "/" + address.split("/", 3)[3])
    assert "Prøven er færdig" in response.text
    outcome = trials.outcome(key)
    assert outcome is not None
    assert outcome.kind == "admitted"
    assert outcome.told[0] == "claims that came: displayName, https://data.gov.dk/concept/core/nsis/loa, mail"
    assert not Person.objects.exists()


def test_a_trial_tells_why_an_answer_is_refused(region: Municipality, browser: Client) -> None:
    key, address = trials.begin(SLUG)
    asked = region.asked(browser.get("/" + address.split("/", 3)[3]))
    wrong = answer(region, asked["id"]).but(audience=ENTITY)
    assert region.arrive(browser, region.sealed(wrong), asked["RelayState"]).status_code == 400
    outcome = trials.outcome(key)
    assert outcome is not None
    assert outcome.told == ("refused at the step assertion: it is for another audience",)
