"""A client that waits gets a session without a question, or hears that there would be one."""

from pathlib import Path

import people
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from federation import SLUG, Municipality, read
from matrix_oauth import Asking, where_to
from matrix_oauth import told as query_of

from samtale.lifecycle import conduct
from samtale.oiosaml.models import StoredMetadata
from samtale_testidp.answers import form_value
from samtale_testidp.people import ANNA

SILENT = Asking(more={"prompt": "none"}).url
NO_PASSIVE = (
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">'
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoPassive"/></samlp:StatusCode>'
)


def told(answer: HttpResponse) -> dict[str, str]:
    """What the client is sent back with."""
    return query_of(where_to(answer))


@pytest.fixture
def known_browser(municipality: Municipality, browser: Client) -> Client:
    """Anna came by her municipality on this device, and her session is over."""
    people.organisation("Aarhus Kommune")
    municipality.sign_in(browser, ANNA)
    people.Person.objects.update(welcomed_at=timezone.now(), accepted_conduct=conduct.VERSION)
    del browser.cookies["samtale_portal"]
    return browser


def silent_start(browser: Client) -> str:
    answer = browser.get(SILENT)
    assert answer["Location"].startswith(f"/adgang/log-ind/i-stilhed/{SLUG}/?next=")
    return str(answer["Location"])


def test_the_municipality_is_asked_and_must_not_ask_the_person(
    municipality: Municipality, known_browser: Client
) -> None:
    asked = municipality.asked(known_browser.get(silent_start(known_browser)))
    request = read(asked["SAMLRequest"])
    assert (request.get("IsPassive"), request.get("ForceAuthn")) == ("true", None)


def test_who_is_signed_in_there_is_signed_in_here(municipality: Municipality, known_browser: Client) -> None:
    answer = municipality.sign_in(known_browser, ANNA, start=silent_start(known_browser))
    assert answer["Location"] == SILENT
    assert "code" in told(known_browser.get(SILENT))


def test_who_is_not_is_told_to_the_client_and_nobody_is_asked_twice(
    municipality: Municipality, known_browser: Client
) -> None:
    asked = municipality.asked(known_browser.get(silent_start(known_browser)))
    said = form_value(municipality.answer(asked["id"], ANNA).response("", status=NO_PASSIVE))
    back = municipality.arrive(known_browser, said, asked["RelayState"])
    assert back["Location"] == SILENT
    assert told(known_browser.get(SILENT))["error"] == "login_required"
    # The next time it may have changed.
    silent_start(known_browser)


def test_a_municipality_that_is_away_is_no_page_of_ours(
    municipality: Municipality, known_browser: Client
) -> None:
    StoredMetadata.objects.all().delete()
    (metadata,) = {provider.metadata for provider in municipality.service.providers.values()}
    Path(metadata).unlink()
    answer = known_browser.get(silent_start(known_browser))
    assert answer["Location"] == SILENT
    assert told(known_browser.get(SILENT))["error"] == "login_required"


def test_a_browser_that_nobody_came_with_is_told_at_once(municipality: Municipality, browser: Client) -> None:
    assert told(browser.get(SILENT))["error"] == "login_required"


def test_a_way_that_is_gone_is_not_asked(municipality: Municipality, browser: Client) -> None:
    browser.cookies["samtale_vej"] = "gone"
    assert told(browser.get(SILENT))["error"] == "login_required"
