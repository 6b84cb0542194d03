"""Adding a way in, and showing again who one is."""

from dataclasses import replace

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from federation import SLUG, Municipality

from samtale.audit.models import Entry
from samtale_testidp.people import ANNA, EMPLOYEES

SIGNE = next(employee for employee in EMPLOYEES if employee.slug == "signe")
LINK, CONFIRM = f"/adgang/tilfoej/{SLUG}/", f"/adgang/bekraeft/med/{SLUG}/"


@pytest.fixture
def anna_is_in(municipality: Municipality) -> Client:
    """With her password, just now."""
    people.anna()
    client = Client(headers={"accept-language": "da"})
    client.post("/adgang/log-ind/", {"login": "anna.jensen@aarhus.dk", "password": people.PASSWORD})
    return client


def test_the_form_stays_here_and_the_way_out_is_a_new_request(anna_is_in: Client) -> None:
    answer = anna_is_in.post(LINK)
    assert (answer.status_code, answer["Location"]) == (303, LINK)


def test_a_way_in_is_added_by_who_is_signed_in_to_both(
    municipality: Municipality, anna_is_in: Client
) -> None:
    answer = municipality.sign_in(anna_is_in, ANNA, start=LINK)
    assert answer["Location"] == "/adgang/konto/"
    assert SocialAccount.objects.get().user == people.anna()
    entry = Entry.objects.get(act="sign_in.linked")
    assert (entry.by, entry.on) == (people.anna(), people.anna())
    municipality.sign_in(Client(), ANNA)


def test_a_way_in_of_somebody_else_is_not_taken_from_them(
    municipality: Municipality, anna_is_in: Client
) -> None:
    bo = people.bo()
    SocialAccount.objects.create(user=bo, provider=SLUG, uid=f"{ANNA.organisation.cvr}:{ANNA.serial}")
    municipality.sign_in(anna_is_in, ANNA, start=LINK)
    assert SocialAccount.objects.get().user == bo
    assert "hører til en anden konto" in anna_is_in.get("/adgang/konto/").text
    assert Entry.objects.filter(act="sign_in.link_refused", on=bo).exists()


def test_it_needs_a_sign_in_and_a_fresh_one(municipality: Municipality) -> None:
    assert Client().get(LINK)["Location"].startswith("/adgang/log-ind/")
    # Signed in without any record of when and how.
    stale = people.client_for(people.anna())
    assert stale.get(LINK)["Location"].startswith("/adgang/bekraeft/")


def test_whoever_signs_out_meanwhile_links_nothing(municipality: Municipality, anna_is_in: Client) -> None:
    asked = municipality.asked(anna_is_in.get(LINK))
    anna_is_in.post("/adgang/log-ud/")
    said = municipality.sealed(municipality.answer(asked["id"], ANNA))
    municipality.arrive(anna_is_in, said, asked["RelayState"])
    assert not SocialAccount.objects.exists()


def test_showing_again_who_one_is_asks_the_municipality_anew(
    municipality: Municipality, browser: Client
) -> None:
    people.organisation("Aarhus Kommune")
    municipality.sign_in(browser, SIGNE)
    answer = municipality.sign_in(browser, SIGNE, start=f"{CONFIRM}?next=/adgang/konto/")
    assert answer["Location"] == "/adgang/konto/"
    assert Entry.objects.filter(act="sign_in.confirmed").count() == 1


def test_showing_that_one_is_somebody_else_confirms_nothing(
    municipality: Municipality, browser: Client
) -> None:
    people.organisation("Aarhus Kommune")
    municipality.sign_in(browser, SIGNE)
    other = replace(ANNA, email=None)
    answer = municipality.sign_in(browser, other, start=CONFIRM)
    assert answer["Location"] == "/adgang/bekraeft/"
    assert not Entry.objects.filter(act="sign_in.confirmed").exists()
    assert Entry.objects.filter(act="sign_in.not_confirmed").count() == 1


def test_who_has_no_password_is_sent_to_the_municipality_to_confirm(
    municipality: Municipality, browser: Client
) -> None:
    people.organisation("Aarhus Kommune")
    municipality.sign_in(browser, SIGNE)
    answer = browser.get("/adgang/bekraeft/?next=/adgang/konto/")
    assert answer["Location"] == f"{CONFIRM}?next=%2Fadgang%2Fkonto%2F"
