"""Whose privilege counts: who may see it, approve it and take it back, and who hears that somebody asks."""

import re
from collections.abc import Callable
from typing import Any

import people
import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.audit.models import Entry
from samtale.communities import access, jobs, privileges
from samtale.communities.models import Community, Moderation, PrivilegeApproval, PrivilegeRequest
from samtale.identity.models import Organisation, Person

pytestmark = pytest.mark.django_db

PAGE = "/adgang/rettigheder/"
ACCOUNT = "/adgang/konto/"
VIBORG = f"{PAGE}os2display/29189846/"
WORDS = "Godkend Viborg Kommune for OS2display"


def signed_in(person: Person) -> Client:
    """With the password, just now. In the demo nobody made up is asked for a second factor."""
    Person.objects.filter(pk=person.pk).update(is_demo=True)
    client = Client(headers={"accept-language": "da"})
    client.post("/adgang/log-ind/", {"login": person.email, "password": people.PASSWORD})
    return client


def line() -> Person:
    return people.person("Line Bach", "line.bach@viborg.dk", "Viborg Kommune")


def viborg() -> Organisation:
    return people.organisation("Viborg Kommune")


def os2forms() -> Community:
    return Community.objects.get_or_create(slug="os2forms", defaults={"name": "OS2forms", "hue": "skov"})[0]


def owner() -> Person:
    return people.person("Ove Ejer", "ove@os2.eu", "OS2", "owner")


def moderator_of_forms() -> Person:
    made = people.carla()
    Moderation.objects.get_or_create(person=made, community=os2forms(), source="file")
    return made


@pytest.fixture
def asked() -> PrivilegeRequest:
    """Line's sign-in says that she moderates OS2display, and nobody approved Viborg."""
    people.bo()
    privileges.follow(line(), [people.os2display()])
    return PrivilegeRequest.objects.get()


@pytest.fixture
def approval(asked: PrivilegeRequest) -> PrivilegeApproval:
    privileges.approve(viborg(), people.os2display(), by=people.bo())
    return PrivilegeApproval.objects.get()


def withdrawal(approval: PrivilegeApproval) -> str:
    return f"{PAGE}{approval.pk}/traek-tilbage/"


@pytest.mark.parametrize("who", [people.bo, people.freja, owner])
def test_moderators_and_administrators_see_who_asks(
    asked: PrivilegeRequest, who: Callable[[], Person]
) -> None:
    browser = signed_in(who())
    page = browser.get(PAGE)
    for told in ("Viborg Kommune · OS2display", "Line Bach, siden ", WORDS, "med det samme"):
        assert told in page.text
    account = browser.get(ACCOUNT)
    assert f'href="{PAGE}"' in account.text
    assert "1 venter på svar" in account.text


@pytest.mark.parametrize("who", [people.anna, people.carla, people.dorthe, line])
def test_nobody_else_does(asked: PrivilegeRequest, who: Callable[[], Person]) -> None:
    browser = signed_in(who())
    assert browser.get(PAGE).status_code == 403
    assert PAGE not in browser.get(ACCOUNT).text
    assert browser.get(VIBORG).status_code in (403, 404)
    assert browser.post(VIBORG).status_code in (403, 404)
    assert not PrivilegeApproval.objects.exists()


@pytest.mark.parametrize("who", [None, people.egon])
def test_who_is_not_in_must_sign_in(asked: PrivilegeRequest, who: Callable[[], Person] | None) -> None:
    browser = people.client_for(who()) if who else Client()
    for path in (PAGE, VIBORG):
        assert browser.get(path)["Location"] == f"/adgang/log-ind/?next={path}"
    assert browser.post(VIBORG)["Location"] == f"/adgang/log-ind/?next={VIBORG}"
    assert not PrivilegeApproval.objects.exists()


def test_a_moderator_sees_and_decides_only_their_own(
    asked: PrivilegeRequest, approval: PrivilegeApproval
) -> None:
    privileges.follow(people.anna(), [people.os2display()])
    browser = signed_in(moderator_of_forms())
    page = browser.get(PAGE)
    assert "OS2display" not in page.text
    assert "Ingen venter lige nu." in page.text
    aarhus = f"{PAGE}os2display/55133018/"
    for answer in (
        browser.post(aarhus),
        browser.get(withdrawal(approval)),
        browser.post(withdrawal(approval)),
    ):
        assert answer.status_code == 403
    assert list(PrivilegeApproval.objects.all()) == [approval]
    assert "Ingen venter lige nu." in browser.get(ACCOUNT).text


