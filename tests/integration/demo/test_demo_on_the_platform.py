"""The demo as it is in Matrix: whole, dated, once, unread exactly as written."""

import time
from collections import Counter
from typing import Any

import httpx
import pytest
from demo_reader import KEY, DemoReader

from samtale.demo.material import material
from samtale.homeserver.mas import QueryUser
from samtale.homeserver.rooms import JoinedRooms, ResolveAlias, RoomState
from samtale.homeserver.sender import HomeserverRefused, Json


@pytest.fixture(scope="module")
def rooms(reader: DemoReader) -> dict[str, list[Json]]:
    """Everything in every channel, by its path, newest first."""
    found = {}
    for path in sorted({conversation.path for conversation in material().conversations}):
        found[path] = reader.events(reader.room_id(path))
    return found


def of_demo(events: list[Json]) -> list[Json]:
    return [event for event in events if KEY in event["content"]]


def test_every_line_is_there_once(rooms: dict[str, list[Json]]) -> None:
    there = Counter(event["content"][KEY] for events in rooms.values() for event in of_demo(events))
    assert [key for key, count in there.items() if count > 1] == []
    wanted = set()
    for conversation in material().conversations:
        wanted.add(f"{conversation.key}/root")
        for message in conversation.messages:
            wanted.add(f"{conversation.key}/{message.key}")
            wanted.update(f"{conversation.key}/{message.key}/r{n}" for n in range(len(message.reactions)))
    assert set(there) == wanted


def test_numbers(rooms: dict[str, list[Json]]) -> None:
    kinds: Counter[str] = Counter()
    for events in rooms.values():
        for event in of_demo(events):
            kinds[event["content"].get("msgtype", event["type"])] += 1
    assert kinds == {"m.notice": 100, "m.text": 494, "m.image": 1, "m.file": 2, "m.reaction": 394}


def test_resolved_topics_are_resolved(rooms: dict[str, list[Json]]) -> None:
    resolved = {
        event["state_key"]
        for events in rooms.values()
        for event in events
        if event["type"] == "dk.os2.topic" and event["content"].get("resolved")
    }
    roots = {
        event["event_id"]: event["content"][KEY]
        for events in rooms.values()
        for event in of_demo(events)
        if "dk.os2.topic" in event["content"]
    }
    wanted = {
        f"{conversation.key}/root" for conversation in material().conversations if conversation.resolved
    }
    assert {roots[root] for root in resolved if root in roots} == wanted


def test_nothing_lies_in_the_future_and_the_newest_was_just_written(rooms: dict[str, list[Json]]) -> None:
    now = time.time() * 1000
    messages = [
        event for events in rooms.values() for event in of_demo(events) if event["type"] == "m.room.message"
    ]
    assert max(event["origin_server_ts"] for event in messages) <= now
    loaded = max(event["origin_server_ts"] for event in messages) + 4 * 60_000
    assert 0 <= now - loaded < 3_600_000


def test_headings_and_each_topic_are_in_the_order_of_time(rooms: dict[str, list[Json]]) -> None:
    for path, events in rooms.items():
        oldest_first = [event for event in reversed(of_demo(events)) if event["type"] == "m.room.message"]
        topics: dict[str, list[int]] = {"": []}
        for event in oldest_first:
            relation = event["content"].get("m.relates_to", {})
            topics.setdefault(relation.get("event_id", ""), []).append(event["origin_server_ts"])
        for times in topics.values():
            assert times == sorted(times), path


@pytest.mark.parametrize(
    ("key", "topics", "private", "named"),
    [
        ("anna", [1, 1, 1, 1, 2, 3, 3], 1, 2),
        ("bo", [1, 1, 1, 2], 1, None),
        ("carla", [1, 1, 1, 3], 0, None),
        ("freja", [1, 2, 2], 1, None),
        ("dorthe", [1, 1, 3], 0, None),
        ("camilla", [], 0, None),
        ("ali", [], 0, None),
    ],
)
def test_unread(reader: DemoReader, key: str, topics: list[int], private: int, named: int | None) -> None:
    joined: dict[str, Any] = reader.sync(key)["rooms"]["join"]
    threads = [
        count
        for room in joined.values()
        for count in room.get("unread_thread_notifications", {}).values()
        if count["notification_count"]
    ]
    assert sorted(count["notification_count"] for count in threads) == topics
    assert sum(room["unread_notifications"]["notification_count"] for room in joined.values()) == private
    if named is not None:
        assert sum(count["highlight_count"] for count in threads) == named


