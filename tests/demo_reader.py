"""Looking at the platform's Matrix as the portal does: as `@samtale`, or as one of the demo's people."""

import json
from functools import cached_property
from typing import Any

import httpx
from platform_under_test import Platform

from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.events import Messages
from samtale.homeserver.sender import Json, Sender
from samtale.stack import secrets

#: Where an event says which line of the material it is.
KEY = "dk.os2.demo"


class DemoReader:
    """``portal``: sends as `@samtale`."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._syncs = 0
        self._base_url = f"http://127.0.0.1:{platform.config.ports.synapse}"
        known = secrets.load_or_create(platform.folders.secrets)
        self._as_token = known.as_token
        self.portal = Sender(self._base_url, known.as_token, timeout=60)
        self.mas = Sender(self._base_url, known.mas, timeout=60)

    @cached_property
    def rooms(self) -> dict[str, str]:
        """Room ids by the channel's path; the alias of a closed channel is nobody's to guess."""
        asked = (
            "import json; from samtale.communities.models import Channel;"
            "made = Channel.objects.exclude(room_id=None).select_related('community');"
            "print(json.dumps({str(channel): channel.room_id for channel in made}))"
        )
        printed = self.platform.portal("shell", "--no-imports", "-c", asked)
        found: dict[str, str] = json.loads(printed.strip().splitlines()[-1])
        return found

    def room_id(self, path: str) -> str:
        return self.rooms[path]

    def as_person(self, key: str) -> ActingAs:
        matrix_id = self.platform.person(key).matrix_id
        assert matrix_id is not None
        return ActingAs(self.portal, matrix_id)

    def sync(self, key: str) -> Json:
        """The first sync of a person, with unread counts by topic."""
        # Synapse gives the same answer to the same question for two minutes; so no two are the same.
        self._syncs += 1
        timeline = {"limit": self._syncs, "unread_thread_notifications": True}
        filtered = json.dumps({"room": {"timeline": timeline}})
        answer = httpx.get(
            f"{self._base_url}/_matrix/client/v3/sync",
            params={"filter": filtered, "user_id": str(self.platform.person(key).matrix_id)},
            headers={"Authorization": f"Bearer {self._as_token}"},
            timeout=60,
            trust_env=False,
        )
        answer.raise_for_status()
        found: Json = answer.json()
        return found

    def events(self, room_id: str, reader: ActingAs | Sender | None = None) -> list[Json]:
        """Everything in the room, newest first."""
        found: list[Json] = []
        start = None
        while True:
            page: Any = (reader or self.portal).send(Messages(room_id, start=start, limit=500))
            found += page.events
            if page.next is None or not page.events:
                return found
            start = page.next
