"""The OpenID Provider: its client, the codes that it gave out, and who has signed in."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from samtale_testidp.answers import Keys
from samtale_testidp.people import Employee

#: Seconds.
CODE_LIVES = 60


@dataclass(frozen=True)
class Client:
    """Who may ask. ``redirect_uris``: where answers go, exactly; ``goodbyes``: where who signed out goes."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...]
    goodbyes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Session:
    """``at``: when they signed in, in seconds since 1970."""

    employee: Employee
    at: int = field(default_factory=lambda: int(time.time()))


@dataclass(frozen=True)
class Grant:
    """What a code stands for. ``token``: makes the ID token of its claims; an attack makes a wrong one."""

    session: Session
    redirect_uri: str
    nonce: str | None
    challenge: str
    token: Callable[[dict[str, Any]], str]
    at: float = field(default_factory=time.monotonic)


@dataclass
class OpenidProvider:
    """``issuer``: its addresses begin with it."""

    issuer: str
    keys: Keys
    client: Client
    #: The last code that was exchanged, for who wants to send it again.
    earlier: str | None = None
    _grants: dict[str, Grant] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def give(self, grant: Grant) -> str:
        """A code for it, to be used once."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._grants[code] = grant
        return code

    def take(self, code: str) -> Grant | None:
        """What the code stands for, unless it was used or is too old."""
        with self._lock:
            grant = self._grants.pop(code, None)
        if grant is None or time.monotonic() - grant.at > CODE_LIVES:
            return None
        self.earlier = code
        return grant

    def keep(self, session: Session) -> str:
        """The cookie for a new session."""
        cookie = secrets.token_urlsafe(24)
        with self._lock:
            self._sessions[cookie] = session
        return cookie

    def session(self, cookie: str) -> Session | None:
        return self._sessions.get(cookie)

    def end(self, cookie: str) -> None:
        with self._lock:
            self._sessions.pop(cookie, None)
