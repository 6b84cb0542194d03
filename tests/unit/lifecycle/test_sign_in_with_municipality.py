"""Somebody from a municipality comes, is known or made, and goes where they were going."""

from dataclasses import replace

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from federation import ENTITY, SLUG, Municipality

from samtale.audit.models import Entry
from samtale.communities.models import Community, JoinRule, Membership
from samtale.identity import actions
from samtale.identity.models import Organisation, Person
from samtale.oiosaml.models import PendingRequest, ProviderSession
from samtale_testidp.people import AARHUS, ANNA, EMPLOYEES, Employee, find

SIGNE = next(employee for employee in EMPLOYEES if employee.slug == "signe")
#: What stands in the audit log for a sign-in that is not accepted.
REFUSED = "sign_in.answer_refused"


def signed_in(client: Client) -> Person | None:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


def known(employee: Employee, **more: object) -> Person:
    """Somebody who came this way before."""
    person = people.person(employee.name, str(employee.email), employee.organisation.name, **more)
    SocialAccount.objects.create(
        user=person, provider=SLUG, uid=f"{employee.organisation.cvr}:{employee.serial}"
    )
    return person


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


@pytest.fixture
def aarhus() -> Organisation:
    return people.organisation("Aarhus Kommune")


def test_a_new_employee_gets_an_account_without_anybody_doing_anything(
    municipality: Municipality, aarhus: Organisation, browser: Client
) -> None:
    municipality.sign_in(browser, SIGNE)
    signe = signed_in(browser)
    assert signe is not None
    assert (signe.name, signe.email) == ("Signe Holm-Kjær", "signe.holm-kjaer@aarhus.dk")
    assert (signe.organisation, signe.role) == (aarhus, "member")
    assert signe.confirmed_at is not None
    assert acts() == ["person.arrived", "sign_in.linked", "sign_in"]


def test_who_came_before_is_the_same_person_whatever_their_name_is_now(
    municipality: Municipality, browser: Client
) -> None:
    anna = known(ANNA)
    married = replace(ANNA, name="Anna Østergaard Jensen", email="anna.oestergaard@aarhus.dk")
    municipality.sign_in(browser, married)
    assert signed_in(browser) == anna
    anna.refresh_from_db()
    assert (anna.name, anna.email) == ("Anna Østergaard Jensen", "anna.oestergaard@aarhus.dk")
    assert "oestergaard" in anna.search_key
    assert acts() == ["person.renamed", "person.address_changed", "sign_in"]


def test_the_way_to_a_product_survives(
    municipality: Municipality, aarhus: Organisation, browser: Client
) -> None:
    people.os2display()
    shown = browser.get("/p/os2display", follow=True)
    link = f"/adgang/log-ind/med/{SLUG}/?next=%2Fp%2Fos2display"
    assert link in shown.text
    answer = municipality.sign_in(browser, SIGNE, start=link)
    assert answer["Location"] == "/p/os2display"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nothing_leads_elsewhere_afterwards(
    municipality: Municipality, aarhus: Organisation, browser: Client, elsewhere: str
) -> None:
    answer = municipality.sign_in(browser, SIGNE, start=f"/adgang/log-ind/med/{SLUG}/?next={elsewhere}")
    assert answer["Location"] == "/"


def test_the_communities_that_are_due_by_rule_are_joined(
    municipality: Municipality, aarhus: Organisation, browser: Client
) -> None:
    shared = Community.objects.create(slug="os2-faelles", name="OS2 Fælles", hue="fjord")
    JoinRule.objects.create(when={"organisation.kind": ["municipality"]}, give={"join": ["os2-faelles"]})
    municipality.sign_in(browser, SIGNE)
    assert Membership.objects.get().community == shared


def test_an_organisation_that_has_not_joined_is_turned_away_kindly_and_nobody_is_kept(
    municipality: Municipality, aarhus: Organisation, browser: Client
) -> None:
    actions.change_state(aarhus, "invited", by=None)
    answer = municipality.sign_in(browser, SIGNE)
    page = browser.get(answer["Location"])
    assert "Aarhus Kommune" in page.text
    assert "I er ikke med endnu" in page.text
    assert signed_in(browser) is None
    assert not Person.objects.exists()
    assert acts()[-1] == "sign_in.refused"


def test_an_unknown_organisation_is_noted_to_be_confirmed_and_waits(
    municipality: Municipality, browser: Client
) -> None:
    municipality.sign_in(browser, SIGNE)
    made = Organisation.objects.get(cvr=AARHUS.cvr)
    assert (made.name, made.kind, made.state, made.to_confirm) == ("Aarhus Kommune", "", "invited", True)
    assert signed_in(browser) is None
    assert acts() == ["organisation.met", "sign_in.refused"]


def test_no_address_is_no_hindrance(
    municipality: Municipality, aarhus: Organisation, browser: Client
) -> None:
    kasper = find("kasper")
    assert kasper is not None
    municipality.sign_in(browser, kasper)
    made = signed_in(browser)
    assert made is not None
    assert (made.name, made.email) == ("Kasper Øster", None)
    for page in (browser.get("/adgang/velkommen/"), browser.get("/adgang/konto/", follow=True)):
        assert "Velkommen, Kasper" in page.text
        assert "None" not in page.text


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("user1 oces3kombitidp", "user1 oces3kombitidp"),
        ("Anna Jensen (ekstern)", "Anna Jensen"),
        ("12345", "Ukendt navn"),
        ("@samtale", "Ukendt navn"),
        ("Å" * 400, "Å" * 120),
    ],
)
def test_a_name_that_is_none_gets_nobody_refused(
    municipality: Municipality, aarhus: Organisation, browser: Client, sent: str, shown: str
) -> None:
    municipality.sign_in(browser, replace(SIGNE, name=sent))
    made = signed_in(browser)
    assert made is not None
    assert made.name == shown


