"""Devices of the cast, and a Synapse that answers which rooms they are in."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from matrix_oauth import a_pair, a_session

from samtale.communities import matrix
from samtale.homeserver.sender import Sender
from samtale.identity.models import Person

pytestmark = pytest.mark.django_db


class As:
    """The client of one person: every call carries a fresh token of our own client."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.token = a_pair(a_session(person)).access
        self._client = Client()

    def get(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self._client.get(path, data, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str) -> Any:
        return self._client.post(
            path, "{}", content_type="application/json", headers={"Authorization": f"Bearer {self.token}"}
        )


class SynapseAnswers:
    """What the API asks Synapse. ``rooms``: room id → who is in it; ``away``: no answer at all."""

    def __init__(self) -> None:
        self.rooms: dict[str, set[str]] = {}
        self.away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away", request=request)
        path = unquote(request.url.path)
        if path.endswith("/joined_rooms"):
            who = request.url.params["user_id"]
            return _json({"joined_rooms": [room for room, members in self.rooms.items() if who in members]})
        if path.endswith("/joined_members"):
            return _json({"joined": {who: {} for who in self.rooms[path.split("/")[-2]]}})
        return httpx.Response(404, json={"errcode": "M_UNRECOGNIZED", "error": path})


def _json(content: Any) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(content))


@pytest.fixture
def synapse(monkeypatch: pytest.MonkeyPatch) -> SynapseAnswers:
    answers = SynapseAnswers()
    sender = Sender("http://synapse", "as", transport=httpx.MockTransport(answers))
    monkeypatch.setattr(matrix, "samtale", lambda: sender)
    return answers


@pytest.fixture
def signed_in(db: None) -> Callable[[Person], As]:
    return As


@pytest.fixture(autouse=True)
def _forgotten_calls(db: None) -> None:
    cache.clear()
