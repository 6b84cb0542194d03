"""How long the portal takes to tell Synapse whose token it is.

Synapse asks for each token every two minutes, and while it waits a person waits. Measured is the portal's own
time for one question, with everything that happens to a request on the way: all middleware, the connection's
health check, the query, the answer. The database holds the tokens of many devices. Beside it stands the
metadata document, which asks no database: what is left between the two is the question itself. The portal's
processor time is what remains of it on a machine that has nothing else to do.

    .venv/bin/python bench/introspection.py [--devices 5000] [--questions 1000] [--json]
"""

import io
import json
import random
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

# Before whatever needs Django.
from own_database import own_database  # isort: split

import report
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from samtale.identity.models import Organisation, Person
from samtale.matrixauth.models import AccessToken, Application, Session, checksum

GOAL = 5.0
INTROSPECT = "/adgang/matrix/oauth2/introspect"
METADATA = "/adgang/matrix/.well-known/openid-configuration"


@dataclass(frozen=True)
class Taken:
    """Milliseconds for one question: by the clock on the wall, and of the processor."""

    wall: float
    processor: float


class Portal:
    """The portal as granian calls it, without granian."""

    def __init__(self) -> None:
        self._application = WSGIHandler()

    def ask(self, path: str, body: str = "") -> tuple[Taken, dict[str, Any]]:
        environ: dict[str, Any] = {
            "PATH_INFO": path,
            "REQUEST_METHOD": "POST" if body else "GET",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_AUTHORIZATION": f"Bearer {settings.CONFIG.mas_secret}",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(body.encode()),
        }
        setup_testing_defaults(environ)
        processor, started = time.process_time(), time.perf_counter()
        response = self._application(environ, lambda _status, _headers: None)
        content = b"".join(response)
        response.close()
        taken = Taken((time.perf_counter() - started) * 1000, (time.process_time() - processor) * 1000)
        return taken, json.loads(content)

    def introspect(self, token: str) -> Taken:
        taken, said = self.ask(INTROSPECT, urlencode({"token": token}))
        assert said["active"] is not token.startswith("unknown"), said
        return taken


def fill(devices: int, console: Console) -> list[str]:
    """People with a device each, and a token for each that counts; returns the tokens."""
    organisation = Organisation.objects.create(
        name="Aarhus Kommune", short="Aarhus", kind="municipality", state="joined"
    )
    client = Application.objects.get(client_id="samtale-web")
    people = [
        Person(email=f"p{number}@aarhus.example", name=f"Person {number}", organisation=organisation)
        for number in range(devices)
    ]
    Person.objects.bulk_create(people, batch_size=1000)
    scope = "urn:matrix:client:api:* urn:matrix:client:device:DEVICE{:06} urn:dk:os2:samtale:api"
    sessions = [
        Session(
            person=person,
            application=client,
            device_id=f"DEVICE{number:06}",
            scope=scope.format(number),
        )
        for number, person in enumerate(people)
    ]
    Session.objects.bulk_create(sessions, batch_size=1000)
    tokens = [secrets.token_urlsafe(22) for _ in sessions]
    expires = timezone.now() + timedelta(hours=1)
    rows = [
        AccessToken(
            token_checksum=checksum(token),
            user_id=session.person_id,
            application=client,
            session=session,
            scope=session.scope,
            expires=expires,
        )
        for token, session in track(list(zip(tokens, sessions, strict=True)), "signing in", console=console)
    ]
    AccessToken.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return tokens


def measure(questions: int, console: Console, tokens: list[str]) -> dict[str, list[Taken]]:
    portal = Portal()
    for _ in range(50):
        portal.ask(METADATA)
        portal.introspect("unknown")
    asks: dict[str, Callable[[int], Taken]] = {
        "metadata": lambda _: portal.ask(METADATA)[0],
        "token, the first time": lambda number: portal.introspect(tokens[number % len(tokens)]),
        "token, known": lambda number: portal.introspect(tokens[number % len(tokens)]),
        "token, unknown": lambda number: portal.introspect(f"unknown{number}"),
    }
    times: dict[str, list[Taken]] = {what: [] for what in asks}
    # In turn, so that whatever else this machine does falls on all.
    for number in track(range(questions), "asking", console=console):
        for what, ask in asks.items():
            times[what].append(ask(number))
    return times


def rows(times: dict[str, list[Taken]]) -> list[report.Row]:
    floor = times.pop("metadata")
    found = []
    for what, taken in times.items():
        for name, part, clock in (
            ("p50", 50, "wall"),
            ("p95", 95, "wall"),
            ("processor p50", 50, "processor"),
        ):
            value, peer = (
                statistics.quantiles([getattr(each, clock) for each in sample], n=100)[part - 1]
                for sample in (taken, floor)
            )
            goal = GOAL if name == "p50" else None
            found.append(report.row(f"{what}, {name}", value, "ms", most=goal, peer=peer))
    return found


def on_database(devices: int, questions: int, console: Console) -> list[report.Row]:
    """Measure on a database that is made for it."""
    with own_database():
        tokens = fill(devices, console)
        random.shuffle(tokens)
        return rows(measure(min(questions, devices), console, tokens))


def main() -> int:
    parser = report.parser(__doc__)
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--questions", type=int, default=1000)
    arguments = parser.parse_args()
    console = report.ASIDE
    settings.LOGGING_CONFIG = None
    # Django's commands print what they do, and standard output is for the figures.
    with redirect_stdout(sys.stderr):
        result = on_database(arguments.devices, arguments.questions, console)
    title = f"Token introspection with {arguments.devices:,} devices, the portal's own time"
    return report.Report("introspection", title, "metadata", result).finish(as_json=arguments.json)


if __name__ == "__main__":
    sys.exit(main())
