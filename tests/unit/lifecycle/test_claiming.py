"""An account with the same address: claimed with the address's mail, or left alone."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from federation import SLUG, Municipality

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.lifecycle import jobs
from samtale.lifecycle.models import Claim
from samtale_testidp.people import ANNA


def signed_in(client: Client) -> Person | None:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def link_in_the_mail() -> str:
    """The worker's job is run by hand here; the mail is the last one."""
    jobs.send_claim(claim_id=Claim.objects.latest("at").pk)
    found = re.search(r"http://\S+(/adgang/hent-konto/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


@pytest.fixture
def invited(db: None) -> Person:
    """Anna's account was made for her, and she never signed in."""
    return people.anna()


@pytest.fixture
def link(municipality: Municipality, invited: Person, browser: Client) -> str:
    answer = municipality.sign_in(browser, ANNA, start=f"/adgang/log-ind/med/{SLUG}/?next=/adgang/konto/")
    page = browser.get(answer["Location"])
    assert "Se i din indbakke" in page.text
    assert signed_in(browser) is None
    return link_in_the_mail()


def test_right(invited: Person, browser: Client, link: str) -> None:
    assert mail.outbox[-1].to == ["anna.jensen@aarhus.dk"]
    assert "Anna Jensen" in browser.get(link).text
    answer = browser.post(link)
    assert (answer.status_code, answer["Location"]) == (303, "/adgang/konto/")
    assert signed_in(browser) == invited
    assert SocialAccount.objects.get().user == invited
    assert Entry.objects.filter(act="account.claimed", on=invited).exists()


def test_looking_at_the_link_uses_nothing_up(invited: Person, browser: Client, link: str) -> None:
    for _ in range(3):
        assert browser.get(link).status_code == 200
    browser.post(link)
    assert signed_in(browser) == invited


@pytest.mark.parametrize("method", ["get", "post"])
def test_in_another_browser(invited: Person, link: str, method: str) -> None:
    other = Client(headers={"accept-language": "da"})
    answer = getattr(other, method)(link)
    assert answer.status_code == 410
    assert "den browser" in answer.text
    assert signed_in(other) is None
    assert not SocialAccount.objects.exists()


def test_expired(invited: Person, browser: Client, link: str) -> None:
    Claim.objects.update(at=datetime.now(UTC) - timedelta(minutes=31))
    answer = browser.post(link)
    assert answer.status_code == 410
    assert "30 minutter" in answer.text
    assert signed_in(browser) is None


def test_twice(invited: Person, browser: Client, link: str) -> None:
    browser.post(link)
    browser.session.flush()
    answer = browser.post(link)
    assert answer.status_code == 410
    assert signed_in(browser) is None


def test_only_the_newest_link_works(
    municipality: Municipality, invited: Person, browser: Client, link: str
) -> None:
    municipality.sign_in(browser, ANNA)
    newer = link_in_the_mail()
    assert browser.post(link).status_code == 410
    assert browser.post(newer).status_code == 303


def test_the_link_is_in_the_mail_and_nowhere_else(invited: Person, link: str) -> None:
    token = link.strip("/").rpartition("/")[2]
    assert not Claim.objects.filter(token=token).exists()
    assert token not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_an_account_of_another_organisation_is_never_offered(
    municipality: Municipality, browser: Client
) -> None:
    people.organisation("Aarhus Kommune")
    carla = people.carla()
    answer = municipality.sign_in(browser, replace(ANNA, email="carla.holt@rm.dk"))
    assert answer["Location"] == "/adgang/samme-adresse/"
    assert not Claim.objects.exists()
    page = browser.get("/adgang/samme-adresse/")
    assert "carla.holt@rm.dk" in page.text
    assert signed_in(browser) is None
    browser.post("/adgang/samme-adresse/")
    made = signed_in(browser)
    assert made is not None
    assert made != carla
    assert made.email is None


def test_the_question_is_answered_soon_or_not_at_all(
    municipality: Municipality, invited: Person, browser: Client
) -> None:
    Person.objects.update(last_login=datetime.now(UTC))
    municipality.sign_in(browser, ANNA)
    session = browser.session
    session["waiting_arrival"]["at"] -= 31 * 60
    session.save()
    assert browser.post("/adgang/samme-adresse/")["Location"] == "/adgang/log-ind/"
    assert signed_in(browser) is None


def test_an_account_in_use_is_never_offered(
    municipality: Municipality, invited: Person, browser: Client
) -> None:
    Person.objects.update(last_login=datetime.now(UTC))
    answer = municipality.sign_in(browser, ANNA)
    assert answer["Location"] == "/adgang/samme-adresse/"
    assert not mail.outbox
    assert Entry.objects.filter(act="account.same_address", on=invited).exists()


def test_nobody_waits_without_a_sign_in(db: None, browser: Client) -> None:
    assert browser.post("/adgang/samme-adresse/")["Location"] == "/adgang/log-ind/"


def test_the_account_was_used_meanwhile(invited: Person, browser: Client, link: str) -> None:
    Person.objects.update(last_login=datetime.now(UTC))
    assert browser.post(link).status_code == 410
    assert signed_in(browser) is None


@pytest.fixture(autouse=True)
def _mails_in_memory(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
