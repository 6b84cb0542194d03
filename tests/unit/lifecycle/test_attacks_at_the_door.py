"""Every wrong answer that the test identity provider has, at the portal's door: the page, and no session."""

from urllib.parse import urlsplit

import people
import pytest
from django.test import Client
from federation import ACS, SLUG, Municipality, make_keys
from refused_page import is_refused

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.oiosaml.models import PendingRequest, ProviderSession
from samtale_testidp import evil
from samtale_testidp.answers import Keys
from samtale_testidp.evil.attack import Attack, Earlier, Scene
from samtale_testidp.people import ANNA, FREJA

ATTACKS = {attack.slug: attack for attack in evil.ATTACKS}


@pytest.fixture(scope="session")
def stranger() -> Keys:
    return make_keys("stranger")


@pytest.fixture(autouse=True)
def aarhus(db: None) -> None:
    people.organisation("Aarhus Kommune")


def somebody_came_in_before(municipality: Municipality) -> Earlier:
    """Anna, in a browser that has closed."""
    other = Client(headers={"accept-language": "da"})
    asked = municipality.asked(other.get(f"/adgang/log-ind/med/{SLUG}/"))
    answer = municipality.answer(asked["id"], ANNA)
    said = municipality.sealed(answer)
    assert municipality.arrive(other, said, asked["RelayState"]).status_code == 302
    ProviderSession.objects.all().delete()
    Entry.objects.all()._raw_delete("default")
    return Earlier(said, answer.assertion_id)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_turned_away(
    municipality: Municipality, browser: Client, stranger: Keys, attack: Attack
) -> None:
    earlier = somebody_came_in_before(municipality) if attack.needs_earlier else None
    before = set(Person.objects.values_list("pk", flat=True))
    asked = municipality.asked(browser.get(f"/adgang/log-ind/med/{SLUG}/"))
    host = str(urlsplit(municipality.service.entity_id).hostname)
    scene = Scene(
        municipality.answer(asked["id"], ANNA),
        municipality.keys,
        stranger,
        municipality.service_keys.private.public_key(),
        FREJA.subject(host),
        earlier=earlier,
    )
    form = {"SAMLResponse": attack.make(scene), "RelayState": asked["RelayState"]}
    is_refused(browser, browser.post(ACS, form), step=None)
    assert set(Person.objects.values_list("pk", flat=True)) == before, "nobody was made"
    assert not PendingRequest.objects.exists(), "it cannot be tried again"
