"""Finding people: what is typed, who is found, and who may ask."""

import people
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samtale.identity.models import Person
from samtale.identity.people import DirectoryClosed, find_people

pytestmark = pytest.mark.django_db

OTHERS = [
    ("Søren Ærø Åkjær", "soeren.aakjaer@aarhus.dk", "Aarhus Kommune"),
    ("Søren Kristiansen", "soeren.kristiansen@viborg.dk", "Viborg Kommune"),
    ("Bjørn Ø. Müller-Ås", "bjoern.mueller-aas@viborg.dk", "Viborg Kommune"),
    ("Ida Nguyễn", "ida.nguyen@rm.dk", "Region Midtjylland"),
    ("Peter Jensen", "peter.jensen@aarhus.dk", "Aarhus Kommune"),
    ("Peter Jensen", "peter.jensen@viborg.dk", "Viborg Kommune"),
    ("Jens Åge Jensen", "jens.aage@viborg.dk", "Viborg Kommune"),
    ("Jens Aage Jensen", "jens.aage.2@viborg.dk", "Viborg Kommune"),
    ("Skødstrøm Vang", "sv@rm.dk", "Region Midtjylland"),
    ("Yusuf Yılmaz", "yy@rm.dk", "Region Midtjylland"),
    ("Zofia Wójcik", "zw@rm.dk", "Region Midtjylland"),
    ("Łukasz Żak", "lz@rm.dk", "Region Midtjylland"),
    ("Þórunn Jónsdóttir", "tj@rm.dk", "Region Midtjylland"),
    ("王小明", "wang@rm.dk", "Region Midtjylland"),
    ("Мария Петрова", "mp@rm.dk", "Region Midtjylland"),
    ("محمد علي", "ma@rm.dk", "Region Midtjylland"),
    ("Anna 100%_Jensen", "wild@rm.dk", "Region Midtjylland"),
]

SOERENS = ["Søren Kristiansen", "Søren Ærø Åkjær"]
AAGES = ["Jens Aage Jensen", "Jens Åge Jensen"]

TYPED = [
    *[(typed, SOERENS) for typed in ("soren", "søren", "soeren", "SØREN", " Søren ")],
    *[(typed, ["Søren Ærø Åkjær"]) for typed in ("aakjær", "åkjær", "aakjaer", "akjaer", "akjar", "søren å")],
    *[(typed, ["Bjørn Ø. Müller-Ås"]) for typed in ("muller", "müller", "mueller", "müller-ås", "bjorn")],
    *[(typed, ["Liam O'Connor", "Liam O’Connor"]) for typed in ("oconnor", "o'connor", "o’connor", "connor")],
    *[(typed, ["Ida Nguyễn"]) for typed in ("nguyen", "Nguyễn", "Nguye\u0302\u0303n")],
    *[(typed, AAGES) for typed in ("åge", "aage", "age")],
    ("jensen aarhus", ["Anna Jensen", "Peter Jensen"]),
    ("jensen århus", ["Anna Jensen", "Peter Jensen"]),
    ("peter jensen", ["Peter Jensen", "Peter Jensen"]),
    ("jensen peter", ["Peter Jensen", "Peter Jensen"]),
    ("holm supplier", ["Dorthe Holm"]),
    ("holm leverandor", ["Dorthe Holm"]),
    ("skodstroem", ["Skødstrøm Vang"]),
    ("yilmaz", ["Yusuf Yılmaz"]),
    ("YILMAZ", ["Yusuf Yılmaz"]),
    ("wojcik", ["Zofia Wójcik"]),
    ("zak", ["Łukasz Żak"]),
    ("thorunn jonsdottir", ["Þórunn Jónsdóttir"]),
    ("小", []),
    ("王", ["王小明"]),
    ("мария", ["Мария Петрова"]),
    ("علي", ["محمد علي"]),
    ("anna.jensen@aarhus", ["Anna Jensen"]),
    ("%", []),
    ("_", []),
    ("", []),
    ("   ", []),
    ("ensen", []),
    ("'", []),
]


@pytest.fixture
def many() -> None:
    people.anna()
    people.dorthe()
    for name, email, of in OTHERS:
        people.person(name, email, of)
    for number, apostrophe in enumerate("'’"):
        people.person(
            f"Liam O{apostrophe}Connor", f"liam{number}@supplier.example", "Leverandøren ApS", "guest"
        )


@pytest.mark.parametrize(("typed", "found"), TYPED)
@pytest.mark.usefixtures("many")
def test_what_is_typed_finds(typed: str, found: list[str]) -> None:
    assert [person.name for person in find_people(typed, people.carla())] == found


@pytest.mark.usefixtures("many")
def test_two_of_one_name_are_told_apart_by_their_organisation() -> None:
    both = find_people("peter jensen", people.carla())
    assert {person.organisation.short for person in both if person.organisation} == {"Aarhus", "Viborg"}
    aarhus = find_people("peter aarhus", people.carla())
    assert [person.email for person in aarhus] == ["peter.jensen@aarhus.dk"]


@pytest.mark.usefixtures("many")
def test_a_guest_is_found_and_shown_as_one() -> None:
    assert [found.display_name for found in find_people("holm supplier", people.anna())] == [
        "Dorthe Holm (gæst, Leverandøren)"
    ]


def test_a_guest_may_not_search() -> None:
    people.anna()
    with pytest.raises(DirectoryClosed):
        find_people("anna", people.dorthe())


def test_nobody_is_found_who_cannot_be_written_to() -> None:
    anna, asks = people.anna(), people.carla()
    people.egon()
    assert find_people("egon", asks) == []
    Person.objects.filter(pk=anna.pk).update(locked_at="2026-01-01T00:00:00Z")
    assert find_people("anna", asks) == []


def test_one_does_not_find_oneself() -> None:
    assert find_people("anna", people.anna()) == []


def test_at_most_twenty_are_found_in_danish_order() -> None:
    for number in range(25):
        people.person(f"Åse {chr(90 - number)}nd", f"{number}@rm.dk", "Region Midtjylland")
    found = find_people("åse", people.anna())
    assert len(found) == 20
    assert [person.sort_key for person in found] == sorted(person.sort_key for person in found)


@pytest.mark.usefixtures("many")
def test_a_search_is_one_query_and_a_near_one_two() -> None:
    carla = people.carla()
    for typed, queries in (("jensen aarhus", 1), ("akjar", 2)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            for person in find_people(typed, carla):
                assert person.organisation is None or person.organisation.short
        assert len(asked) == queries


def test_a_new_name_is_found_and_the_old_is_not() -> None:
    anna, carla = people.anna(), people.carla()
    anna.rename("Anna Åkjær")
    anna.save()
    assert find_people("akjær", carla) == [anna]
    assert find_people("jensen", carla) == []
