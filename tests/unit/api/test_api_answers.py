"""What the API answers, and what it leaves out."""

from collections.abc import Callable
from typing import Any

import people
import pytest

from samtale.audit.models import Entry
from samtale.communities import matrix
from samtale.communities.models import Channel, ChannelMembership, Community, Membership

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Any]


@pytest.fixture(autouse=True)
def channels() -> dict[str, Channel]:
    community = people.os2display()
    Community.objects.update(space_id="!space")
    kinds = [("nyheder", "announcement"), ("generelt", "open"), ("koordination", "closed")]
    return {
        slug: Channel.objects.create(
            community=community, slug=slug, name=slug.title(), kind=kind, order=order, room_id=f"!{slug}"
        )
        for order, (slug, kind) in enumerate(kinds)
    }


def test_me(signed_in: SignedIn) -> None:
    anna = people.anna()
    assert signed_in(anna).get("/api/me").json() == {
        "id": matrix.user_id(anna),
        "name": "Anna Jensen",
        "email": "anna.jensen@aarhus.dk",
        "role": "member",
        "organisation": {"name": "Aarhus Kommune", "short": "Aarhus", "cvr": "55133018"},
        "language": "da",
        "demo": True,
        "server_name": "localhost",
        "moderates": [],
    }


def test_communities(signed_in: SignedIn, synapse: Any) -> None:
    anna = people.anna()
    Membership.objects.create(person=anna, community=people.os2display())
    synapse.rooms = {"!space": {matrix.user_id(anna)}, "!nyheder": {matrix.user_id(anna)}}
    assert signed_in(anna).get("/api/communities").json() == {
        "communities": [
            {
                "slug": "os2display",
                "name": "OS2display",
                "summary": "",
                "hue": "himmel",
                "space_id": "!space",
                "joined": True,
                "moderator": False,
                "channels": [
                    {
                        "slug": "nyheder",
                        "name": "Nyheder",
                        "kind": "announcement",
                        "room_id": "!nyheder",
                        "joined": True,
                        "may_join": True,
                        "archived": False,
                        "default": False,
                    },
                    {
                        "slug": "generelt",
                        "name": "Generelt",
                        "kind": "open",
                        "room_id": "!generelt",
                        "joined": False,
                        "may_join": True,
                        "archived": False,
                        "default": False,
                    },
                ],
            }
        ]
    }


def test_a_closed_channel_of_others_is_nowhere(signed_in: SignedIn, synapse: Any) -> None:
    """Neither its name nor its room: not in the list, not by opening it."""
    anna = signed_in(people.anna())
    assert b"oordination" not in anna.get("/api/communities").content
    refused = anna.post("/api/channels/os2display/koordination/open")
    unknown = anna.post("/api/channels/os2display/findes-ikke/open")
    assert (refused.status_code, refused.content) == (404, unknown.content)


def test_a_guest_sees_only_what_they_are_invited_to(
    signed_in: SignedIn, synapse: Any, channels: dict[str, Channel]
) -> None:
    dorthe = people.dorthe()
    ChannelMembership.objects.create(person=dorthe, channel=channels["generelt"])
    [community] = signed_in(dorthe).get("/api/communities").json()["communities"]
    assert [channel["slug"] for channel in community["channels"]] == ["generelt"]
    assert (community["space_id"], community["joined"]) == (None, True)
    for path, status in [
        ("/api/communities/os2display/join", 403),
        ("/api/communities/os2display/leave", 403),
        ("/api/channels/os2display/nyheder/open", 404),
    ]:
        assert signed_in(dorthe).post(path).status_code == status


def test_synapse_away_is_said_so(signed_in: SignedIn, synapse: Any) -> None:
    synapse.away = True
    answer = signed_in(people.anna()).get("/api/communities")
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert answer["Retry-After"] == "5"
    assert signed_in(people.anna()).post("/api/channels/os2display/generelt/open").status_code == 503


def test_joining_holds_when_synapse_is_away(signed_in: SignedIn, synapse: Any) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    synapse.away = True
    anna = people.anna()
    answer = signed_in(anna).post("/api/communities/os2display/join")
    assert (answer.status_code, answer.json()) == (200, {"joined": True})
    assert Membership.objects.get(person=anna).left_at is None
    assert ProcrastinateJob.objects.filter(task_name="communities.settle").count() == 1
    assert signed_in(anna).post("/api/communities/os2display/leave").json() == {"joined": False}
    assert Membership.objects.get(person=anna).left_at is not None
    assert list(Entry.objects.filter(on=anna, subject="os2display").values_list("act", flat=True)) == [
        "community.left",
        "community.joined",
    ]


