"""Signing in to services and out of them again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from samtale.audit.log import record
from samtale.identity.models import Person
from samtale.sso import access
from samtale.sso.models import Consent, Service, Session


def begin(
    person: Person,
    service: Service,
    *,
    portal_session_key: str,
    authenticated_at: datetime,
    runs_out_at: datetime,
) -> Session:
    """The session of this browser with the service; there is one, however often the service asks."""
    session, _ = Session.objects.update_or_create(
        person=person,
        service=service,
        portal_session_key=portal_session_key,
        ended_at=None,
        defaults={"authenticated_at": authenticated_at, "runs_out_at": runs_out_at},
    )
    return session


def start(session: Session, *, address: str | None) -> None:
    """The service came for its tokens: the person is signed in there."""
    if session.started_at is not None:
        return
    session.started_at = timezone.now()
    session.save(update_fields=["started_at"])
    # The address is the service's own: the person's is in the entry of their sign-in.
    record("sso.signed_in", by=session.person, on=session.person, subject=session.service_id, address=address)


def remember_consent(person: Person, service: Service, scopes: list[str], *, address: str | None) -> None:
    """The person need not be asked again, unless the service wants to know more."""
    with transaction.atomic():
        consent, _ = Consent.objects.select_for_update().get_or_create(person=person, service=service)
        consent.scopes = sorted(set(consent.scopes) | set(scopes))
        consent.save()
        record(
            "sso.consent_given",
            by=person,
            on=person,
            subject=service.pk,
            address=address,
            scopes=consent.scopes,
        )


@dataclass(frozen=True)
class Use:
    """What a person has to do with a service. ``since``: of the oldest sign-in there that still lasts."""

    service: Service
    scopes: list[str]
    since: datetime | None


def uses_of(person: Person) -> list[Use]:
    """By the service's name: where the person is signed in, or agreed to be."""
    now = timezone.now()
    began = living().filter(person=person, started_at__lte=now, runs_out_at__gt=now)
    since = dict(began.order_by("-started_at").values_list("service_id", "started_at"))
    agreed = dict(Consent.objects.filter(person=person).values_list("service_id", "scopes"))
    found = []
    for client_id in since.keys() | agreed.keys():
        service = access.find(client_id)
        if service is None:
            continue
        may_ask = service.config.scopes
        scopes = may_ask if service.config.trusted else agreed.get(client_id, may_ask)
        found.append(Use(service, list(scopes), since.get(client_id)))
    return sorted(found, key=lambda use: use.service.name.casefold())


def withdraw(person: Person, service: Service, *, address: str | None) -> None:
    """The person leaves a service: signed out in every browser, and asked again before they come back."""
    with transaction.atomic():
        end(living().filter(person=person, service=service), reason="withdrawn")
        gone, _ = Consent.objects.filter(person=person, service=service).delete()
        if gone:
            record("sso.consent_withdrawn", by=person, on=person, subject=service.pk, address=address)


def tokens_of(session: Session) -> QuerySet[Token]:
    """Codes and tokens that came of a session."""
    found: QuerySet[Token] = Token.objects.filter(
        user_id=session.person_id, client_id=session.service_id, data__sid=session.sid
    )
    return found


def revoke_tokens(session: Session, *, reason: str) -> None:
    """Take a session's tokens back; the service may ask for new ones.

    Args:
        reason: `code_replayed`, `token_replayed`.
    """
    tokens_of(session).exclude(type=Token.Type.AUTHORIZATION_CODE).delete()
    record("sso.tokens_revoked", on=session.person, subject=session.service_id, reason=reason)


def end(sessions: Iterable[Session], *, reason: str) -> int:
    """End sessions: their tokens now, the services' own sessions as soon as they have heard.

    Args:
        sessions: with their persons.
        reason: `signed_out`, `session_ended`, `locked`, `password`, `not_admitted`, `withdrawn`.

    Returns:
        How many were ended by this call.
    """
    from samtale.sso import jobs  # noqa: PLC0415 - jobs imports us

    ended = 0
    for session in sessions:
        with transaction.atomic():
            living = Session.objects.filter(pk=session.pk, ended_at=None)
            if not living.update(ended_at=timezone.now()):
                continue
            ended += 1
            tokens_of(session).delete()
            if session.started_at is not None:
                record("sso.signed_out", on=session.person, subject=session.service_id, reason=reason)
                jobs.tell(session)
    return ended


def living() -> QuerySet[Session]:
    """Every session that was not ended. One that ran out is among them: the service may not know."""
    return Session.objects.filter(ended_at=None).select_related("person__organisation")
