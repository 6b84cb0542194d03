"""Announcement channels, archived channels, and spaces."""

import pytest
from community import OS2display, heading, in_thread
from refused import assert_done, assert_refused

from samtale.homeserver.events import Redact
from samtale.homeserver.recipe import channel_state, power_levels
from samtale.homeserver.rooms import SetState


@pytest.fixture(scope="module")
def news(os2display: OS2display) -> str:
    return os2display.channel("nyheder", "announcement", also=(os2display.dorthe,))


def reaction(target: str, key: str = "👍") -> dict[str, object]:
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": key}}


def edit(target: str, text: str) -> dict[str, object]:
    return {
        "msgtype": "m.text",
        "body": f"* {text}",
        "m.new_content": {"msgtype": "m.text", "body": text},
        "m.relates_to": {"rel_type": "m.replace", "event_id": target},
    }


@pytest.mark.parametrize("name", ["bo", "carla"])
def test_moderators_write_anything(os2display: OS2display, news: str, name: str) -> None:
    person = getattr(os2display, name)
    root = os2display.heading(news, person)
    assert_done(person.say(news, "Ny version på fredag"))
    assert_done(person.say(news, "Den er udsat", **in_thread(root)))
    assert_done(person.set_state(news, "dk.os2.topic", {"resolved": True}, root))
    assert_done(person.set_state(news, "m.room.pinned_events", {"pinned": [root]}))


@pytest.mark.parametrize("name", ["anna", "dorthe"])
def test_others_answer_react_edit_and_take_back(os2display: OS2display, news: str, name: str) -> None:
    person = getattr(os2display, name)
    root = os2display.heading(news, os2display.bo)
    answer = assert_done(person.say(news, "Tak!", **in_thread(root)))
    assert_done(person.send(news, reaction(root), "m.reaction"))
    assert_done(person.send(news, edit(answer, "Mange tak!")))
    assert_done(person.put(f"v3/rooms/{news}/redact/{answer}/r{name}", {}))


@pytest.mark.parametrize("name", ["anna", "dorthe"])
def test_others_write_nothing_else(os2display: OS2display, news: str, name: str) -> None:
    person = getattr(os2display, name)
    root = os2display.heading(news, os2display.bo)
    plain = {"msgtype": "m.text", "body": "Hej"}
    reply = {**plain, "m.relates_to": {"m.in_reply_to": {"event_id": root}}}
    reference = {**plain, "m.relates_to": {"rel_type": "m.reference", "event_id": root}}
    for content in (plain, heading(), reply, reference, {**plain, "m.relates_to": "x"}):
        assert_refused(person.send(news, content), "announcement")
    assert_refused(person.send(news, in_thread(root), "org.matrix.msc3381.poll.start"), "announcement")
    assert_refused(person.send(news, {}, "dk.example.anything"), "announcement")
    assert_refused(person.set_state(news, "dk.os2.topic", {"resolved": True}, root), "announcement")
    assert_refused(person.set_state(news, "org.matrix.msc3401.call.member", {}), "announcement")


def test_others_change_only_what_is_theirs(os2display: OS2display, news: str) -> None:
    root = os2display.heading(news, os2display.bo)
    assert_refused(os2display.anna.send(news, edit(root, "Aflyst")), "announcement")
    assert_refused(os2display.anna.put(f"v3/rooms/{news}/redact/{root}/x", {}), "announcement")
    assert_done(os2display.bo.put(f"v3/rooms/{news}/redact/{root}/y", {}))


def test_an_edit_of_what_is_no_message_is_a_message(os2display: OS2display, news: str) -> None:
    anna = os2display.anna
    members = anna.get(f"v3/rooms/{news}/members").json()["chunk"]
    (joined,) = [event["event_id"] for event in members if event["state_key"] == anna.user_id]
    assert_refused(anna.send(news, edit(joined, "Hej alle")), "announcement")
    answer = assert_done(anna.say(news, "Tak!", **in_thread(os2display.heading(news, os2display.bo))))
    changed = assert_done(anna.send(news, edit(answer, "Mange tak!")))
    assert_refused(anna.send(news, edit(changed, "Hej alle")), "announcement")


