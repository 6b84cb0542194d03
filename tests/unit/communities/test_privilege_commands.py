"""Approving whose privilege »moderator« counts, at the command line."""

import json
from io import StringIO
from typing import Any

import people
import pytest
from django.core.management import CommandError, call_command

from samtale.audit.models import Entry
from samtale.communities.models import Community, Moderation, PrivilegeApproval, PrivilegeRequest
from samtale.identity.models import Person

pytestmark = pytest.mark.django_db
AARHUS = "55133018"


def says(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def anna() -> Person:
    return people.anna()


@pytest.fixture
def os2display() -> Community:
    return people.os2display()


def moderates(person: Person) -> bool:
    return Moderation.objects.filter(person=person, source="privilege").exists()


def test_who_waits_moderates_and_the_log_says_that_the_operator_did_it(
    anna: Person, os2display: Community
) -> None:
    PrivilegeRequest.objects.create(person=anna, community=os2display)
    assert "approved for Aarhus Kommune and os2display" in says("privileges_approve", AARHUS, "os2display")
    assert moderates(anna)
    entry = Entry.objects.get(act="privilege.approved")
    assert (entry.by, entry.by_name, entry.detail["cvr"]) == (None, "", AARHUS)
    assert "already" in says("privileges_approve", AARHUS, "os2display")
    assert PrivilegeApproval.objects.count() == 1


def test_withdrawing_makes_them_wait_again(anna: Person, os2display: Community) -> None:
    PrivilegeRequest.objects.create(person=anna, community=os2display)
    says("privileges_approve", AARHUS, "os2display")
    assert "withdrawn" in says("privileges_approve", AARHUS, "os2display", "--withdraw")
    assert not moderates(anna)
    assert PrivilegeRequest.objects.get().person == anna
    with pytest.raises(CommandError, match="nothing is approved for Aarhus Kommune and os2display"):
        says("privileges_approve", AARHUS, "os2display", "--withdraw")


@pytest.mark.parametrize(
    ("cvr", "slug", "said"),
    [
        ("5513301", "os2display", "CVR must have eight digits, got '5513301'"),
        ("DK55133018", "os2display", "CVR must have eight digits"),
        ("٥٥١٣٣٠١٨", "os2display", "CVR must have eight digits"),
        ("11111111", "os2display", "no organisation here has the CVR number 11111111"),
        (AARHUS, "os2diplay", "there is no community 'os2diplay'; there is os2display"),
        (AARHUS, "", "there is no community ''; there is archived, os2display"),
        (AARHUS, "archived", "archived is archived"),
    ],
)
def test_what_cannot_be_approved(anna: Person, os2display: Community, cvr: str, slug: str, said: str) -> None:
    Community.objects.create(slug="archived", name="Old", archived=True)
    with pytest.raises(CommandError) as refused:
        says("privileges_approve", cvr, slug)
    assert said in str(refused.value)
    assert not PrivilegeApproval.objects.exists()


def test_before_there_are_communities(anna: Person) -> None:
    with pytest.raises(CommandError, match="there are no communities"):
        says("privileges_approve", AARHUS, "os2display")


def test_the_list(anna: Person, os2display: Community) -> None:
    assert says("privileges_approved").strip() == "nothing is approved, and nobody waits"
    carla = people.carla()
    for person in (anna, carla):
        PrivilegeRequest.objects.create(person=person, community=os2display)
    PrivilegeApproval.objects.create(cvr="29189846", community=os2display, by=people.freja())
    says("privileges_approve", AARHUS, "os2display")
    found: list[dict[str, Any]] = json.loads(says("privileges_approved", "--json"))
    assert [(each["cvr"], each["by"], each["waiting"]) for each in found] == [
        ("29189846", "Freja Lund", 0),
        ("29190925", None, 1),
        (AARHUS, "the operator", 0),
    ]
    lines = says("privileges_approved").splitlines()
    assert "Region Midtjylland: 1 wait" in lines[1]
    assert "Aarhus Kommune: approved by the operator" in lines[2]
