"""The sender, over real connections to a server whose answers are written down in advance."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.application_service import RegisterSender, WhoAmI
from samtale.homeserver.events import SendEvent
from samtale.homeserver.mas import DeleteDevice, ProvisionUser, QueryUser
from samtale.homeserver.media import UploadMedia
from samtale.homeserver.rooms import GetState, Invite, JoinedRooms, RoomState
from samtale.homeserver.sender import (
    HomeserverBusy,
    HomeserverRefused,
    HomeserverUnreachable,
    Sender,
    UnexpectedAnswer,
)

Answer = tuple[int, dict[str, str], bytes]


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, named, json.dumps(body).encode() if body is not None else b""


@dataclass
class Asked:
    method: str
    target: str
    authorization: str | None
    content_type: str | None
    body: bytes


@dataclass
class Written:
    """A server that gives the answers in order, and remembers what it was asked."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Written]:
    written = Written()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = self.headers
            written.asked.append(
                Asked(self.command, self.path, headers["Authorization"], headers["Content-Type"], body)
            )
            status, more, data = written.answers.pop(0)
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - names http.server looks for

        def log_message(self, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    written.url = f"http://127.0.0.1:{http.server_port}"
    yield written
    http.shutdown()
    http.server_close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def sender(server: Written, slept: list[float]) -> Iterator[Sender]:
    sender = Sender(server.url, "very-secret", timeout=5, patience=3, sleep=slept.append)
    yield sender
    sender.close()


def test_a_call_becomes_http_and_its_answer_a_value(server: Written, sender: Sender) -> None:
    server.answers = [answer(201, {})]
    assert sender.send(ProvisionUser("a1", "Anna Jensen", locked=False)) is True
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("POST", "/_synapse/mas/provision_user")
    assert asked.authorization == "Bearer very-secret"
    assert json.loads(asked.body) == {"localpart": "a1", "set_displayname": "Anna Jensen", "locked": False}


def test_ids_are_quoted_whole(server: Written, sender: Sender) -> None:
    server.answers = [answer(200, {"event_id": "$e"})]
    event = SendEvent("!a/b?c:localhost", "m.room.message", {"body": "æ"}, "t/1", ts=1700)
    assert sender.send(event) == "$e"
    target = "/_matrix/client/v3/rooms/%21a%2Fb%3Fc%3Alocalhost/send/m.room.message/t%2F1?ts=1700"
    assert server.asked[0].target == target
    assert json.loads(server.asked[0].body) == {"body": "æ"}


def test_acting_as_a_person_names_them(server: Written, sender: Sender) -> None:
    server.answers = [answer(200, {"joined_rooms": ["!r"]}), answer(200, {"joined_rooms": []})]
    assert ActingAs(sender, "@a1:localhost").send(JoinedRooms()) == frozenset({"!r"})
    assert sender.send(JoinedRooms()) == frozenset()
    assert server.asked[0].target == "/_matrix/client/v3/joined_rooms?user_id=%40a1%3Alocalhost"
    assert server.asked[1].target == "/_matrix/client/v3/joined_rooms"


def test_a_file_goes_as_it_is(server: Written, sender: Sender) -> None:
    server.answers = [answer(200, {"content_uri": "mxc://localhost/x"})]
    assert sender.send(UploadMedia(b"\x89PNG", "image/png", "skærm.png")) == "mxc://localhost/x"
    (asked,) = server.asked
    assert asked.body == b"\x89PNG"
    assert asked.content_type == "image/png"
    assert asked.target == "/_matrix/media/v3/upload?filename=sk%C3%A6rm.png"


def test_204_is_done(server: Written, sender: Sender) -> None:
    server.answers = [answer(204)]
    sender.send(DeleteDevice("a1", "DEVICE"))
    assert len(server.asked) == 1


def test_a_list_is_an_answer_too(server: Written, sender: Sender) -> None:
    server.answers = [answer(200, [{"type": "m.room.name"}])]
    assert sender.send(RoomState("!r")) == ({"type": "m.room.name"},)


def test_absence_is_an_answer_where_the_call_says_so(server: Written, sender: Sender) -> None:
    server.answers = [answer(404, {"errcode": "M_NOT_FOUND"}), answer(404, {"errcode": "M_NOT_FOUND"})]
    assert sender.send(QueryUser("nobody")) is None
    assert sender.send(GetState("!r", "m.room.name")) is None


def test_no_is_an_error_with_synapses_words(server: Written, sender: Sender) -> None:
    server.answers = [answer(403, {"errcode": "M_FORBIDDEN", "error": "@b is already in the room."})]
    with pytest.raises(HomeserverRefused) as refused:
        sender.send(Invite("!r", "@b:localhost"))
    assert (refused.value.status, refused.value.errcode) == (403, "M_FORBIDDEN")
    assert refused.value.message == "@b is already in the room."
    assert "very-secret" not in str(refused.value)


def test_no_without_json_is_an_error_too(server: Written, sender: Sender) -> None:
    server.answers = [(400, {}, b"<html>")]
    with pytest.raises(HomeserverRefused) as refused:
        sender.send(WhoAmI())
    assert (refused.value.status, refused.value.errcode) == (400, "")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_trouble_in_synapse_is_no_answer(server: Written, sender: Sender, status: int) -> None:
    server.answers = [answer(status, {"errcode": "M_UNKNOWN", "error": "Internal server error"})]
    with pytest.raises(HomeserverUnreachable, match=str(status)):
        sender.send(WhoAmI())


def test_nobody_there() -> None:
    with pytest.raises(HomeserverUnreachable):
        Sender("http://127.0.0.1:9", "t", timeout=2).send(WhoAmI())


def test_too_slow(server: Written) -> None:
    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            released.wait(10)

    released = threading.Event()
    http = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    with pytest.raises(HomeserverUnreachable):
        Sender(f"http://127.0.0.1:{http.server_port}", "t", timeout=0.2).send(WhoAmI())
    released.set()
    http.shutdown()
    http.server_close()


@pytest.mark.parametrize(("body", "status"), [({}, 200), ({"user": 1}, 200), ([], 200)])
def test_a_yes_in_an_unknown_form_is_said_aloud(
    server: Written, sender: Sender, body: Any, status: int
) -> None:
    server.answers = [answer(status, body)]
    with pytest.raises(UnexpectedAnswer, match="WhoAmI"):
        sender.send(WhoAmI())


def test_429_is_waited_for(server: Written, sender: Sender, slept: list[float]) -> None:
    busy = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests"}
    server.answers = [
        answer(429, {**busy, "retry_after_ms": 1200}),
        answer(429, busy, Retry_After="1"),
        answer(200, {"user_id": "@samtale:localhost"}),
    ]
    assert sender.send(WhoAmI()) == "@samtale:localhost"
    assert slept == [1.2, 1.0]


def test_429_longer_than_patience_is_an_error_that_says_when(
    server: Written, sender: Sender, slept: list[float]
) -> None:
    busy = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 2000}
    server.answers = [answer(429, busy), answer(429, busy)]
    with pytest.raises(HomeserverBusy) as refused:
        sender.send(WhoAmI())
    assert slept == [2.0]
    assert (refused.value.status, refused.value.retry_after) == (429, 2.0)


