"""The demo's conversations as values: complete, dated, none in the future."""

from datetime import UTC, datetime, timedelta

import pytest

from samtale.communities.file import read
from samtale.demo.material import COMMUNITIES, Message, Moment, _message, material
from samtale.demo.timeline import Timeline, milliseconds


def messages() -> list[Message]:
    found = material()
    return [
        *(message for conversation in found.conversations for message in conversation.messages),
        *(message for chat in found.private_chats for message in chat.messages),
    ]


def test_all_of_it_is_read() -> None:
    found = material()
    topics = [message for conversation in found.conversations for message in conversation.messages]
    assert (len(found.people), len(found.conversations), len(topics)) == (21, 100, 497)
    assert sum(len(message.reactions) for message in topics) == 394
    assert sum(conversation.resolved for conversation in found.conversations) == 44
    assert len(messages()) - len(topics) == 33
    assert len({conversation.key for conversation in found.conversations}) == 100


def test_each_channel_is_in_the_communities_file() -> None:
    known = {
        f"{community.slug}/{channel.slug}"
        for community in read(COMMUNITIES).communities
        for channel in community.channels
    }
    found = material()
    assert {conversation.path for conversation in found.conversations} <= known
    for person in found.people:
        assert {*person.closed_channels, *person.invited_to} <= known


def test_what_anna_has_not_read() -> None:
    anna = [unread for unread in material().unread if unread.person == "anna.jensen@aarhus.dk"]
    topics = [unread for unread in anna if not unread.conversation.startswith("private/")]
    assert (len(topics), sum(unread.last for unread in topics), len(anna) - len(topics)) == (7, 12, 1)


def test_each_file_is_there_and_each_picture_is_described() -> None:
    files = [message.file for message in messages() if message.file is not None]
    assert len(files) == 3
    for file in files:
        assert file.path.is_file()
        assert bool(file.alt) == (file.path.suffix == ".png")


def test_a_message_with_two_files_is_refused() -> None:
    entry = {
        "by": "a@x.dk",
        "at": "-1d 10:00",
        "text": "Se her",
        "files": [{"path": "a.png"}, {"path": "b.png"}],
    }
    with pytest.raises(ValueError, match=r"one file at most, got a\.png, b\.png"):
        _message(entry, "m1", None)


@pytest.mark.parametrize("text", ["6d 07:58", "-6d 7:58", "-6d", "-6d 25:00", ""])
def test_a_moment_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be|hour"):
        Moment.parse(text)


@pytest.mark.parametrize("hour", [0, 1, 6, 7, 9, 12, 15, 23])
def test_the_newest_message_is_some_minutes_old_whenever_it_is_loaded(hour: int) -> None:
    loaded_at = datetime(2026, 11, 24, hour, 3, tzinfo=UTC)
    timeline = Timeline.of(material(), loaded_at)
    times = [timeline.at(message.at) for message in messages()]
    assert loaded_at - max(times) == timedelta(minutes=4)
    for message in messages():
        at = timeline.at(message.at)
        assert all(timeline.reaction(at, n) <= loaded_at for n in range(len(message.reactions)))


@pytest.mark.parametrize("hour", [0, 11, 23])
def test_the_order_within_a_conversation_stays(hour: int) -> None:
    timeline = Timeline.of(material(), datetime(2026, 11, 24, hour, 1, tzinfo=UTC))
    for conversation in (*material().conversations, *material().private_chats):
        plain = [message for message in conversation.messages if message.answers is None]
        times = [timeline.at(message.at) for message in plain]
        assert times == sorted(times)


def test_a_time_is_danish_also_on_the_other_side_of_summer_time() -> None:
    timeline = Timeline.of(material(), datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert timeline.at(Moment.parse("-1d 09:00")) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert timeline.at(Moment.parse("-40d 09:00")) == datetime(2026, 10, 15, 7, 0, tzinfo=UTC)


def test_milliseconds() -> None:
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 1, 5000, tzinfo=UTC)) == 1005
