"""Somebody who sends five messages a second whatever happens, and remembers which were acknowledged."""

import threading
import time
from urllib.parse import quote

import httpx
from platform_under_test import Platform

_EVERY = 0.2


class Conversation:
    """One room, written to through the proxy with a person's own token."""

    def __init__(self, platform: Platform, token: str) -> None:
        self._client = httpx.Client(
            base_url=platform.url, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        made = self._client.post("/_matrix/client/v3/createRoom", json={"preset": "private_chat"})
        made.raise_for_status()
        self._room = quote(made.json()["room_id"])
        #: What the server said to those it did not take.
        self.refusals: set[int] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self.acknowledged: list[str] = []

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write the last one and end."""
        self._stop.set()
        self._thread.join()

    def wait_for_more(self, count: int) -> None:
        """Wait until this many more messages were acknowledged."""
        wanted = len(self.acknowledged) + count
        deadline = time.monotonic() + 120
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < deadline, "no message was acknowledged for two minutes"
            time.sleep(0.1)

    def stored(self) -> list[str]:
        """Every message in the room, oldest first."""
        texts: list[str] = []
        since: str | None = None
        while True:
            parameters = {"dir": "b", "limit": "100"} | ({"from": since} if since else {})
            page = self._client.get(f"/_matrix/client/v3/rooms/{self._room}/messages", params=parameters)
            page.raise_for_status()
            content = page.json()
            texts += [
                each["content"]["body"] for each in content["chunk"] if each["type"] == "m.room.message"
            ]
            since = content.get("end")
            if since is None or not content["chunk"]:
                return texts[::-1]

    def _write(self) -> None:
        number = 0
        due = time.monotonic()
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            text = f"message {number}"
            # As a client does: the same transaction again until it is acknowledged, so it is stored once.
            while not self._sent(number, text):
                time.sleep(_EVERY)
            self.acknowledged.append(text)
            number += 1
            # By the clock: what waited while a part was away follows at once.
            due += _EVERY

    def _sent(self, number: int, text: str) -> bool:
        path = f"/_matrix/client/v3/rooms/{self._room}/send/m.room.message/{number}"
        try:
            answer = self._client.put(path, json={"msgtype": "m.text", "body": text})
        except httpx.HTTPError:
            return False
        if answer.status_code != 200:
            self.refusals.add(answer.status_code)
        return answer.status_code == 200
