"""A browser's request and our reply, without the network between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """``query``: as it was sent, without the question mark; ``authorization``: the header."""

    method: str
    path: str
    query: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    authorization: str = ""


@dataclass(frozen=True)
class Reply:
    """``headers``: more of them than Content-Type and Content-Length."""

    content: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    def but(self, *headers: tuple[str, str]) -> "Reply":
        """The same with more headers."""
        return Reply(self.content, self.content_type, self.status, (*self.headers, *headers))


def see_other(location: str) -> Reply:
    """A GET elsewhere."""
    return Reply(status=303, headers=(("Location", location), ("Cache-Control", "no-store")))
