"""What happens by itself when somebody signs in or becomes an administrator."""

import people
import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.communities.models import Community, JoinRule, Membership
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
