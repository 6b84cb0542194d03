"""An administrator joins two accounts of one person: who may, of whom, what moves, who hears of it."""

from collections.abc import Callable
from typing import Any

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from federation import SLUG, Municipality
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.audit.models import Entry
from samtale.communities import privileges
from samtale.communities.models import Moderation, PrivilegeRequest
from samtale.identity.models import Person
from samtale.identity.people import find_people
from samtale.lifecycle import joining
from samtale_testidp.people import ANNA

PAGE = "/adgang/dobbelte-konti/"
JOIN = f"{PAGE}saml/"
UNFIT = "Vælg to forskellige konti."


def signed_in(person: Person) -> Client:
    """With the password, just now. In the demo nobody made up is asked for a second factor."""
    Person.objects.filter(pk=person.pk).update(is_demo=True)
    client = Client(headers={"accept-language": "da"})
    client.post("/adgang/log-ind/", {"login": person.email, "password": people.PASSWORD})
    return client


def asked(kept: Person, closed: Person) -> str:
    return f"{JOIN}?behold={kept.localpart}&luk={closed.localpart}"


def owner() -> Person:
    return people.person("Ove Ejer", "ove@os2.eu", "OS2", "owner")


@pytest.fixture
def old(municipality: Municipality) -> Person:
    """Anna's account as it was made for her."""
    return people.anna()


@pytest.fixture
def new(old: Person) -> Person:
    """What her municipality's sign-in made, since the address was taken."""
    made = Person.objects.create_person(
        email="aj@aarhus.dk", name="Anna M. Jensen", organisation=old.organisation, role="member"
    )
    SocialAccount.objects.create(user=made, provider=SLUG, uid=f"55133018:{ANNA.serial}")
    return made


def mails() -> list[dict[str, Any]]:
    jobs = ProcrastinateJob.objects.filter(task_name="identity.send_mail").order_by("pk")
    return [job.args for job in jobs]


def test_the_sign_in_moves_and_the_other_account_is_locked(
    municipality: Municipality, old: Person, new: Person
) -> None:
    there = Client()
    municipality.sign_in(there, ANNA)
    browser = signed_in(people.freja())
    answer = browser.post(asked(old, new))
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "De to konti er samlet" in browser.get(PAGE).text
    new.refresh_from_db()
    assert new.locked_at is not None
    assert new.email is None
    assert there.get("/adgang/konto/").status_code == 302
    old.refresh_from_db()
    assert old.email == "anna.jensen@aarhus.dk"
    back = Client()
    municipality.sign_in(back, ANNA)
    assert back.session["_auth_user_id"] == str(old.pk)


def test_it_is_in_the_log_of_both(old: Person, new: Person) -> None:
    freja = people.freja()
    signed_in(freja).post(asked(old, new))
    joined = Entry.objects.get(act="account.joined")
    assert (joined.by, joined.on, joined.subject) == (freja, old, new.localpart)
    assert joined.detail == {"sources": [f"{SLUG} Aarhus Kommune"]}
    emptied = Entry.objects.get(act="account.emptied")
    assert (emptied.by, emptied.on, emptied.subject) == (freja, new, old.localpart)
    locked = Entry.objects.get(act="person.locked")
    assert (locked.by, locked.on) == (freja, new)
    assert locked.detail["why"] == f"joined with {old.localpart}"


def test_both_addresses_hear_of_it(old: Person, new: Person) -> None:
    signed_in(people.freja()).post(asked(old, new))
    assert [mail["address"] for mail in mails()] == ["aj@aarhus.dk", "anna.jensen@aarhus.dk"]
    for mail in mails():
        assert mail["subject"] == "OS2samtale: dine to konti er samlet"
        for told in ("Freja Lund har ", "Anna M. Jensen, Aarhus Kommune", "info@os2.eu"):
            assert told in mail["text"]


def test_an_address_moves_to_where_there_is_none(old: Person, new: Person) -> None:
    Person.objects.filter(pk=old.pk).update(email=None)
    signed_in(people.freja()).post(asked(old, new))
    old.refresh_from_db()
    assert old.email == "aj@aarhus.dk"
    assert old in find_people("aj@aarhus.dk", people.bo())
    assert [mail["address"] for mail in mails()] == ["aj@aarhus.dk"]


def test_two_without_an_address_can_be_joined(old: Person, new: Person) -> None:
    Person.objects.filter(pk__in=[old.pk, new.pk]).update(email=None)
    signed_in(people.freja()).post(asked(old, new))
    assert SocialAccount.objects.get().user == old
    assert mails() == []


def test_all_sign_ins_move_and_those_that_are_there_stay(old: Person, new: Person) -> None:
    SocialAccount.objects.create(user=old, provider=SLUG, uid="29189846:before")
    SocialAccount.objects.create(user=new, provider="region", uid="29190925:x")
    signed_in(people.freja()).post(asked(old, new))
    assert SocialAccount.objects.filter(user=old).count() == 3


def test_privileges_do_not_stay_with_the_locked_account(old: Person, new: Person) -> None:
    display = people.os2display()
    assert new.organisation is not None
    privileges.approve(new.organisation, display, by=None)
    privileges.follow(new, [display])
    PrivilegeRequest.objects.create(person=new, community=display)
    signed_in(people.freja()).post(asked(old, new))
    assert not Moderation.objects.filter(person=new).exists()
    assert not PrivilegeRequest.objects.exists()


def test_it_asks_first_and_names_both(old: Person, new: Person) -> None:
    page = signed_in(people.freja()).get(asked(old, new))
    for told in ("Beholdes: Anna Jensen", "Lukkes: Anna M. Jensen", "aj@aarhus.dk", "Din kommune"):
        assert told in page.text
    assert SocialAccount.objects.get().user == new


