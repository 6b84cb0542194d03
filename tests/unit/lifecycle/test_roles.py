"""What privileges give and take (OIO BPP), and what they never may."""

from dataclasses import replace
from typing import Any

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from federation import SLUG, Municipality

from samtale.audit.models import Entry
from samtale.communities import access, privileges
from samtale.communities.models import Community, JoinRule, Moderation, PrivilegeApproval, PrivilegeRequest
from samtale.identity.models import Person
from samtale_testidp.people import ANNA, Employee
from samtale_testidp.privileges import Role

MODERATOR = Role("moderator", "os2display")
AS_MODERATOR = replace(ANNA, roles=(Role("medlem"), MODERATOR))


@pytest.fixture
def anna(db: None) -> Person:
    """She came this way before."""
    JoinRule.objects.create(
        when={"privilege": "moderator"}, give={"role": {"moderator": "constraint.produkt"}}
    )
    person = people.anna()
    SocialAccount.objects.create(user=person, provider=SLUG, uid=f"{ANNA.organisation.cvr}:{ANNA.serial}")
    return person


@pytest.fixture
def os2display(db: None) -> Community:
    return people.os2display()


@pytest.fixture
def approved(anna: Person, os2display: Community) -> None:
    assert anna.organisation is not None
    assert privileges.approve(anna.organisation, os2display, by=people.freja())


def moderates(person: Person) -> set[tuple[str, str]]:
    return set(Moderation.objects.filter(person=person).values_list("community__slug", "source"))


@pytest.mark.usefixtures("approved")
def test_an_approved_moderator_is_one_at_once_and_no_more_when_the_privilege_is_gone(
    municipality: Municipality, browser: Client, anna: Person
) -> None:
    municipality.sign_in(browser, AS_MODERATOR)
    assert moderates(anna) == {("os2display", "privilege")}
    municipality.sign_in(Client(), ANNA)
    assert moderates(anna) == set()
    acts = list(
        Entry.objects.filter(act__startswith="moderator.").order_by("pk").values_list("act", flat=True)
    )
    assert acts == ["moderator.added", "moderator.removed"]


@pytest.mark.usefixtures("approved")
def test_what_somebody_moderates_for_another_reason_stays(
    municipality: Municipality, browser: Client, anna: Person, os2display: Community
) -> None:
    Moderation.objects.create(person=anna, community=os2display, source="file")
    municipality.sign_in(browser, AS_MODERATOR)
    municipality.sign_in(Client(), ANNA)
    assert moderates(anna) == {("os2display", "file")}


def test_without_approval_it_is_a_request_until_somebody_approves(
    municipality: Municipality, browser: Client, anna: Person, os2display: Community
) -> None:
    municipality.sign_in(browser, AS_MODERATOR)
    municipality.sign_in(Client(), AS_MODERATOR)
    assert moderates(anna) == set()
    assert PrivilegeRequest.objects.get().person == anna
    assert Entry.objects.filter(act="moderator.requested").count() == 1
    assert anna.organisation is not None
    privileges.approve(anna.organisation, os2display, by=people.bo())
    assert moderates(anna) == {("os2display", "privilege")}
    assert not PrivilegeRequest.objects.exists()
    assert privileges.approve(anna.organisation, os2display, by=people.bo()) is False


def test_a_request_ends_with_the_privilege(
    municipality: Municipality, browser: Client, anna: Person, os2display: Community
) -> None:
    municipality.sign_in(browser, AS_MODERATOR)
    municipality.sign_in(Client(), ANNA)
    assert not PrivilegeRequest.objects.exists()


def test_an_approval_is_for_one_organisation_and_one_product(
    municipality: Municipality, browser: Client, anna: Person, os2display: Community
) -> None:
    Community.objects.create(slug="os2forms", name="OS2forms", hue="skov")
    privileges.approve(people.organisation("Viborg Kommune"), os2display, by=None)
    municipality.sign_in(browser, replace(ANNA, roles=(MODERATOR, Role("moderator", "os2forms"))))
    assert moderates(anna) == set()
    assert PrivilegeRequest.objects.count() == 2


@pytest.mark.usefixtures("approved")
def test_a_withdrawn_approval_makes_them_ask_again(
    municipality: Municipality, browser: Client, anna: Person
) -> None:
    municipality.sign_in(browser, AS_MODERATOR)
    privileges.withdraw(PrivilegeApproval.objects.get(), by=people.freja())
    assert moderates(anna) == set()
    assert PrivilegeRequest.objects.get().person == anna


