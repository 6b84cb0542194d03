"""A finger on the screen of a phone."""

from e2e.acting import expect_sent
from playwright.sync_api import Locator, expect


class Finger:
    """At the edge of a message, where nothing can be pressed."""

    def __init__(self, said: Locator) -> None:
        expect_sent(said)
        said.scroll_into_view_if_needed()
        at = said.bounding_box()
        assert at is not None
        self._at = at
        self._protocol = said.page.context.new_cdp_session(said.page)

    def down(self) -> None:
        self._send("touchStart", [{"x": self._at["x"] + 10, "y": self._at["y"] + 10}])

    def move(self) -> None:
        self._send("touchMove", [{"x": self._at["x"] + 10, "y": self._at["y"] + 40}])

    def up(self) -> None:
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self._protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def hold(said: Locator) -> Locator:
    """A finger on the message for a while; returns the sheet."""
    finger = Finger(said)
    finger.down()
    sheet = said.page.get_by_role("dialog", name="Beskeden", exact=True)
    expect(sheet).to_be_visible()
    finger.up()
    return sheet