@pytest.mark.parametrize("address", ["no-address", "a@b", f"{'a' * 300}@aarhus.dk", " "])
def test_an_address_that_is_none_is_left_out(
    municipality: Municipality, aarhus: Organisation, browser: Client, address: str
) -> None:
    municipality.sign_in(browser, replace(SIGNE, email=address))
    made = signed_in(browser)
    assert made is not None
    assert made.email is None


def test_a_locked_person_is_refused_kindly_and_has_no_session(
    municipality: Municipality, browser: Client
) -> None:
    anna = known(ANNA)
    actions.lock_person(anna, by=people.freja())
    answer = municipality.sign_in(browser, ANNA)
    assert "Din adgang er lukket" in browser.get(answer["Location"]).text
    assert signed_in(browser) is None
    assert not ProviderSession.objects.exists()


def test_a_resting_person_is_welcome_back(municipality: Municipality, browser: Client) -> None:
    anna = known(ANNA, resting_at="2026-01-01T00:00:00Z")
    municipality.sign_in(browser, ANNA)
    assert signed_in(browser) == anna
    anna.refresh_from_db()
    assert anna.resting_at is None
    assert "Velkommen tilbage" in browser.get("/adgang/konto/").text


def test_another_who_was_signed_in_in_this_browser_is_signed_out(
    municipality: Municipality, aarhus: Organisation
) -> None:
    browser = people.client_for(people.carla())
    before = browser.session.session_key
    municipality.sign_in(browser, SIGNE)
    person = signed_in(browser)
    assert person is not None
    assert person.name == "Signe Holm-Kjær"
    assert browser.session.session_key != before


def test_whoever_moves_to_another_municipality_by_a_linked_sign_in_belongs_there(
    municipality: Municipality, browser: Client
) -> None:
    odense = Organisation.objects.create(
        name="Odense Kommune", cvr="35209115", short="Odense", kind="municipality", state="joined"
    )
    line = find("line")
    assert line is not None
    anna = known(ANNA)
    SocialAccount.objects.create(user=anna, provider=SLUG, uid=f"{odense.cvr}:{line.serial}")
    municipality.sign_in(browser, replace(line, name="Anna Jensen", email=None))
    anna.refresh_from_db()
    assert anna.organisation == odense
    assert Entry.objects.get(act="person.moved").detail["before"] == "Aarhus Kommune"


@pytest.mark.parametrize(
    ("status", "words"), [("AuthnFailed", "Prøv igen"), ("RequestDenied", "it-afdeling")]
)
def test_who_gives_up_is_back_at_the_sign_in_page_and_no_attacker(
    municipality: Municipality, browser: Client, status: str, words: str
) -> None:
    asked = municipality.asked(browser.get(f"/adgang/log-ind/med/{SLUG}/?next=/p/os2display"))
    codes = (
        '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">'
        f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:StatusCode>'
    )
    from samtale_testidp.answers import form_value

    said = form_value(municipality.answer(asked["id"], ANNA).response("", status=codes))
    back = municipality.arrive(browser, said, asked["RelayState"])
    assert back["Location"] == "/adgang/log-ind/?next=%2Fp%2Fos2display"
    assert words in browser.get(back["Location"]).text
    assert signed_in(browser) is None
    assert acts() == ["sign_in.given_up"]


def test_a_privilege_can_be_demanded(
    municipality: Municipality, aarhus: Organisation, browser: Client, settings: object
) -> None:
    config = settings.CONFIG  # type: ignore[attr-defined]
    settings.CONFIG = replace(config, fka=replace(config.fka, require_medlem=True))  # type: ignore[attr-defined]
    answer = municipality.sign_in(browser, replace(SIGNE, roles=()))
    assert "Du mangler en rettighed" in browser.get(answer["Location"]).text
    assert signed_in(browser) is None
    municipality.sign_in(browser, SIGNE)
    assert signed_in(browser) is not None


def test_an_unknown_way_in_is_no_page(municipality: Municipality, browser: Client) -> None:
    assert browser.get("/adgang/log-ind/med/anden/").status_code == 404


def test_a_provider_that_cannot_be_had_is_told_kindly(
    municipality: Municipality, browser: Client, settings: object
) -> None:
    provider = replace(municipality.service.providers[SLUG], metadata="/no/such/file")
    settings.OIOSAML = replace(municipality.service, providers={SLUG: provider})  # type: ignore[attr-defined]
    answer = browser.get(f"/adgang/log-ind/med/{SLUG}/", follow=True)
    assert answer.redirect_chain[-1][0] == "/adgang/log-ind/"
    assert "virker ikke lige nu" in answer.text
    assert not PendingRequest.objects.exists()


def test_the_sign_in_page_offers_it_and_names_no_way_that_is_not_configured(
    municipality: Municipality, browser: Client
) -> None:
    page = browser.get("/adgang/log-ind/")
    assert "Log ind med Din kommune" in page.text
    assert ENTITY not in page.text
