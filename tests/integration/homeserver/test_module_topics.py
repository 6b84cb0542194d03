import pytest
from community import OS2display, heading, in_thread
from refused import assert_done, assert_refused

from samtale.homeserver.rooms import GetState, SetState

TOPIC = "dk.os2.topic"


@pytest.fixture(scope="module")
def room_id(os2display: OS2display) -> str:
    return os2display.channel("emner", also=(os2display.dorthe,))


def test_a_member_starts_names_and_resolves_a_topic(os2display: OS2display, room_id: str) -> None:
    root = os2display.heading(room_id, os2display.anna)
    assert_done(os2display.anna.say(room_id, "Er den klar?", **in_thread(root)))
    assert_done(os2display.bo.set_state(room_id, TOPIC, {"name": "Release 2.5"}, root))
    assert_done(os2display.anna.set_state(room_id, TOPIC, {"name": "Release 2.5", "resolved": True}, root))
    content = os2display.homeserver.portal.send(GetState(room_id, TOPIC, root))
    assert content == {"name": "Release 2.5", "resolved": True}
    assert_done(os2display.anna.set_state(room_id, TOPIC, {}, root))


def test_a_thread_that_another_client_started_can_be_named(os2display: OS2display, room_id: str) -> None:
    root = assert_done(os2display.anna.say(room_id, "Skærmen i kantinen er sort"))
    named = {"name": "Sort skærm"}
    assert_refused(os2display.anna.set_state(room_id, TOPIC, named, root), "topic_root")
    assert_done(os2display.bo.say(room_id, "Sluk og tænd", **in_thread(root)))
    assert_done(os2display.anna.set_state(room_id, TOPIC, named, root))


@pytest.mark.parametrize("name", ["x", "æøå" * 20, "👩‍👩‍👧 familie", "Er 2 > 1? Ja / nej #7"])
def test_names_that_are_fine(os2display: OS2display, room_id: str, name: str) -> None:
    root = os2display.heading(room_id, os2display.anna, name)
    assert_done(os2display.anna.set_state(room_id, TOPIC, {"name": name}, root))


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " x",
        "x ",
        "x" * 61,
        "to\nlinjer",
        "to\u2028linjer",
        "tab\tulator",
        "nul\0",
        "\u202eomvendt",
        7,
        None,
    ],
)
def test_names_that_are_not(os2display: OS2display, room_id: str, name: object) -> None:
    root = os2display.heading(room_id, os2display.anna)
    assert_refused(os2display.anna.set_state(room_id, TOPIC, {"name": name}, root), "topic_name")
    assert_refused(os2display.anna.send(room_id, heading(name)), "topic_name")


@pytest.mark.parametrize(
    "content", [{"resolved": False}, {"resolved": "yes"}, {"name": "x", "colour": "red"}, {"x": "y" * 2000}]
)
def test_state_holds_a_name_and_resolved_and_nothing_else(
    os2display: OS2display, room_id: str, content: dict[str, object]
) -> None:
    root = os2display.heading(room_id, os2display.anna)
    assert_refused(os2display.bo.set_state(room_id, TOPIC, content, root), "topic_content")


def test_a_heading_is_a_notice_for_itself(os2display: OS2display, room_id: str) -> None:
    root = os2display.heading(room_id, os2display.anna)
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": root}}}
    for content in (heading(msgtype="m.text"), heading(**in_thread(root)), heading(**reply)):
        assert_refused(os2display.anna.send(room_id, content), "topic_heading")


@pytest.mark.parametrize("topic", [{}, {"name": "x", "resolved": True}, "x", None, []])
def test_a_heading_has_a_name_and_nothing_else(os2display: OS2display, room_id: str, topic: object) -> None:
    content = {"msgtype": "m.notice", "body": "x", TOPIC: topic}
    assert_refused(os2display.anna.send(room_id, content), "topic_content")


def test_no_other_event_carries_a_topic(os2display: OS2display, room_id: str) -> None:
    root = os2display.heading(room_id, os2display.anna)
    reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": root, "key": "👍"}}
    with_topic = {**reaction, TOPIC: {"name": "x"}}
    assert_refused(os2display.bo.send(room_id, with_topic, "m.reaction"), "topic_heading")
    assert_done(os2display.bo.send(room_id, reaction, "m.reaction"))


def test_the_state_key_is_a_root_in_this_room(os2display: OS2display, room_id: str) -> None:
    elsewhere = os2display.heading(os2display.channel("andetsteds"), os2display.anna)
    root = os2display.heading(room_id, os2display.anna)
    answer = assert_done(os2display.bo.say(room_id, "Ja", **in_thread(root)))
    create = os2display.anna.get(f"v3/rooms/{room_id}/state").json()[0]["event_id"]
    for key in (elsewhere, answer, create, "", "$nonsense", "$" + "a" * 43, os2display.anna.user_id):
        assert_refused(os2display.anna.set_state(room_id, TOPIC, {"name": "x"}, key), "topic_root")


def test_a_guest_talks_but_changes_no_topic(os2display: OS2display, room_id: str) -> None:
    root = os2display.heading(room_id, os2display.anna)
    assert_done(os2display.dorthe.say(room_id, "Jeg prøver i morgen", **in_thread(root)))
    for content in ({"name": "x"}, {"resolved": True}, {}):
        assert_refused(os2display.dorthe.set_state(room_id, TOPIC, content, root), "guest_topic")


def test_somebody_outside_changes_nothing(os2display: OS2display, room_id: str) -> None:
    root = os2display.heading(room_id, os2display.anna)
    response = os2display.egon.set_state(room_id, TOPIC, {"name": "x"}, root)
    assert response.status_code == 403
    assert os2display.homeserver.portal.send(GetState(room_id, TOPIC, root)) is None


def test_a_channel_may_leave_topics_to_its_moderators(os2display: OS2display) -> None:
    room_id = os2display.channel("styret", topic_level=50)
    root = os2display.heading(room_id, os2display.anna)
    refused = os2display.anna.set_state(room_id, TOPIC, {"resolved": True}, root)
    assert refused.status_code == 403
    assert_done(os2display.bo.set_state(room_id, TOPIC, {"resolved": True}, root))


@pytest.mark.parametrize("name", ["bo", "carla"])
def test_moved_and_move_are_the_portals(os2display: OS2display, room_id: str, name: str) -> None:
    root = os2display.heading(room_id, os2display.anna)
    moved = {"room_id": room_id, "event_id": root, "by": os2display.bo.user_id}
    for event_type in ("dk.os2.topic.moved", "dk.os2.move"):
        response = getattr(os2display, name).set_state(room_id, event_type, moved, root)
        assert response.status_code == 403
        os2display.homeserver.portal.send(SetState(room_id, event_type, moved, root))
