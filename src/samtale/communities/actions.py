"""Joining and leaving: the row and the audit entry first, then Matrix, by the worker when Synapse is away."""

import logging
from functools import partial

from django.db import transaction
from django.utils import timezone

from samtale.audit.log import record
from samtale.communities import access, memberships, reconcile
from samtale.communities.alone import alone
from samtale.communities.models import (
    Appointment,
    Channel,
    ChannelMembership,
    Community,
    Membership,
    Moderation,
)
from samtale.homeserver.sender import HomeserverError
from samtale.identity.models import Person

log = logging.getLogger(__name__)


def join_community(person: Person, community: Community, *, address: str | None = None) -> None:
    """The person is in the community, its space and its default channels. Whether they may: ``access``."""
    with transaction.atomic():
        _join(person, community, address)
    _settle_now_or_later(person, community)


def join_community_later(person: Person, community: Community, *, address: str | None = None) -> None:
    """The same, for who joins several and is not to wait for Synapse: Matrix follows, by the worker."""
    with transaction.atomic():
        _join(person, community, address)
        transaction.on_commit(partial(_later, person, community))


def leave_community(person: Person, community: Community, *, address: str | None = None) -> None:
    """The person is in none of the community's rooms any more; closed ones take a new invitation."""
    with transaction.atomic():
        left = Membership.objects.filter(person=person, community=community, left_at=None).update(
            left_at=timezone.now()
        )
        closed = ChannelMembership.objects.filter(person=person, channel__community=community)
        channels = sorted(closed.values_list("channel__slug", flat=True))
        closed.delete()
        if left or channels:
            record(
                "community.left",
                by=person,
                on=person,
                subject=community.slug,
                address=address,
                closed_channels=channels,
            )
    _settle_now_or_later(person, community)


def join_defaults(person: Person, communities: list[Community]) -> list[Community]:
    """Join what the person gets by rule and never was in. Returns what is new. Matrix follows later."""
    new = []
    for community in communities:
        with transaction.atomic():
            _, made = Membership.objects.get_or_create(person=person, community=community)
            if made:
                record("community.joined", on=person, subject=community.slug, rule=True)
                transaction.on_commit(partial(_later, person, community))
                new.append(community)
    return new


def keep_guest_to_invitations(person: Person) -> None:
    """A guest is only in channels they are invited to: who becomes one moderates and follows no community.

    What they were invited to as a member, they stay in. Matrix follows later. For whoever is no guest, and
    for one who always was, this does nothing.
    """
    if not person.is_guest:
        return
    with transaction.atomic():
        # Not "left": should they become a member again, rules give what they give to anybody new.
        followed = Membership.objects.filter(person=person, left_at=None)
        for community in Community.objects.filter(memberships__in=followed):
            record("community.left", on=person, subject=community.slug, became_guest=True)
            transaction.on_commit(partial(_later, person, community))
        followed.delete()
        moderations = Moderation.objects.filter(person=person)
        for community in Community.objects.filter(moderations__in=moderations).distinct():
            record("moderator.removed", on=person, subject=community.slug, became_guest=True)
            transaction.on_commit(partial(agree_later, community))
        moderations.delete()
        Appointment.objects.filter(person=person).delete()


def open_channel(person: Person, channel: Channel, *, address: str | None = None) -> str:
    """The person is in the channel's room, which is made when it is missing. Returns the room id.

    Opening a channel of a community one is not in joins the community: the room is for its members. A
    moderator who opens a closed channel becomes a member of it, and the audit log says so.

    Raises:
        access.Forbidden: a moderator has put the person out, and only a moderator can let them in again.
        HomeserverError: Synapse is away or refuses. What was decided stays.
    """
    community = channel.community
    by_invitation = person.is_guest or channel.kind == Channel.Kind.CLOSED
    invited = by_invitation and not access.moderates(person, community)
    before = None if channel.room_id is None else memberships.in_room(person, channel.room_id)
    if invited and before is not None and before.put_out:
        raise access.Forbidden
    with transaction.atomic():
        new = not person.is_guest and _join(person, community, address)
        if channel.kind == Channel.Kind.CLOSED:
            _, made = ChannelMembership.objects.get_or_create(person=person, channel=channel)
            if made:
                record(
                    "channel.entered_as_moderator",
                    by=person,
                    on=person,
                    subject=str(channel),
                    address=address,
                )
    room_id = reconcile.open_room(channel)
    if new:
        settle(person, community)
        before = None
    memberships.put_in_room(person, channel, before)
    return room_id