def test_429_with_nothing_to_wait_for_is_no_tight_loop(
    server: Written, sender: Sender, slept: list[float]
) -> None:
    server.answers = [answer(429, {"retry_after_ms": 0}), answer(200, {"user_id": "@x:y"})]
    sender.send(WhoAmI())
    assert slept == [0.05]


def test_the_sender_is_made_once(server: Written, sender: Sender) -> None:
    server.answers = [
        answer(200, {"user_id": "@samtale:localhost"}),
        answer(400, {"errcode": "M_USER_IN_USE", "error": "User ID already taken."}),
        answer(400, {"errcode": "M_EXCLUSIVE", "error": "not yours"}),
    ]
    assert sender.send(RegisterSender()) is True
    assert sender.send(RegisterSender()) is False
    with pytest.raises(UnexpectedAnswer, match="M_EXCLUSIVE"):
        sender.send(RegisterSender())


def test_no_proxy_of_the_environment_sees_the_token(server: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answers = [answer(200, {"user_id": "@x:y"})]
    assert Sender(server.url, "t").send(WhoAmI()) == "@x:y"


def test_the_token_is_not_shown(sender: Sender) -> None:
    assert "very-secret" not in repr(sender)
    assert "very-secret" not in repr(ActingAs(sender, "@a:b"))
