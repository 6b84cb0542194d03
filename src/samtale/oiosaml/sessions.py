"""Which sessions of this site a provider's answers began."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from samtale.oiosaml import signals
from samtale.oiosaml.models import ProviderSession


@dataclass(frozen=True)
class Subject:
    """What a provider calls a person and their session there, verbatim: a logout must repeat it so."""

    name_id: str
    name_id_format: str | None
    session_index: str | None


def remember(session: SessionBase, provider: str, subject: Subject) -> None:
    """To be called by the site right after it signed the person in."""
    if session.session_key is None:
        session.save()
    ProviderSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={"provider": provider, **asdict(subject)},
    )


def follow(*, old: str, new: str) -> None:
    """The session goes on under another key, as after a new password: to be called by the site."""
    ProviderSession.objects.filter(session_key=old).update(session_key=new)


def end(request: HttpRequest, provider: str, name_id: str, indexes: Iterable[str]) -> int:
    """End those that began with one of ``indexes``, or all of the subject when there is none. How many."""
    wanted = ProviderSession.objects.filter(provider=provider, name_id=name_id)
    if named := list(indexes):
        wanted = wanted.filter(session_index__in=named)
    ended = list(wanted)
    for session in ended:
        _end(request, session)
    return len(ended)


def _end(request: HttpRequest, session: ProviderSession) -> None:
    signals.session_ended.send(
        sender=ProviderSession, request=request, provider=session.provider, session_key=session.session_key
    )
    # Whatever engine the site keeps its sessions in.
    type(request.session)(session.session_key).delete()
    session.delete()
