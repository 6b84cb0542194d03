"""The API against the real platform: real tokens through the proxy, real rooms."""

import sys
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from demo_reader import DemoReader
from platform_under_test import Platform

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "homeserver"))

from matrix_client import access_token

from samtale.homeserver.events import SendEvent
from samtale.homeserver.mas import SetDisplayname
from samtale.homeserver.rooms import JoinedRooms, ResolveAlias

#: A community of which the demo says nothing.
QUIET = "os2udoglaer"


class Api:
    def __init__(self, platform: Platform, key: str) -> None:
        known = platform.person(key)
        token = access_token(platform.url, known.email, known.password)
        self._http = httpx.Client(
            base_url=f"{platform.url}/api",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )

    def get(self, path: str, **query: Any) -> Any:
        answer = self._http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, status: int = 200) -> Any:
        answer = self._http.post(path, json={})
        assert answer.status_code == status, answer.text
        return answer.json()

    def community(self, slug: str) -> Any:
        return next(c for c in self.get("/communities")["communities"] if c["slug"] == slug)


@pytest.fixture(scope="module")
def anna(reader: DemoReader) -> Api:
    return Api(reader.platform, "anna")


@pytest.fixture(scope="module")
def signe(reader: DemoReader) -> Api:
    return Api(reader.platform, "signe")


@pytest.fixture(scope="module")
def dorthe(reader: DemoReader) -> Api:
    return Api(reader.platform, "dorthe")


def test_me(reader: DemoReader, anna: Api) -> None:
    me = anna.get("/me")
    assert (me["id"], me["name"]) == (reader.platform.person("anna").matrix_id, "Anna Jensen")
    assert (me["demo"], me["organisation"]["short"]) == (True, "Aarhus")


def test_anna_is_in_her_communities(anna: Api) -> None:
    os2display = anna.community("os2display")
    assert os2display["joined"]
    assert os2display["space_id"].startswith("!")
    assert [c["slug"] for c in os2display["channels"] if c["joined"]] == [
        "nyheder",
        "generelt",
        "support",
        "udvikling",
        "koordination",
        "hackathon",
    ]


def test_joining_opening_and_leaving(reader: DemoReader, signe: Api) -> None:
    assert not signe.community(QUIET)["joined"]
    assert signe.post(f"/communities/{QUIET}/join") == {"joined": True}
    joined = signe.community(QUIET)
    assert [c["slug"] for c in joined["channels"] if c["joined"]] == ["nyheder", "generelt"]

    room_id = signe.post(f"/channels/{QUIET}/udvikling/open")["room_id"]
    assert signe.post(f"/channels/{QUIET}/udvikling/open")["room_id"] == room_id
    assert room_id in reader.as_person("signe").send(JoinedRooms())
    assert reader.portal.send(ResolveAlias(f"#{QUIET}.udvikling:localhost")) == room_id

    assert signe.post(f"/communities/{QUIET}/leave") == {"joined": False}
    left = signe.community(QUIET)
    assert (left["joined"], left["space_id"]) == (False, None)
    assert [c["slug"] for c in left["channels"] if c["joined"]] == []


def test_opening_a_channel_joins_its_community(signe: Api) -> None:
    room_id = signe.post("/channels/os2loop/support/open")["room_id"]
    community = signe.community("os2loop")
    assert community["joined"]
    assert {c["room_id"] for c in community["channels"] if c["joined"]} >= {room_id}


def test_what_is_unread_outlives_opening_again_and_a_new_name(reader: DemoReader, signe: Api) -> None:
    room_id = signe.post(f"/channels/{QUIET}/support/open")["room_id"]
    jonas = Api(reader.platform, "jonas")
    jonas.post(f"/channels/{QUIET}/support/open")
    send = reader.as_person("jonas").send
    first = {"msgtype": "m.text", "body": "Et emne"}
    root = send(SendEvent(room_id, "m.room.message", first, token_hex(8)))
    thread = {"rel_type": "m.thread", "event_id": root}
    answer = {"msgtype": "m.text", "body": "Et svar", "m.relates_to": thread}
    send(SendEvent(room_id, "m.room.message", answer, token_hex(8)))

    signe.post(f"/channels/{QUIET}/support/open")
    known = reader.platform.person("signe")
    localpart = str(known.matrix_id).removeprefix("@").partition(":")[0]
    for name in (known.name + " Ny", known.name):
        reader.mas.send(SetDisplayname(localpart, name))
    seen = reader.sync("signe")["rooms"]["join"][room_id]
    assert seen["unread_thread_notifications"][root]["notification_count"] == 1


