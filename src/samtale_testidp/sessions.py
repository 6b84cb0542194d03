"""Who has signed in here. In memory: a provider that starts anew knows nobody."""

import secrets
import threading
from dataclasses import dataclass, field

from samtale_testidp.people import Employee


@dataclass(frozen=True)
class Session:
    """``index``: the SessionIndex in answers, by which both sides know what to end."""

    employee: Employee
    index: str = field(default_factory=lambda: secrets.token_urlsafe(12))


class Sessions:
    """Sessions by what the browser's cookie holds."""

    def __init__(self) -> None:
        self._by_cookie: dict[str, Session] = {}
        self._lock = threading.Lock()

    def keep(self, session: Session) -> str:
        """The cookie for a new one."""
        cookie = secrets.token_urlsafe(24)
        with self._lock:
            self._by_cookie[cookie] = session
        return cookie

    def of(self, cookie: str) -> Session | None:
        """What the browser's cookie stands for."""
        return self._by_cookie.get(cookie)

    def end(self, cookie: str) -> None:
        """Forget one."""
        with self._lock:
            self._by_cookie.pop(cookie, None)

    def end_all(self, name_id: str, indexes: tuple[str, ...]) -> bool:
        """Forget a subject's sessions; no indexes: all of them. Whether there was one."""
        with self._lock:
            over = [
                cookie
                for cookie, session in self._by_cookie.items()
                if session.employee.name_id == name_id and (not indexes or session.index in indexes)
            ]
            for cookie in over:
                del self._by_cookie[cookie]
        return bool(over)