def test_they_are_found_by_name(old: Person, new: Person) -> None:
    browser = signed_in(people.freja())
    assert "Vælg de to konti" not in browser.get(PAGE).text
    page = browser.get(PAGE, {"behold": "anna jensen"}).text
    for one in (old, new):
        assert f'name="behold" value="{one.localpart}"' in page
    assert f'name="luk" value="{new.localpart}"' in page
    # It has nothing that could be moved.
    assert f'name="luk" value="{old.localpart}"' not in page
    apart = browser.get(PAGE, {"behold": "anna jensen", "luk": "bo ek"}).text
    assert "Vi fandt ikke to konti." in apart


def test_whom_one_may_not_manage_is_not_found(old: Person, new: Person) -> None:
    ove = owner()
    browser = signed_in(people.freja())
    for name in ("Ove Ejer", "Freja Lund", "<script>", "ove@os2.eu", "ove@\x00os2.eu", "x" * 300):
        page = browser.get(PAGE, {"behold": name}).text
        assert ove.localpart not in page
        assert "Vi fandt ikke to konti." in page
        assert "<script>" not in page


@pytest.mark.parametrize("who", [people.anna, people.bo, people.dorthe, people.carla])
def test_only_administrators_may(old: Person, new: Person, who: Callable[[], Person]) -> None:
    browser = signed_in(who())
    for answer in (browser.get(PAGE), browser.get(asked(old, new)), browser.post(asked(old, new))):
        assert answer.status_code == 403
    assert PAGE not in browser.get("/adgang/konto/").text
    assert SocialAccount.objects.get().user == new


def test_the_account_page_leads_administrators_there(municipality: Municipality) -> None:
    assert f'href="{PAGE}"' in signed_in(people.freja()).get("/adgang/konto/").text


@pytest.mark.parametrize("who", [None, people.egon])
def test_who_is_not_in_must_sign_in(old: Person, new: Person, who: Callable[[], Person] | None) -> None:
    browser = people.client_for(who()) if who else Client()
    for path in (PAGE, asked(old, new)):
        assert browser.get(path)["Location"].startswith("/adgang/log-ind/")


def test_nobody_joins_themselves(new: Person) -> None:
    freja = people.freja()
    browser = signed_in(freja)
    for path in (asked(freja, new), asked(new, freja)):
        assert browser.get(path).status_code == 403
        assert browser.post(path).status_code == 403
    assert SocialAccount.objects.get().user == new


def test_an_administrator_does_not_join_an_owner(old: Person, new: Person) -> None:
    ove = owner()
    SocialAccount.objects.create(user=ove, provider=SLUG, uid="40107054:ove")
    browser = signed_in(people.freja())
    for path in (asked(ove, new), asked(old, ove)):
        assert browser.post(path).status_code == 403
    assert SocialAccount.objects.get(user=ove)


def test_an_owner_joins_an_administrators(new: Person) -> None:
    freja = people.freja()
    signed_in(owner()).post(asked(freja, new))
    assert SocialAccount.objects.get().user == freja


def test_what_does_not_fit_is_said(old: Person, new: Person) -> None:
    browser = signed_in(people.freja())
    for path in (
        JOIN,
        asked(new, new),
        asked(new, old),  # nothing to move
        f"{JOIN}?behold={old.localpart}",
        f"{JOIN}?behold={old.localpart}&luk=nobody",
        f"{JOIN}?behold=%00&luk={new.localpart}",
    ):
        for ask in (browser.get, browser.post):
            assert ask(path)["Location"] == PAGE, path
            assert UNFIT in browser.get(PAGE).text
    assert SocialAccount.objects.get().user == new


@pytest.mark.parametrize("which", ["old", "new"])
def test_a_locked_one_is_not_joined(old: Person, new: Person, which: str) -> None:
    Person.objects.filter(pk={"old": old, "new": new}[which].pk).update(locked_at="2026-01-01T00:00:00Z")
    browser = signed_in(people.freja())
    assert browser.post(asked(old, new))["Location"] == PAGE
    assert SocialAccount.objects.get().user == new


def test_it_is_looked_at_again_when_it_is_done(old: Person, new: Person) -> None:
    freja = people.freja()
    pair = joining.pair_for(freja, old.localpart, new.localpart)
    Person.objects.filter(pk=old.pk).update(role="owner")
    with pytest.raises(joining.Forbidden):
        joining.join(pair, by=freja, address=None)
    Person.objects.filter(pk=old.pk).update(role="member")
    joining.join(pair, by=freja, address=None)
    with pytest.raises(joining.Unfit):
        joining.join(pair, by=freja, address=None)
    assert Entry.objects.filter(act="account.joined").count() == 1


def test_it_needs_a_fresh_sign_in(old: Person, new: Person) -> None:
    freja = people.freja()
    Person.objects.filter(pk=freja.pk).update(is_demo=True)
    stale = people.client_for(freja)
    for answer in (stale.get(asked(old, new)), stale.post(asked(old, new))):
        assert answer["Location"].startswith("/adgang/bekraeft/?next=%2Fadgang%2Fdobbelte-konti%2Fsaml%2F%3F")
    assert SocialAccount.objects.get().user == new


def test_a_form_of_another_site_joins_nothing(old: Person, new: Person) -> None:
    freja = people.freja()
    Person.objects.filter(pk=freja.pk).update(is_demo=True)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(freja)
    assert browser.post(asked(old, new)).status_code == 403
    assert SocialAccount.objects.get().user == new