def test_one_press_approves(asked: PrivilegeRequest) -> None:
    browser = signed_in(people.bo())
    answer = browser.post(VIBORG)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    page = browser.get(PAGE)
    assert "Viborg Kommune er godkendt for OS2display." in page.text
    assert "af Bo Ek den " in page.text
    assert "Ingen venter lige nu." in page.text
    assert access.moderates(line(), people.os2display())
    entry = Entry.objects.get(act="privilege.approved")
    assert (entry.by, entry.subject, entry.address) == (people.bo(), "os2display", "127.0.0.1")


def test_whoever_comes_later_counts_at_once(approval: PrivilegeApproval) -> None:
    later = people.person("Mie Lund", "mie@viborg.dk", "Viborg Kommune")
    privileges.follow(later, [people.os2display()])
    assert access.moderates(later, people.os2display())


def test_who_is_gone_or_approved_meanwhile_is_no_fault(asked: PrivilegeRequest) -> None:
    browser = signed_in(people.bo())
    browser.post(VIBORG)
    for ask in (browser.post, browser.get):
        assert ask(VIBORG)["Location"] == PAGE
    assert "Det er der ingen, der venter på længere." in browser.get(PAGE).text
    assert PrivilegeApproval.objects.count() == 1


def test_nothing_is_approved_that_nobody_asks_for(asked: PrivilegeRequest) -> None:
    browser = signed_in(people.freja())
    people.organisation("Region Midtjylland")
    for path in (f"{PAGE}os2display/29190925/", f"{PAGE}os2display/00000000/", f"{PAGE}os2display/x'--/"):
        assert browser.post(path)["Location"] == PAGE
    assert browser.post(f"{PAGE}nothing/29189846/").status_code == 404
    assert browser.post(f"{PAGE}999999/traek-tilbage/").status_code == 404
    assert not PrivilegeApproval.objects.exists()


def test_it_only_allows_what_it_should(asked: PrivilegeRequest) -> None:
    browser = signed_in(people.bo())
    assert browser.post(PAGE).status_code == 405
    assert browser.put(VIBORG).status_code == 405
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(people.bo())
    assert forged.post(VIBORG).status_code == 403


def test_it_needs_a_fresh_sign_in_and_asks_again_after_it(
    asked: PrivilegeRequest, approval: PrivilegeApproval
) -> None:
    # Signed in without any record of when and how.
    stale = people.client_for(people.bo())
    assert stale.get(PAGE).status_code == 200
    for path in (VIBORG, withdrawal(approval)):
        for answer in (stale.get(path), stale.post(path)):
            assert answer["Location"].startswith("/adgang/bekraeft/?next=%2Fadgang%2Frettigheder%2F")
    assert list(PrivilegeApproval.objects.all()) == [approval]


def test_the_question_alone_says_the_same(asked: PrivilegeRequest) -> None:
    page = signed_in(people.bo()).get(VIBORG)
    assert f"<h1>{WORDS}" in page.text
    assert "Line Bach, siden " in page.text
    assert not PrivilegeApproval.objects.exists()


def test_an_approval_is_withdrawn_after_a_question(approval: PrivilegeApproval) -> None:
    browser = signed_in(people.freja())
    assert f'href="{withdrawal(approval)}"' in browser.get(PAGE).text
    question = browser.get(withdrawal(approval))
    assert "Line Bach" in question.text
    assert "Viborg Kommune kan så ikke længere give nogen rettigheden" in question.text
    assert PrivilegeApproval.objects.exists()
    answer = browser.post(withdrawal(approval))
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "trukket tilbage" in browser.get(PAGE).text
    assert not access.moderates(line(), people.os2display())
    assert PrivilegeRequest.objects.get().person == line()
    assert Entry.objects.get(act="privilege.withdrawn").by == people.freja()
    privileges.withdraw(approval, by=people.freja())
    assert Entry.objects.filter(act="privilege.withdrawn").count() == 1


def test_what_the_operator_approved_names_nobody(asked: PrivilegeRequest) -> None:
    privileges.approve(viborg(), people.os2display(), by=None)
    assert "af driften den " in signed_in(people.bo()).get(PAGE).text


def test_of_an_archived_product_there_is_nothing_to_decide(asked: PrivilegeRequest) -> None:
    Community.objects.update(archived=True)
    assert "OS2display" not in signed_in(people.freja()).get(PAGE).text


def test_who_became_a_guest_neither_asks_nor_is_let_in(asked: PrivilegeRequest) -> None:
    Person.objects.filter(pk=line().pk).update(role="guest")
    assert "Line Bach" not in signed_in(people.bo()).get(PAGE).text
    privileges.approve(viborg(), people.os2display(), by=people.bo())
    assert not Moderation.objects.filter(person=line()).exists()