def test_again_sends_nothing(reader: DemoReader, rooms: dict[str, list[Json]]) -> None:
    before = {path: [event["event_id"] for event in events] for path, events in rooms.items()}
    reader.platform.portal("demo_load", "--all")
    for path in ("os2display/support", "os2-faelles/kaffestuen", "os2mo/support"):
        room_id = reader.room_id(path)
        assert [event["event_id"] for event in reader.events(room_id)] == before[path]


def test_what_a_killed_loader_could_not_note_is_not_sent_again(reader: DemoReader) -> None:
    path = "os2display/udvikling"
    room_id = reader.room_id(path)
    before = [event["event_id"] for event in reader.events(room_id)]
    newest = [event["content"][KEY] for event in reader.events(room_id) if KEY in event["content"]][:8]
    reader.platform.portal(
        "shell",
        "--no-imports",
        "-c",
        "from samtale.demo.models import Sent, Load;"
        f"print(Sent.objects.filter(key__in={[f'{path}|{key}' for key in newest]!r}).delete())",
    )
    reader.platform.portal("demo_load", "--first")
    assert [event["event_id"] for event in reader.events(room_id)] == before


def test_the_files_are_there(reader: DemoReader, rooms: dict[str, list[Json]]) -> None:
    files = [
        event["content"]
        for event in of_demo(rooms["os2display/support"])
        if event["content"].get("msgtype") in ("m.image", "m.file")
    ]
    assert len(files) == 3
    for content in files:
        server_and_id = content["url"].removeprefix("mxc://")
        answer = httpx.get(
            f"{reader._base_url}/_matrix/client/v1/media/download/{server_and_id}",
            params={"user_id": str(reader.platform.person("anna").matrix_id)},
            headers={"Authorization": f"Bearer {reader._as_token}"},
            timeout=30,
            trust_env=False,
        )
        assert len(answer.content) == content["info"]["size"]


def test_private_chats(reader: DemoReader) -> None:
    as_anna = reader.as_person("anna")
    chats = []
    for room_id in as_anna.send(JoinedRooms()):
        state = as_anna.send(RoomState(room_id))
        create = next(event for event in state if event["type"] == "m.room.create")
        if create["sender"] != "@samtale:localhost":
            chats.append([e for e in reader.events(room_id, as_anna) if e["type"] == "m.room.message"])
    assert sorted(len(messages) for messages in chats) == [6, 7, 7]


def test_egon_is_nobody_in_matrix(reader: DemoReader) -> None:
    listed = reader.platform.person("egon")
    assert listed.matrix_id is None
    made = reader.platform.portal(
        "shell",
        "--no-imports",
        "-c",
        "from samtale.identity.models import Person;"
        "print(Person.objects.get(email='egon@outsider.example').localpart)",
    )
    assert reader.mas.send(QueryUser(made.strip().splitlines()[-1])) is None


def test_camilla_sees_nothing_of_a_closed_channel_in_matrix(reader: DemoReader) -> None:
    camilla = reader.as_person("camilla")
    closed = reader.room_id("os2display/koordination")
    space = reader.portal.send(ResolveAlias("#os2display:localhost"))
    assert space is not None
    assert reader.portal.send(ResolveAlias("#os2display.koordination:localhost")) is None
    assert closed not in camilla.send(JoinedRooms())
    assert closed not in str(camilla.send(RoomState(space)))
    with pytest.raises(HomeserverRefused, match="403"):
        reader.events(closed, camilla)


def test_communities_agree_with_matrix(reader: DemoReader) -> None:
    from samtale.demo.material import COMMUNITIES

    said = reader.platform.portal("communities_apply", str(COMMUNITIES))
    assert "database: 0 changes" in said
    assert "36 communities agree, 0 differences" in said


def test_a_wrong_file_changes_nothing(reader: DemoReader, tmp_path: Any) -> None:
    from samtale.stack.portal_commands import CommandFailed

    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("communities:\n  - {slug: os2display, name: OS2display, colour: red}\n")
    with pytest.raises(CommandFailed, match=r"wrong\.yaml:2: community: unknown key 'colour'"):
        reader.platform.portal("communities_apply", str(wrong))
