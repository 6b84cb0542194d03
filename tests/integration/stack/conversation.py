"""Somebody who sends five messages a second whatever happens, and remembers which were acknowledged."""

import threading
import time
from urllib.parse import quote

import httpx
from platform_under_test import Platform

from samtale.stack import secrets

_EVERY = 0.2


class Conversation:
    """One room, written to through the proxy by the application service."""

    def __init__(self, platform: Platform) -> None:
        token = secrets.load_or_create(platform.folders.secrets).as_token
        self._client = httpx.Client(
            base_url=platform.url, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        self._client.post(
            "/_matrix/client/v3/register",
            json={"type": "m.login.application_service", "username": "samtale", "inhibit_login": True},
        )
        made = self._client.post("/_matrix/client/v3/createRoom", json={"preset": "private_chat"})
        made.raise_for_status()
        self._room = quote(made.json()["room_id"])
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
        while not self._stop.is_set():
            text = f"message {number}"
            # As a client does: the same transaction again until it is acknowledged, so it is stored once.
            while not self._sent(number, text):
                time.sleep(_EVERY)
            self.acknowledged.append(text)
            number += 1
            time.sleep(_EVERY)

    def _sent(self, number: int, text: str) -> bool:
        path = f"/_matrix/client/v3/rooms/{self._room}/send/m.room.message/{number}"
        try:
            answer = self._client.put(path, json={"msgtype": "m.text", "body": text})
        except httpx.HTTPError:
            return False
        return answer.status_code == 200