def test_names_are_text_and_never_html(asked: PrivilegeRequest) -> None:
    Organisation.objects.filter(pk=viborg().pk).update(name="<b>Viborg</b>")
    page = signed_in(people.bo()).get(PAGE).text
    assert "<b>Viborg</b>" not in page
    assert "&lt;b&gt;Viborg" in page


def test_it_costs_as_many_queries_however_many_ask(
    asked: PrivilegeRequest, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(people.freja())
    for number in range(5):
        privileges.follow(
            people.person(f"Nr {number}x", f"nr{number}@viborg.dk", "Viborg Kommune"), [people.os2display()]
        )
    with django_assert_max_num_queries(7):
        page = browser.get(PAGE)
    assert len(re.findall(WORDS, page.text)) == 1


def test_it_speaks_english(asked: PrivilegeRequest) -> None:
    browser = signed_in(people.bo())
    browser.get("/adgang/sprog/en/")
    assert "Approve Viborg Kommune for OS2display" in browser.get(PAGE).text


# ---- who hears of it -----------------------------------------------------------------------------------


def told() -> list[dict[str, Any]]:
    """What the worker was asked to do, done by hand; the mails that came of it."""
    for job in ProcrastinateJob.objects.filter(task_name="communities.tell_of_request"):
        jobs.tell_of_request(**job.args)
    ProcrastinateJob.objects.filter(task_name="communities.tell_of_request").delete()
    mails = ProcrastinateJob.objects.filter(task_name="identity.send_mail").order_by("pk")
    return [job.args for job in mails]


def test_the_moderators_are_written_to_once_for_each_organisation_and_product(
    django_capture_on_commit_callbacks: Any,
) -> None:
    people.bo(), people.freja()
    display = people.os2display()
    with django_capture_on_commit_callbacks(execute=True):
        privileges.follow(line(), [display])
        privileges.follow(line(), [display])
        privileges.follow(people.person("Mie Lund", "mie@viborg.dk", "Viborg Kommune"), [display])
    (mail,) = told()
    assert mail["address"] == "bo.ek@aarhus.dk"
    assert mail["subject"] == "OS2samtale: Viborg Kommune vil moderere OS2display"
    assert "http://localhost:18400/adgang/rettigheder/" in mail["text"]
    assert "Line" not in mail["text"]
    with django_capture_on_commit_callbacks(execute=True):
        privileges.follow(people.anna(), [display])
    assert [mail["subject"] for mail in told()[1:]] == ["OS2samtale: Aarhus Kommune vil moderere OS2display"]


def test_without_moderators_the_administrators_are(django_capture_on_commit_callbacks: Any) -> None:
    freja, ove = people.freja(), owner()
    Person.objects.filter(pk=ove.pk).update(language="en")
    with django_capture_on_commit_callbacks(execute=True):
        privileges.follow(line(), [people.os2display()])
    mails = told()
    assert {mail["address"] for mail in mails} == {freja.email, ove.email}
    assert any("wants to moderate" in mail["subject"] for mail in mails)


def test_a_moderator_who_cannot_answer_is_none(django_capture_on_commit_callbacks: Any) -> None:
    bo, freja = people.bo(), people.freja()
    Person.objects.filter(pk=bo.pk).update(locked_at="2026-01-01T00:00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        privileges.follow(line(), [people.os2display()])
    assert [mail["address"] for mail in told()] == [freja.email]


def test_what_was_answered_before_the_worker_came_is_not_told(
    django_capture_on_commit_callbacks: Any,
) -> None:
    people.bo()
    with django_capture_on_commit_callbacks(execute=True):
        privileges.follow(line(), [people.os2display()])
    privileges.approve(viborg(), people.os2display(), by=None)
    assert told() == []


def test_what_counts_already_is_told_to_nobody(
    approval: PrivilegeApproval, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        privileges.follow(people.person("Mie Lund", "mie@viborg.dk", "Viborg Kommune"), [people.os2display()])
    assert told() == []


def test_who_moves_to_another_organisation_moderates_by_its_approval_only(
    approval: PrivilegeApproval,
) -> None:
    moved = line()
    assert access.moderates(moved, people.os2display())
    moved.organisation = people.organisation("Region Midtjylland")
    moved.save()
    privileges.follow(moved, [people.os2display()])
    assert not access.moderates(moved, people.os2display())
    assert PrivilegeRequest.objects.get().person == moved
