"""The demo's people in the database, and the file that lists them."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from samtale.communities import apply, file
from samtale.communities.access import communities_for
from samtale.communities.models import Membership, Moderation
from samtale.demo import mark
from samtale.demo import people as cast
from samtale.demo.material import COMMUNITIES, material
from samtale.identity.access import refusal
from samtale.identity.models import Organisation, Person
from samtale.identity.people import find_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_file(tmp_path: Path, settings: Any) -> Path:
    from dataclasses import replace

    path = tmp_path / "demo.json"
    settings.CONFIG = replace(settings.CONFIG, demo_file=path)
    return path


@pytest.fixture
def people(demo_file: Path) -> dict[str, Person]:
    now = timezone.now()
    cast.make_organisations(material())
    made = cast.make_people(material(), now=now)
    apply.write(file.read(COMMUNITIES), archive=False, now=now)
    cast.make_memberships(material(), made)
    return made


def test_all_organisations_are_there_and_the_casts_take_part(people: dict[str, Person]) -> None:
    assert Organisation.objects.count() == 116 + 3
    assert Organisation.objects.get(name="Udenfor ApS").state == "invited"
    assert Organisation.objects.get(cvr="55133018").state == "joined"
    assert Organisation.objects.get(name="Albertslund Kommune").state == "invited"
    assert [email for email, person in people.items() if refusal(person)] == ["egon@outsider.example"]


def test_the_file_lists_them_for_their_owner_alone(people: dict[str, Person], demo_file: Path) -> None:
    assert stat.S_IMODE(demo_file.stat().st_mode) == 0o600
    content = json.loads(demo_file.read_text())
    listed = {entry["key"]: entry for entry in content["people"]}
    assert len(listed) == 21
    assert listed["anna"]["email"] == "anna.jensen@aarhus.dk"
    assert people["anna.jensen@aarhus.dk"].check_password(listed["anna"]["password"])
    assert listed["peter-viborg"]["email"] == "peter.jensen@viborg.dk"
    assert (listed["egon"]["role"], listed["egon"]["matrix_id"]) == (None, None)
    assert {entry["role"] for entry in content["people"]} == {
        "member",
        "guest",
        "moderator",
        "administrator",
        None,
    }
    assert len({entry["password"] for entry in content["people"]}) == 21


def test_again_changes_nothing(people: dict[str, Person], demo_file: Path) -> None:
    before = demo_file.read_text()
    hashes = dict(Person.objects.values_list("email", "password"))
    memberships = Membership.objects.count()
    cast.make_organisations(material())
    again = cast.make_people(material(), now=timezone.now())
    cast.make_memberships(material(), again)
    assert demo_file.read_text() == before
    assert dict(Person.objects.values_list("email", "password")) == hashes
    assert Membership.objects.count() == memberships


def test_guests_have_a_sponsor_and_an_end(people: dict[str, Person]) -> None:
    dorthe = people["dorthe.holm@supplier.example"]
    assert dorthe.sponsor == people["bo.ek@aarhus.dk"]
    assert dorthe.expires_at is not None
    assert dorthe.display_name == "Dorthe Holm (gæst, Leverandøren ApS)"
    assert not Membership.objects.filter(person__role="guest").exists()


def test_moderators_are_so_from_a_privilege(people: dict[str, Person]) -> None:
    bo = people["bo.ek@aarhus.dk"]
    assert sorted(Moderation.objects.filter(person=bo).values_list("source", flat=True)) == [
        "file",
        "privilege",
    ]
    assert Moderation.objects.filter(source="privilege").count() == 15


def test_each_is_where_they_have_something_to_say(people: dict[str, Person]) -> None:
    def slugs(email: str) -> set[str]:
        return {view.community.slug for view in communities_for(people[email]) if view.joined}

    assert slugs("anna.jensen@aarhus.dk") >= {"os2display", "os2-faelles", "os2samtale", "os2ai"}
    assert "os2forms" in slugs("freja.lund@os2.eu")
    assert slugs("dorthe.holm@supplier.example") == {"os2display", "os2-faelles"}


def test_camilla_knows_nothing_of_the_koordinationsgruppe(people: dict[str, Person]) -> None:
    seen = {
        str(channel.channel)
        for view in communities_for(people["camilla.bruun@regionh.dk"])
        for channel in view.channels
    }
    assert "os2display/support" in seen
    assert "os2display/koordination" not in seen
    assert "os2ai/koordination" in seen


def test_they_are_found_by_their_organisation(people: dict[str, Person]) -> None:
    found = find_people("jensen aarhus", people["bo.ek@aarhus.dk"])
    assert [person.email for person in found] == ["anna.jensen@aarhus.dk", "peter.jensen@aarhus.dk"]


def test_the_mark_is_seen(db: None) -> None:
    assert not mark.present()
    call_command("demo_check")


def test_a_database_with_the_mark_is_refused(people: dict[str, Person]) -> None:
    assert mark.present()
    with pytest.raises(CommandError, match="made up"):
        call_command("demo_check")
