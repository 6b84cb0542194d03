"""Warnings before something runs out without which nobody signs in with their municipality.

Each is said once for each number of days ahead: in the worker's log, and by mail to who can do something.
What was renewed is warned about anew when its time comes.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import override

from samtale.identity.jobs import write_to
from samtale.identity.models import Person
from samtale.lifecycle import running_out
from samtale.lifecycle.models import EndWarning
from samtale.lifecycle.running_out import RunningOut
from samtale.oiosaml import endings
from samtale.oiosaml.endings import Ending, Kind
from samtale.oiosaml.keys import KeyProblem

#: Days ahead.
THRESHOLDS = (60, 30, 7)
logger = logging.getLogger(__name__)
_WHAT = {
    Kind.SIGNING: "our certificate for signing",
    Kind.ENCRYPTION: "our certificate for encryption",
    Kind.METADATA: "the metadata of {provider}",
    Kind.PROVIDER: "the last certificate of {provider}",
}


def note(now: datetime) -> None:
    """Leave what is soon over where `samtale status` looks."""
    soon = [ending for ending in _known() if _threshold(ending, now) is not None]
    running_out.write(settings.CONFIG.data_dir, [_told(ending) for ending in soon])


@transaction.atomic
def warn(now: datetime) -> int:
    """Say what was not said yet. Returns how many warnings that were."""
    known = _known()
    _forget(known, now)
    new = [ending for ending in known if _is_new(ending, now)]
    for ending in new:
        logger.warning("%s", _told(ending).sentence(now))
    if new:
        for person in _who_can_do_something():
            _write(person, new, now)
    return len(new)


def _known() -> list[Ending]:
    """Nothing where nobody signs in like this. Keys that cannot be used are an error of their own."""
    if not settings.OIOSAML.providers:
        return []
    try:
        ours = endings.ours()
    except KeyProblem as problem:
        logger.error("nobody can sign in with their municipality: %s", problem)
        ours = []
    return sorted([*ours, *endings.theirs()], key=lambda ending: ending.at)


def _threshold(ending: Ending, now: datetime) -> int | None:
    """The smallest that it has passed."""
    return min((days for days in THRESHOLDS if ending.at - now <= timedelta(days=days)), default=None)


def _is_new(ending: Ending, now: datetime) -> bool:
    """Remembers that it is said. Who begins to look late is not told of the thresholds before."""
    days = _threshold(ending, now)
    if days is None:
        return False
    _, made = EndWarning.objects.get_or_create(kind=ending.kind, provider=ending.provider, days=days)
    return made


def _forget(known: Iterable[Ending], now: datetime) -> None:
    """What was renewed, or is used no more, will be warned about as if for the first time."""
    for warning in EndWarning.objects.all():
        still = [one for one in known if (one.kind, one.provider) == (warning.kind, warning.provider)]
        if not any(one.at - now <= timedelta(days=warning.days) for one in still):
            warning.delete()


def _who_can_do_something() -> "QuerySet[Person]":
    return Person.objects.filter(
        role__in=(Person.Role.ADMINISTRATOR, Person.Role.OWNER), is_active=True, locked_at=None
    )


def _write(person: Person, new: list[Ending], now: datetime) -> None:
    with override(person.language):
        context = {
            "person": person,
            "endings": [(ending, max((ending.at - now).days, 0)) for ending in new],
            "Kind": {kind.name: kind.value for kind in Kind},
        }
        subject = render_to_string("lifecycle/mail/ending_subject.txt", context).strip()
        text = render_to_string("lifecycle/mail/ending.txt", context)
    write_to(person, subject, text)


def _told(ending: Ending) -> RunningOut:
    return RunningOut(_WHAT[ending.kind].format(provider=ending.provider), ending.at)
