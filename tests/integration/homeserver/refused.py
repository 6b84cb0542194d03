"""What a refusal of the module looks like to a client."""

import httpx


def assert_refused(response: httpx.Response, reason: str) -> None:
    body = response.json()
    assert response.status_code == 403, response.text
    assert body["errcode"] == "M_FORBIDDEN"
    assert body["dk.os2.reason"] == reason
    danish, _, english = body["error"].partition(" / ")
    assert danish.endswith(".")
    assert english.endswith(".")


def assert_done(response: httpx.Response) -> str:
    """The new event's or room's id."""
    assert response.status_code == 200, response.text
    body = response.json()
    return str(body.get("event_id") or body.get("room_id") or "")
