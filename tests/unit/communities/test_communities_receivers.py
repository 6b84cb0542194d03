"""What happens by itself when somebody signs in or becomes an administrator."""

import people
import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.audit.models import Entry
from samtale.communities.models import (
    Appointment,
    Channel,
    ChannelMembership,
    Community,
    JoinRule,
    Membership,
    Moderation,
)
from samtale.identity import actions
from samtale.identity.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rule() -> None:
    Community.objects.create(slug="os2-faelles", name="OS2 fælles", hue="hav")
    when = {"organisation.kind": ["municipality"]}
    JoinRule.objects.create(when=when, give={"join": ["os2-faelles"]})


def settled(person: Person) -> int:
    """How many jobs that is; jobs of earlier tests are still in the table."""
    mine = ProcrastinateJob.objects.filter(task_name="communities.settle", args__person_id=person.pk)
    return int(mine.count())


def test_the_first_sign_in_joins_by_rule_and_the_second_does_not() -> None:
    anna = people.anna()
    people.client_for(anna)
    people.client_for(anna)
    assert [m.community.slug for m in Membership.objects.filter(person=anna)] == ["os2-faelles"]
    assert settled(anna) == 1


def test_who_left_is_not_brought_back() -> None:
    anna = people.anna()
    people.client_for(anna)
    Membership.objects.update(left_at=anna.created_at)
    people.client_for(anna)
    assert Membership.objects.get(person=anna).left_at is not None
    assert settled(anna) == 1


def test_whom_no_rule_names_joins_nothing() -> None:
    Client().force_login(people.dorthe())
    Client().force_login(people.freja())
    assert not Membership.objects.exists()


def test_a_new_role_makes_matrix_agree() -> None:
    asked = ProcrastinateJob.objects.filter(task_name="communities.agree_on_administrators")
    before = asked.count()
    actions.change_role(people.anna(), "administrator", by=people.freja())
    assert asked.count() == before + 1


def test_who_becomes_a_guest_stays_only_where_they_were_invited() -> None:
    bo, faelles = people.bo(), Community.objects.get(slug="os2-faelles")
    display = people.os2display()
    closed = Channel.objects.create(community=display, slug="koordination", name="K", kind="closed")
    ChannelMembership.objects.create(person=bo, channel=closed)
    Appointment.objects.create(person=bo, community=display, email=bo.email)
    left = Membership.objects.create(person=bo, community=faelles, left_at=bo.created_at)
    Membership.objects.create(person=bo, community=display)
    Membership.objects.create(person=people.anna(), community=display)
    actions.change_role(bo, "guest", by=people.freja())
    assert list(Membership.objects.filter(person=bo)) == [left]
    assert Membership.objects.filter(person=people.anna()).count() == 1
    assert not Moderation.objects.filter(person=bo).exists()
    assert not Appointment.objects.exists()
    assert ChannelMembership.objects.get().person == bo
    assert settled(bo) == 1
    acts = Entry.objects.filter(on=bo, subject="os2display").values_list("act", "detail")
    assert sorted(acts) == [
        ("community.left", {"became_guest": True}),
        ("moderator.removed", {"became_guest": True}),
    ]


def test_a_new_name_takes_a_member_out_of_nothing() -> None:
    anna = people.anna()
    Membership.objects.create(person=anna, community=people.os2display())
    actions.rename_person(anna, "Anna Ny", by=people.freja())
    assert Membership.objects.filter(person=anna, left_at=None).exists()
