"""The portal's way to Matrix: as `@samtale`, or as a person."""

import functools
from dataclasses import dataclass

from django.conf import settings

from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.application_service import SENDER_LOCALPART, RegisterSender
from samtale.homeserver.mas import SetDisplayname
from samtale.homeserver.sender import Sender
from samtale.identity.models import Person

#: Shown where `@samtale` says something in a room.
SENDER_NAME = "OS2samtale"


@dataclass
class Waiting:
    """Seconds that one call may take, and that may be spent when Synapse says "not so fast"."""

    timeout: float
    patience: float


#: Somebody waits for the answer.
_waiting = Waiting(timeout=10, patience=3)


@functools.cache
def samtale() -> Sender:
    """Sends as `@samtale`; one for the process."""
    url, token = settings.CONFIG.homeserver_url, settings.CONFIG.as_token
    return Sender(url, token, _waiting.timeout, patience=_waiting.patience)


def wait_longer() -> None:
    """For a process in which nobody waits: a worker, a command."""
    _waiting.timeout = _waiting.patience = 60
    samtale.cache_clear()


def user_id(person: Person) -> str:
    return f"@{person.localpart}:{settings.CONFIG.server_name}"


def samtale_user_id() -> str:
    return f"@{SENDER_LOCALPART}:{settings.CONFIG.server_name}"


def as_person(person: Person) -> ActingAs:
    return ActingAs(samtale(), user_id(person))


def register_samtale() -> None:
    """Make `@samtale` when it is missing. Its name is set as people's are, by who signs them in."""
    if samtale().send(RegisterSender()):
        Sender(settings.CONFIG.homeserver_url, settings.CONFIG.mas_secret).send(
            SetDisplayname(SENDER_LOCALPART, SENDER_NAME)
        )