def test_leaving_takes_the_closed_channels_along(
    signed_in: SignedIn, synapse: Any, channels: dict[str, Channel]
) -> None:
    synapse.away = True
    anna = people.anna()
    Membership.objects.create(person=anna, community=people.os2display())
    ChannelMembership.objects.create(person=anna, channel=channels["koordination"])
    signed_in(anna).post("/api/communities/os2display/leave")
    assert not ChannelMembership.objects.filter(person=anna).exists()
    assert Entry.objects.get(act="community.left").detail["closed_channels"] == ["koordination"]


@pytest.mark.parametrize("path", ["communities/nix/join", "communities/nix/leave", "channels/nix/a/open"])
def test_what_is_not_there(signed_in: SignedIn, path: str) -> None:
    answer = signed_in(people.anna()).post(f"/api/{path}")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["communities/OS2/join", "communities/a--b/join", "channels/a/b%2Fc/open"])
def test_a_path_that_cannot_be_ours(signed_in: SignedIn, path: str) -> None:
    assert signed_in(people.anna()).post(f"/api/{path}").status_code == 404


def test_people_are_found(signed_in: SignedIn) -> None:
    bo, _ = people.bo(), people.dorthe()
    found = signed_in(people.anna()).get("/api/people", {"q": "bo"}).json()["people"]
    assert found == [
        {
            "id": matrix.user_id(bo),
            "name": "Bo Ek",
            "organisation": "Aarhus",
            "organisation_name": "Aarhus Kommune",
            "role": "member",
            "guest": False,
            "moderates": ["os2display"],
        }
    ]


def test_a_guest_does_not_search(signed_in: SignedIn) -> None:
    people.bo()
    assert signed_in(people.dorthe()).get("/api/people", {"q": "bo"}).status_code == 403


def test_people_by_id(signed_in: SignedIn) -> None:
    bo, dorthe = people.bo(), people.dorthe()
    ids = [matrix.user_id(bo), matrix.user_id(dorthe), "@samtale:localhost", "@x:elsewhere.dk", "", "nix"]
    found = signed_in(people.anna()).get("/api/people", {"id": ids}).json()["people"]
    assert [(p["name"], p["guest"], p["organisation"]) for p in found] == [
        ("Bo Ek", False, "Aarhus"),
        ("Dorthe Holm", True, "Leverandøren"),
    ]


def test_a_guest_knows_by_id_only_whom_they_share_a_room_with(signed_in: SignedIn, synapse: Any) -> None:
    dorthe, bo, anna = people.dorthe(), people.bo(), people.anna()
    synapse.rooms = {
        "!generelt": {matrix.user_id(dorthe), matrix.user_id(bo)},
        "!nyheder": {matrix.user_id(anna)},
    }
    ids = [matrix.user_id(person) for person in (dorthe, bo, anna)]
    found = signed_in(dorthe).get("/api/people", {"id": ids}).json()["people"]
    assert [person["name"] for person in found] == ["Bo Ek", "Dorthe Holm"]


@pytest.mark.parametrize(
    ("query", "field"),
    [({}, "q"), ({"q": "bo", "id": "@a:localhost"}, "q"), ({"id": ["@a:localhost"] * 101}, "id")],
)
def test_bad_input_names_the_field(signed_in: SignedIn, query: dict[str, Any], field: str) -> None:
    answer = signed_in(people.anna()).get("/api/people", query)
    assert (answer.status_code, answer.json()["error"], answer.json()["field"]) == (400, "bad_input", field)


def test_a_hundred_ids_are_taken(signed_in: SignedIn) -> None:
    answer = signed_in(people.anna()).get("/api/people", {"id": ["@a:localhost"] * 100})
    assert answer.json() == {"people": []}


def test_sign_out_is_there(signed_in: SignedIn) -> None:
    anna = signed_in(people.anna())
    assert anna.post("/api/sign-out").json() == {"next": "/adgang/logget-ud/"}
    assert anna.get("/api/me").status_code == 401