def test_the_portals_own_topics_can_be_answered(os2display: OS2display, news: str) -> None:
    root = os2display.portal_says(news, heading("Flyttet"), "flyttet")
    assert_done(os2display.anna.say(news, "Set", **in_thread(root)))


def test_a_thread_in_another_room_opens_nothing(os2display: OS2display, news: str) -> None:
    elsewhere = os2display.channel("andre-nyheder", "announcement")
    root = os2display.heading(elsewhere, os2display.bo)
    refused = os2display.anna.say(news, "Hej", **in_thread(root))
    assert refused.status_code in (400, 403)


def test_news_stay_open_when_their_author_steps_down(os2display: OS2display) -> None:
    room_id = os2display.channel("afloest", "announcement", also=(os2display.dorthe,))
    root = os2display.heading(room_id, os2display.bo)
    nobody = power_levels(os2display.staff.of())
    os2display.homeserver.portal.send(SetState(room_id, "m.room.power_levels", nobody))
    assert_done(os2display.anna.say(room_id, "Stadig?", **in_thread(root)))
    assert_refused(os2display.bo.say(room_id, "Jeg er ikke moderator mere"), "announcement")
    assert_done(os2display.bo.say(room_id, "Ja", **in_thread(root)))


def test_what_a_member_wrote_before_is_no_news(os2display: OS2display) -> None:
    """An open channel becomes one for announcements: members' own threads are closed to members."""
    room_id = os2display.channel("fra-aaben")
    root = os2display.heading(room_id, os2display.anna)
    become(os2display, room_id, kind="announcement")
    assert_refused(os2display.anna.say(room_id, "Mere", **in_thread(root)), "announcement")


def become(os2display: OS2display, room_id: str, *, kind: str = "open", archived: bool = False) -> None:
    content = {**channel_state(os2display.slug, "x", "open", archived=archived), "kind": kind}
    os2display.homeserver.portal.send(SetState(room_id, "dk.os2.channel", content))


def test_an_archived_channel_is_read_and_not_written(os2display: OS2display) -> None:
    room_id = os2display.channel("gammel")
    root = os2display.heading(room_id, os2display.anna)
    become(os2display, room_id, archived=True)
    for person in (os2display.anna, os2display.bo, os2display.carla):
        assert_refused(person.say(room_id, "Hej"), "archived")
        assert_refused(person.say(room_id, "Hej", **in_thread(root)), "archived")
        assert_refused(person.send(room_id, reaction(root), "m.reaction"), "archived")
        assert_refused(person.set_state(room_id, "dk.os2.topic", {"resolved": True}, root), "archived")
        assert_refused(person.put(f"v3/rooms/{room_id}/redact/{root}/x", {}), "archived")
        assert len(person.get(f"v3/rooms/{room_id}/messages?dir=b").json()["chunk"]) > 1
    assert_refused(os2display.bo.invite(room_id, os2display.egon.user_id), "archived")
    os2display.portal_says(room_id, {"msgtype": "m.notice", "body": "Arkiveret"}, "arkiv")
    os2display.homeserver.portal.send(Redact(room_id, root, "oprydning"))
    assert_done(os2display.anna.post(f"v3/rooms/{room_id}/leave", {}))


def test_a_private_chat_cannot_pose_as_a_channel(os2display: OS2display) -> None:
    """Only rooms that the portal made are channels, whatever their state says."""
    room_id = assert_done(os2display.anna.create_room())
    pretend = os2display.anna.set_state(room_id, "dk.os2.channel", {"kind": "announcement"})
    assert_refused(pretend, "private_chat_setting")


def test_a_moderator_invites_to_a_channel_and_nobody_to_a_community(os2display: OS2display) -> None:
    room_id = os2display.channel("projekt", "closed")
    assert_done(os2display.bo.invite(room_id, os2display.egon.user_id))
    assert os2display.anna.invite(room_id, os2display.dorthe.user_id).status_code == 403
    for person in (os2display.bo, os2display.carla):
        assert_refused(person.invite(os2display.space_id, os2display.egon.user_id), "portal_joins")


def test_nobody_writes_in_the_community_itself(os2display: OS2display) -> None:
    assert_refused(os2display.bo.say(os2display.space_id, "Hej"), "not_a_channel")
