"""The file into the database."""

import people
import pytest
from django.utils import timezone

from samtale.audit.models import Entry
from samtale.communities import apply, rules
from samtale.communities.appointments import resolve
from samtale.communities.file import Desired, FileRefused, parse
from samtale.communities.models import Appointment, Channel, Community, Moderation

pytestmark = pytest.mark.django_db

FILE = """\
communities:
  - slug: os2display
    name: OS2display
    channels:
      - {slug: generelt, name: Generelt, kind: open, default: true}
      - {slug: lukket, name: Lukket, kind: closed}
    moderators: [anna.jensen@aarhus.dk]
  - slug: os2-faelles
    name: OS2 fælles
    channels: [{slug: generelt, name: Generelt, kind: open, default: true}]
rules:
  - when: {organisation.kind: [municipality, region]}
    join: [os2-faelles]
  - when: {privilege: moderator}
    role: {moderator: constraint.produkt}
"""


def write(text: str = FILE, *, archive: bool = False) -> int:
    return len(apply.write(parse(text, "f"), archive=archive, now=timezone.now()))


def test_twice_is_as_once() -> None:
    assert write() > 0
    before = list(Channel.objects.values_list("pk", "slug"))
    assert write() == 0
    assert list(Channel.objects.values_list("pk", "slug")) == before
    assert Entry.objects.filter(act="communities.applied").count() == 1


def test_a_moderator_is_found_by_address_once() -> None:
    anna = people.anna()
    write()
    assert Moderation.objects.get().person == anna
    assert Entry.objects.filter(act="moderator.appointed", on=anna).count() == 1


def test_an_address_that_nobody_has_stays_open_and_is_not_inherited() -> None:
    write()
    appointment = Appointment.objects.get()
    assert (appointment.person, appointment.resolved_at) == (None, None)
    people.anna()
    write(FILE.replace("name: OS2display", "name: OS2Display"))
    assert not Moderation.objects.exists()


def test_who_leaves_the_file_loses_only_what_the_file_gave() -> None:
    anna = people.anna()
    write()
    Moderation.objects.create(
        person=anna, community=Community.objects.get(slug="os2display"), source="person"
    )
    write(FILE.replace("    moderators: [anna.jensen@aarhus.dk]\n", ""))
    assert list(Moderation.objects.values_list("source", flat=True)) == ["person"]
    assert not Appointment.objects.exists()


def test_a_guest_cannot_be_appointed() -> None:
    people.dorthe()
    with pytest.raises(FileRefused, match=r"f:7: community os2display: .* is a guest"):
        write(FILE.replace("anna.jensen@aarhus.dk", "dorthe.holm@supplier.example"))
    assert not Channel.objects.exists()


def test_an_address_that_two_people_have_is_refused() -> None:
    desired: Desired = parse(FILE, "f")
    resolved = resolve(desired, [people.anna(), people.anna()])
    assert resolved.people == {}
    [complaint] = resolved.complaints
    assert (complaint.line, "2 people have the address" in complaint.what) == (7, True)


def test_nothing_is_archived_without_being_asked_for() -> None:
    write()
    without = FILE.replace("      - {slug: lukket, name: Lukket, kind: closed}\n", "")
    with pytest.raises(FileRefused, match="with --archive"):
        write(without)
    assert not Channel.objects.filter(archived=True).exists()
    assert write(without, archive=True) == 1
    assert Channel.objects.get(archived=True).slug == "lukket"


def test_a_community_that_leaves_the_file_is_kept_in_the_archive() -> None:
    write()
    lines = FILE.splitlines()
    without = "\n".join([*lines[:7], "rules: []"])
    write(without, archive=True)
    assert Community.objects.get(slug="os2-faelles").archived


def test_rules_give_default_communities() -> None:
    write()
    assert [c.slug for c in rules.default_communities(people.anna())] == ["os2-faelles"]
    assert [c.slug for c in rules.default_communities(people.carla())] == ["os2-faelles"]
    assert rules.default_communities(people.freja()) == []
    assert rules.default_communities(people.dorthe()) == []


def test_a_privilege_names_its_communities() -> None:
    write()
    given = rules.moderated_by_privilege([("produkt", "os2display, nowhere"), ("andet", "os2-faelles")])
    assert [community.slug for community in given] == ["os2display"]