def add_channel_member(channel: Channel, person: Person, *, by: Person, address: str | None = None) -> None:
    """A moderator invites a person to a closed channel, or a guest to any; they are in it at once.

    Raises:
        access.Forbidden: ``by`` does not moderate it, or it is archived.
        HomeserverError: Synapse is away or refuses. What was decided stays.
    """
    if channel.in_archive or not access.moderates(by, channel.community):
        raise access.Forbidden
    with transaction.atomic():
        _, made = ChannelMembership.objects.get_or_create(person=person, channel=channel)
        if not person.is_guest:
            _note_membership(person, channel.community)
        if made:
            record("channel.member_added", by=by, on=person, subject=str(channel), address=address)
    reconcile.open_room(channel)
    if not person.is_guest:
        settle(person, channel.community)
    memberships.put_in_room(person, channel)


def remove_channel_member(
    channel: Channel, person: Person, *, by: Person, address: str | None = None
) -> None:
    """Take a person out of a channel, also of an archived one.

    Raises:
        access.Forbidden: ``by`` is somebody else and does not moderate it.
        HomeserverError: Synapse is away or refuses. What was decided stays.
    """
    if by.pk != person.pk and not access.moderates(by, channel.community):
        raise access.Forbidden
    with transaction.atomic():
        gone, _ = ChannelMembership.objects.filter(person=person, channel=channel).delete()
        if gone:
            record("channel.member_removed", by=by, on=person, subject=str(channel), address=address)
    memberships.take_out_of_room(person, channel)


def settle(person: Person, community: Community) -> None:
    """Make Matrix agree with the person's membership of the community. Raises HomeserverError.

    Who is no member stays only in the channels they are invited to. Of an archived community nothing new is
    made and nobody comes into its rooms.
    """
    default = community.channels.filter(default=True, archived=False)
    channels = [] if community.archived else list(default)
    if _is_member(person, community) and not community.archived:
        if community.space_id is None:
            reconcile.community(community)
        for channel in channels:
            reconcile.open_room(channel)
    with alone(f"person {person.pk} in {community.slug}"):
        # Asked again: they may have left while somebody else was in here.
        if not _is_member(person, community):
            _take_out(person, community)
        elif not community.archived:
            memberships.put_in_space(person, community)
            for channel in channels:
                memberships.put_in_room(person, channel)


def _is_member(person: Person, community: Community) -> bool:
    found = Membership.objects.filter(person=person, community=community, left_at=None)
    # A guest is none, also when a request of theirs was under way as they became one.
    return found.exclude(person__role=Person.Role.GUEST).exists()


def _take_out(person: Person, community: Community) -> None:
    for channel in community.channels.exclude(room_id=None).exclude(memberships__person=person):
        memberships.take_out_of_room(person, channel)
    memberships.take_out_of_space(person, community)


def _join(person: Person, community: Community, address: str | None) -> bool:
    """Of one's own accord. Returns whether the person was not in the community before."""
    new = _note_membership(person, community)
    if new:
        record("community.joined", by=person, on=person, subject=community.slug, address=address)
    return new


def _note_membership(person: Person, community: Community) -> bool:
    """Returns whether the person was not in the community before."""
    membership, made = Membership.objects.select_for_update().get_or_create(
        person=person, community=community
    )
    if not made and membership.left_at is None:
        return False
    membership.left_at = None
    membership.save(update_fields=["left_at"])
    return True


def _settle_now_or_later(person: Person, community: Community) -> None:
    try:
        settle(person, community)
    except HomeserverError as error:
        log.warning("Synapse does not agree yet with %s in %s: %s", person.pk, community.slug, error)
        _later(person, community)


def _later(person: Person, community: Community) -> None:
    from samtale.communities import jobs  # noqa: PLC0415 - jobs imports us

    jobs.settle.defer(person_id=person.pk, community_id=community.pk)


def agree_later(community: Community) -> None:
    """Matrix follows, by the worker."""
    from samtale.communities import jobs  # noqa: PLC0415 - jobs imports us

    jobs.reconcile_community.defer(community_id=community.pk)
