"""The file into the database: all of it or nothing. Matrix follows: :mod:`.reconcile`."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from samtale.audit import log
from samtale.communities import appointments
from samtale.communities.file import CommunityWanted, Desired, FileRefused
from samtale.communities.models import Appointment, Channel, Community, JoinRule, Moderation
from samtale.communities.plan import Change, ChannelNow, CommunityNow, Now, plan, refusals
from samtale.identity.models import Person


def read_now() -> Now:
    """What the database says today."""
    communities = Community.objects.prefetch_related("channels", "appointments")
    return Now(
        communities=tuple(_now(community) for community in communities),
        rules=tuple((rule.when, rule.give) for rule in JoinRule.objects.all()),
    )


def _now(community: Community) -> CommunityNow:
    return CommunityNow(
        slug=community.slug,
        name=community.name,
        summary=community.summary,
        homepage=community.homepage,
        hue=community.hue,
        archived=community.archived,
        order=community.order,
        channels=tuple(
            ChannelNow(
                slug=channel.slug,
                name=channel.name,
                kind=channel.kind,
                default=channel.default,
                topic_level=channel.topic_level,
                archived=channel.archived,
                order=channel.order,
            )
            for channel in community.channels.all()
        ),
        pointers=frozenset(appointment.email for appointment in community.appointments.all()),
    )


@transaction.atomic
def write(desired: Desired, *, archive: bool, now: datetime) -> tuple[Change, ...]:
    """Make the database say what the file says. The same file again changes nothing.

    Raises :class:`~samtale.communities.file.FileRefused`: then nothing is written.
    """
    before = read_now()
    emails = {pointer.email for community in desired.communities for pointer in community.moderators}
    people = Person.objects.annotate(address=Lower("email")).filter(address__in=emails)
    resolved = appointments.resolve(desired, people.select_related("organisation"))
    complaints = refusals(desired, before, archive=archive) + resolved.complaints
    if complaints:
        raise FileRefused(desired.source, complaints)
    changes = plan(desired, before)
    if not changes:
        return ()
    for order, wanted in enumerate(desired.communities):
        community = _write_community(wanted, order)
        _write_channels(community, wanted)
        _write_moderators(community, wanted, resolved.people, now)
    kept = [community.slug for community in desired.communities]
    Community.objects.exclude(slug__in=kept).update(archived=True)
    JoinRule.objects.all().delete()
    JoinRule.objects.bulk_create(
        JoinRule(order=order, when=rule.when(), give=rule.give()) for order, rule in enumerate(desired.rules)
    )
    log.record("communities.applied", subject=desired.source, changes=len(changes))
    return changes


def _write_community(wanted: CommunityWanted, order: int) -> Community:
    community, _ = Community.objects.update_or_create(
        slug=wanted.slug,
        defaults={
            "name": wanted.name,
            "summary": wanted.summary,
            "homepage": wanted.homepage,
            "hue": wanted.hue,
            "order": order,
            "archived": False,
        },
    )
    return community


def _write_channels(community: Community, wanted: CommunityWanted) -> None:
    for order, channel in enumerate(wanted.channels):
        Channel.objects.update_or_create(
            community=community,
            slug=channel.slug,
            defaults={
                "name": channel.name,
                "kind": channel.kind,
                "default": channel.default,
                "topic_level": channel.topic_level,
                "order": order,
                "archived": False,
            },
        )
    kept = [channel.slug for channel in wanted.channels]
    community.channels.exclude(slug__in=kept).update(archived=True)


def _write_moderators(
    community: Community, wanted: CommunityWanted, people: dict[str, Person], now: datetime
) -> None:
    emails = {pointer.email for pointer in wanted.moderators}
    for gone in community.appointments.exclude(email__in=emails):
        if gone.person is not None:
            _take_from(gone.person, community)
        gone.delete()
    known = set(community.appointments.values_list("email", flat=True))
    for email in sorted(emails - known):
        person = people.get(email)
        Appointment.objects.create(
            email=email, community=community, person=person, resolved_at=now if person else None
        )
        if person is not None:
            Moderation.objects.get_or_create(
                person=person, community=community, source=Moderation.Source.FILE
            )
            log.record("moderator.appointed", on=person, subject=community.slug, source="file")


def _take_from(person: Person, community: Community) -> None:
    Moderation.objects.filter(person=person, community=community, source=Moderation.Source.FILE).delete()
    log.record("moderator.removed", on=person, subject=community.slug, source="file")
