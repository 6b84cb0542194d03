"""A broker with the municipalities' federation behind it, from the first click to what one may do."""

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from openid import Authority

from samtale.audit.models import Entry
from samtale.communities import privileges
from samtale.communities.models import JoinRule, Moderation
from samtale.identity.models import Person
from samtale_testidp.openid import evil, tokens
from samtale_testidp.people import ANNA, FREJA


def signed_in(client: Client) -> Person | None:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


@pytest.fixture(autouse=True)
def organisation(db: None) -> None:
    people.organisation("Aarhus Kommune")


def test_an_employee_comes_in_by_cvr_and_uuid(broker: Authority, browser: Client) -> None:
    broker.sign_in(browser, "anna")
    anna = signed_in(browser)
    assert anna is not None
    assert (anna.name, anna.role, str(anna.organisation)) == ("Anna Jensen", "member", "Aarhus Kommune")
    assert SocialAccount.objects.get().uid == f"{ANNA.organisation.cvr}:{ANNA.serial}"


def test_it_is_another_key_than_the_federations_own(broker: Authority, browser: Client) -> None:
    known = people.anna()
    SocialAccount.objects.create(user=known, provider="kombit", uid=f"{ANNA.organisation.cvr}:{ANNA.serial}")
    Person.objects.filter(pk=known.pk).update(last_login="2026-11-01T09:00Z")
    assert broker.sign_in(browser, "anna")["Location"] == "/adgang/samme-adresse/"
    assert signed_in(browser) is None


def test_a_moderator_after_the_products_approval(broker: Authority, browser: Client) -> None:
    JoinRule.objects.create(
        when={"privilege": "moderator"}, give={"role": {"moderator": "constraint.produkt"}}
    )
    product, aarhus = people.os2display(), people.organisation("Aarhus Kommune")
    assert privileges.approve(aarhus, product, by=people.freja())
    broker.sign_in(browser, "bo")
    moderated = Moderation.objects.get()
    assert (moderated.person, moderated.community) == (signed_in(browser), product)


def test_administrator_is_for_the_organisations_that_are_named(
    broker: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.organisation("OS2")
    true = tokens.claims
    rights = tokens.attribute_value(FREJA.roles, cvr=ANNA.organisation.cvr, host="localhost")
    monkeypatch.setattr(tokens, "claims", lambda *given: {**true(*given), "privileges": rights})
    broker.sign_in(browser, "anna")
    anna = signed_in(browser)
    assert anna is not None
    assert anna.role == "member"
    left_out = Entry.objects.get(act="sign_in.privileges_left_out")
    assert left_out.detail["reasons"] == ["administrator does not count for this organisation"]


@pytest.mark.parametrize("who", ["jonas", "lars", "carla"])
def test_a_foreign_organisation_or_too_low_a_level_gives_nothing(
    broker: Authority, browser: Client, who: str
) -> None:
    assert broker.sign_in(browser, who).status_code == 400
    assert signed_in(browser) is None
    assert not SocialAccount.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize("claim", ["cvr", "uuid", "loa"])
def test_a_missing_claim_gives_nothing(
    broker: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch, claim: str
) -> None:
    true = tokens.claims
    monkeypatch.setattr(
        tokens, "claims", lambda *given: {name: said for name, said in true(*given).items() if name != claim}
    )
    assert broker.sign_in(browser, "anna").status_code == 400
    assert not Person.objects.exists()


@pytest.mark.parametrize("slug", [attack.slug for attack in evil.ATTACKS])
def test_an_attack_gives_nothing(broker: Authority, browser: Client, slug: str) -> None:
    broker.sign_in(Client(), "bo")
    before = Person.objects.count()
    assert broker.attack(browser, slug).status_code == 400
    assert signed_in(browser) is None
    assert Person.objects.count() == before