@pytest.mark.usefixtures("approved")
def test_only_who_moderates_may_approve_and_withdraw(anna: Person, os2display: Community) -> None:
    for person in (people.carla(), people.dorthe()):
        with pytest.raises(access.Forbidden):
            privileges.approve(people.organisation("Viborg Kommune"), os2display, by=person)
        with pytest.raises(access.Forbidden):
            privileges.withdraw(PrivilegeApproval.objects.get(), by=person)
    assert PrivilegeApproval.objects.count() == 1


WITHOUT_EFFECT = {
    "no product": (Role("moderator"),),
    "a product that is none": (Role("moderator", "nothing"),),
    "a part of a name": (Role("moderator", "os2dis"),),
}


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_what_names_no_product_gives_nothing(
    municipality: Municipality, browser: Client, anna: Person, name: str
) -> None:
    municipality.sign_in(browser, replace(ANNA, roles=WITHOUT_EFFECT[name]))
    assert moderates(anna) == set()
    assert not PrivilegeRequest.objects.exists()


def sent_as(employee: Employee, **changes: str) -> Any:
    """The employee, with their list of privileges changed by hand."""
    import base64

    def subject(host: str) -> Any:
        found = Employee.subject(employee, host)
        name = "https://data.gov.dk/model/core/eid/privilegesIntermediate"
        document = base64.b64decode(found.attributes[name]).decode()
        for before, after in changes.values():
            assert before in document
            document = document.replace(before, after)
        attributes = dict(found.attributes) | {name: base64.b64encode(document.encode()).decode()}
        return replace(found, attributes=attributes)

    return subject


CHANGED = {
    "another scope": ("55133018", "35209115"),
    "an unknown constraint": ("/constraints/produkt/1", "/constraints/afdeling/1"),
    "another version": ("moderator/1", "moderator/2"),
    "another system": ("http://localhost/roles", "http://evil.example/roles"),
}


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("name", CHANGED)
def test_what_is_for_others_gives_nothing_and_is_logged(
    municipality: Municipality, browser: Client, anna: Person, name: str
) -> None:
    asked = municipality.asked(browser.get(f"/adgang/log-ind/med/{SLUG}/"))
    answer = municipality.answer(asked["id"], AS_MODERATOR)
    person = sent_as(AS_MODERATOR, change=CHANGED[name])("localhost")
    municipality.arrive(browser, municipality.sealed(answer.but(person=person)), asked["RelayState"])
    assert "_auth_user_id" in browser.session
    assert moderates(anna) == set()
    left_out = Entry.objects.get(act="sign_in.privileges_left_out")
    assert left_out.detail["reasons"]
    assert "Anna" not in str(left_out.detail)


AS_ADMINISTRATOR = replace(ANNA, roles=(Role("medlem"), Role("administrator")))


def test_an_administrator_is_none_unless_the_organisation_is_named(
    municipality: Municipality, browser: Client, anna: Person
) -> None:
    municipality.sign_in(browser, AS_ADMINISTRATOR)
    anna.refresh_from_db()
    assert anna.role == "member"
    assert Entry.objects.filter(act="sign_in.privileges_left_out").count() == 1


def test_an_administrator_of_a_named_organisation_is_one_until_the_privilege_is_gone(
    municipality: Municipality, browser: Client, anna: Person, settings: Any
) -> None:
    named = replace(settings.CONFIG.fka, administrator_cvr=("55133018",))
    settings.CONFIG = replace(settings.CONFIG, fka=named)
    municipality.sign_in(browser, AS_ADMINISTRATOR)
    anna.refresh_from_db()
    assert anna.role == "administrator"
    # Their municipality has a second factor of its own.
    assert browser.get("/adgang/konto/").status_code == 200
    municipality.sign_in(Client(), ANNA)
    anna.refresh_from_db()
    assert anna.role == "member"


@pytest.mark.parametrize("role", ["administrator", "owner"])
def test_what_a_person_decided_here_stays(
    municipality: Municipality, browser: Client, anna: Person, role: str
) -> None:
    Person.objects.update(role=role)
    municipality.sign_in(browser, ANNA)
    anna.refresh_from_db()
    assert anna.role == role


def test_no_privilege_makes_an_owner_or_lifts_a_guest(
    municipality: Municipality, browser: Client, anna: Person, settings: Any, os2display: Community
) -> None:
    named = replace(settings.CONFIG.fka, administrator_cvr=("55133018",))
    settings.CONFIG = replace(settings.CONFIG, fka=named)
    Person.objects.filter(pk=anna.pk).update(role="guest")
    municipality.sign_in(browser, replace(ANNA, roles=(Role("ejer"), Role("administrator"), MODERATOR)))
    anna.refresh_from_db()
    assert anna.role == "guest"
    assert moderates(anna) == set()
    assert not PrivilegeRequest.objects.exists()