def test_camilla_sees_nothing_of_the_koordinationsgruppe(reader: DemoReader) -> None:
    camilla = Api(reader.platform, "camilla")
    closed = reader.room_id("os2display/koordination")
    everything = camilla.get("/communities")
    assert closed not in str(everything)
    assert "koordination" not in [c["slug"] for c in camilla.community("os2display")["channels"]]
    refused = camilla.post("/channels/os2display/koordination/open", status=404)
    assert refused == camilla.post("/channels/os2display/findes-ikke/open", status=404)


def test_a_moderator_enters_a_closed_channel_of_the_product(reader: DemoReader) -> None:
    mette = Api(reader.platform, "mette")
    room_id = mette.post("/channels/os2sofd/koordination/open")["room_id"]
    assert room_id in reader.as_person("mette").send(JoinedRooms())
    mette.post("/channels/os2mo/koordination/open", status=404)


def test_dorthe_sees_what_she_is_invited_to(reader: DemoReader, dorthe: Api) -> None:
    seen = {
        f"{community['slug']}/{channel['slug']}"
        for community in dorthe.get("/communities")["communities"]
        for channel in community["channels"]
    }
    assert seen == {
        "os2display/nyheder",
        "os2display/support",
        "os2display/udvikling",
        "os2display/hackathon",
        "os2-faelles/indkoeb-og-udbud",
    }
    dorthe.post("/communities/os2mo/join", status=404)
    dorthe.post("/communities/os2display/join", status=403)
    dorthe.post("/channels/os2display/generelt/open", status=404)
    room_id = dorthe.post("/channels/os2display/support/open")["room_id"]
    assert room_id in reader.as_person("dorthe").send(JoinedRooms())


def test_dorthe_knows_whom_she_shares_a_room_with(reader: DemoReader, dorthe: Api) -> None:
    ids = {key: reader.platform.person(key).matrix_id for key in ("bo", "henrik", "liam", "dorthe")}
    named = [person["name"] for person in dorthe.get("/people", id=list(ids.values()))["people"]]
    assert "Bo Ek" in named
    assert "Liam O'Connor" not in named
    assert dorthe._http.get("/people", params={"q": "bo"}).status_code == 403


def test_people_are_found_in_danish_order(anna: Api) -> None:
    found = anna.get("/people", q="jensen")["people"]
    assert [(p["name"], p["organisation"]) for p in found] == [
        ("Peter Jensen", "Aarhus"),
        ("Peter Jensen", "Viborg"),
    ]
    assert [p["name"] for p in anna.get("/people", q="aakjær")["people"]] == ["Søren Ærø Åkjær"]


@pytest.mark.parametrize(
    ("method", "path", "field"),
    [
        ("GET", "people?q=a@b%00", "q"),
        ("GET", "people?id=@%00:localhost", "id"),
        ("POST", "communities/os2%00/join", "slug"),
        ("POST", "channels/os2display/x%1B/open", "channel"),
    ],
)
def test_what_is_no_text_is_refused(anna: Api, method: str, path: str, field: str) -> None:
    answer = anna._http.request(method, path)
    assert answer.status_code == 400, answer.text
    assert (answer.json()["error"], answer.json()["field"]) == ("bad_input", field)


def test_signing_out_ends_the_token(reader: DemoReader) -> None:
    ali = Api(reader.platform, "ali")
    assert ali.post("/sign-out")["next"] == "/adgang/logget-ud/"
    assert ali._http.get("/me").status_code == 401
