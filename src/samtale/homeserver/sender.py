"""One way out to Synapse: a call is a value, the sender turns it into HTTP and back."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import quote

import httpx

Json = dict[str, Any]
Answer = TypeVar("Answer")

CLIENT = "/_matrix/client/v3"


def path_of(prefix: str, *parts: str) -> str:
    """Room ids, aliases and event ids hold ``!``, ``#``, ``:`` and ``/``: each part is quoted whole."""
    return "/".join([prefix, *(quote(part, safe="") for part in parts)])


class HomeserverError(Exception):
    """Everything that can go wrong between us and Synapse."""


class HomeserverUnreachable(HomeserverError):
    """No answer, or one that says Synapse itself is in trouble (5xx). The same call may succeed later."""


class HomeserverRefused(HomeserverError):
    """Synapse understood and said no.

    ``status``: HTTP status; ``errcode``: Matrix error code (``M_FORBIDDEN`` …) or ``""``; ``message``:
    Synapse's own sentence, in English.
    """

    def __init__(self, status: int, errcode: str, message: str) -> None:
        super().__init__(f"{status} {errcode} {message}".strip())
        self.status = status
        self.errcode = errcode
        self.message = message


class HomeserverBusy(HomeserverRefused):
    """429, and waiting would have taken longer than the sender's patience. ``retry_after`` in seconds."""

    def __init__(self, errcode: str, message: str, retry_after: float) -> None:
        super().__init__(429, errcode, message)
        self.retry_after = retry_after


class UnexpectedAnswer(HomeserverError):
    """Synapse said yes, but in a form unknown here: it was upgraded, or something stands between us."""


class Call(ABC, Generic[Answer]):
    """What is sent and what comes back. Subclasses are frozen dataclasses whose fields are the parameters."""

    method: ClassVar[str] = "POST"
    #: Statuses other than 2xx that are an answer and not a refusal, as 404 is to "is there such a user?".
    also_answers: ClassVar[frozenset[int]] = frozenset()

    @property
    @abstractmethod
    def path(self) -> str:
        """Quoted, from the root, without query."""

    @property
    def query(self) -> Mapping[str, str]:
        return {}

    @property
    def body(self) -> Json | bytes | None:
        """A dict goes as JSON; bytes go as they are, with :attr:`content_type`; None sends no body."""
        return None

    @property
    def content_type(self) -> str:
        return "application/octet-stream"

    @abstractmethod
    def answer(self, status: int, data: Json) -> Answer:
        """From the status and the JSON object of the answer. A JSON list arrives as ``{"items": [...]}``."""


class Command(Call[None]):
    """A call whose only answer is that it was done."""

    def answer(self, status: int, data: Json) -> None:
        return None


class Sender:
    """Sends calls with one token over a pool of connections. Thread-safe; make one per process and token.

    ``token``: the application service's ``as_token``, or the shared secret for calls of :mod:`~.mas` and
    :mod:`~.module`. ``timeout``: seconds for each attempt. ``patience``: seconds that may be spent in all on
    waiting when Synapse says 429; a web request keeps it short, a job can wait.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        timeout: float = 10.0,
        *,
        patience: float = 3.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._patience = patience
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=base_url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout,
            # Synapse is a neighbour: no proxy from the environment, no redirect anywhere.
            trust_env=False,
            transport=transport or httpx.HTTPTransport(retries=1),
        )

    def __repr__(self) -> str:
        return f"Sender({self._http.base_url})"

    def close(self) -> None:
        self._http.close()

    def send(self, call: Call[Answer], *, query: Mapping[str, str] | None = None) -> Answer:
        """Send and return the call's answer.

        ``query`` is added to the call's own. Raises :class:`HomeserverUnreachable`,
        :class:`HomeserverRefused` (of which :class:`HomeserverBusy` is one) and :class:`UnexpectedAnswer`.
        """
        request = self._request(call, query or {})
        waited = 0.0
        while True:
            response = self._exchange(request)
            if response.status_code != 429:
                return _answer(call, response)
            busy = _busy(response)
            if waited + busy.retry_after > self._patience:
                raise busy
            self._sleep(busy.retry_after)
            waited += busy.retry_after

    def _request(self, call: Call[Any], query: Mapping[str, str]) -> httpx.Request:
        body = call.body
        parameters = {**call.query, **query}
        if isinstance(body, bytes):
            return self._http.build_request(
                call.method,
                call.path,
                params=parameters,
                content=body,
                headers={"Content-Type": call.content_type},
            )
        return self._http.build_request(call.method, call.path, params=parameters, json=body)

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._http.send(request)
        except httpx.TransportError as error:
            raise HomeserverUnreachable(f"{request.method} {request.url.path}: {error!r}") from error
        if response.status_code >= 500:
            raise HomeserverUnreachable(
                f"{request.method} {request.url.path}: {response.status_code} {response.text[:200]}"
            )
        return response


def _answer(call: Call[Answer], response: httpx.Response) -> Answer:
    status = response.status_code
    if not (200 <= status < 300 or status in call.also_answers):
        problem = _json(response)
        raise HomeserverRefused(
            status, str(problem.get("errcode", "")), str(problem.get("error", response.reason_phrase))
        )
    try:
        return call.answer(status, _json(response))
    except (KeyError, TypeError, ValueError) as error:
        raise UnexpectedAnswer(f"{type(call).__name__}: {status}, {error!r}") from error


def _json(response: httpx.Response) -> Json:
    try:
        data = response.json()
    except ValueError:
        return {}
    if isinstance(data, list):
        return {"items": data}
    return data if isinstance(data, dict) else {}


def _busy(response: httpx.Response) -> HomeserverBusy:
    problem = _json(response)
    milliseconds = problem.get("retry_after_ms")
    if isinstance(milliseconds, int):
        seconds = milliseconds / 1000
    else:
        header = response.headers.get("Retry-After", "")
        seconds = float(header) if header.isdigit() else 1.0
    # Never zero: a server that answers 429 with "at once" would otherwise be asked in a tight loop.
    return HomeserverBusy(
        str(problem.get("errcode", "")), str(problem.get("error", "too many requests")), max(seconds, 0.05)
    )
