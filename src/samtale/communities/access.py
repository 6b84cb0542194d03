"""The only way to a community or a channel on behalf of a person.

What a person may not know exists is :class:`NotFound`, as if it were not there; what they may see and not
touch is :class:`Forbidden`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from samtale.communities.models import Channel, ChannelMembership, Community, Membership, Moderation
from samtale.identity.access import refusal
from samtale.identity.models import Person


class AccessDenied(Exception):
    """Base of the two answers."""


class NotFound(AccessDenied):
    """There is no such thing, or the person may not know of it."""


class Forbidden(AccessDenied):
    """The person may know of it, and may not do that."""


@dataclass(frozen=True)
class ChannelView:
    """A channel as one person sees it. ``may_join``: may be in it, whether or not they are."""

    channel: Channel
    may_join: bool


@dataclass(frozen=True)
class CommunityView:
    """A community as one person sees it, with the channels they may know of."""

    community: Community
    joined: bool
    moderator: bool
    channels: tuple[ChannelView, ...]


def community_for(
    person: Person, slug: str, *, to_join: bool = False, to_moderate: bool = False
) -> Community:
    """The community, if the person may know of it (and join it, or moderate it).

    Raises:
        NotFound: there is none; it is archived and the person is not in it; a guest who is in none of its
            channels.
        Forbidden: a guest wants to join; joining what is archived; moderating what one does not moderate;
            a person who may not take part at all.
    """
    _takes_part(person)
    community = Community.objects.filter(slug=slug).first()
    if community is None:
        raise NotFound
    if person.is_guest and not _invited_to(person, community):
        raise NotFound
    if community.archived and not person.is_guest and not _is_in(person, community):
        raise NotFound
    if to_join and person.is_guest:
        raise Forbidden
    if to_join and community.archived:
        raise Forbidden
    if to_moderate and not moderates(person, community):
        raise Forbidden
    return community


def channel_for(person: Person, path: str, *, to_join: bool = False, to_moderate: bool = False) -> Channel:
    """The channel ``COMMUNITY/CHANNEL``, if the person may know of it (and be in it, or moderate it).

    Raises:
        NotFound: its community is not for the person to know; there is no such channel; a guest who is not
            invited to it; a closed channel of others, unless the person moderates it.
        Forbidden: joining what is archived, itself or with its community; moderating what one does not
            moderate.
    """
    community_slug, _, slug = path.partition("/")
    community = community_for(person, community_slug)
    channel = community.channels.filter(slug=slug).first()
    if channel is None:
        raise NotFound
    channel.community = community
    member = ChannelMembership.objects.filter(person=person, channel=channel).exists()
    if person.is_guest and not member:
        raise NotFound
    if channel.kind == Channel.Kind.CLOSED and not member and not moderates(person, community):
        raise NotFound
    if to_join and channel.in_archive:
        raise Forbidden
    if to_moderate and not moderates(person, community):
        raise Forbidden
    return channel


def moderates(person: Person, community: Community) -> bool:
    """Administrators and owners moderate everywhere; a guest nowhere."""
    if person.is_guest:
        return False
    if person.is_administrator:
        return True
    return Moderation.objects.filter(person=person, community=community).exists()


def moderated_by(person: Person) -> QuerySet[Community]:
    """Those in use that :func:`moderates` is true of."""
    if person.is_guest:
        return Community.objects.none()
    in_use = Community.objects.filter(archived=False)
    return in_use if person.is_administrator else in_use.filter(moderations__person=person).distinct()


def communities_for(person: Person) -> tuple[CommunityView, ...]:
    """All that the person may know of, in the order of the file. A fixed number of queries.

    Raises:
        Forbidden: the person may not take part at all.
    """
    _takes_part(person)
    joined = set(
        Membership.objects.filter(person=person, left_at=None).values_list("community_id", flat=True)
    )
    invited = set(ChannelMembership.objects.filter(person=person).values_list("channel_id", flat=True))
    moderated = set(Moderation.objects.filter(person=person).values_list("community_id", flat=True))
    communities = Community.objects.prefetch_related("channels")
    return tuple(_views(person, communities, joined, invited, moderated))


def _views(
    person: Person, communities: Iterable[Community], joined: set[int], invited: set[int], moderated: set[int]
) -> Iterator[CommunityView]:
    for community in communities:
        moderator = not person.is_guest and (person.is_administrator or community.pk in moderated)
        channels = tuple(
            ChannelView(channel, may_join=not channel.in_archive)
            for channel in community.channels.all()
            if channel.pk in invited
            or (not person.is_guest and (channel.kind != Channel.Kind.CLOSED or moderator))
        )
        # A guest is in no community, yet it is where their channels are.
        belongs = bool(channels) if person.is_guest else community.pk in joined
        if person.is_guest and not belongs:
            continue
        if community.archived and not belongs:
            continue
        yield CommunityView(community, joined=belongs, moderator=moderator, channels=channels)


def _takes_part(person: Person) -> None:
    if refusal(person) is not None:
        raise Forbidden


def _is_in(person: Person, community: Community) -> bool:
    return Membership.objects.filter(person=person, community=community, left_at=None).exists()


def _invited_to(person: Person, community: Community) -> bool:
    return ChannelMembership.objects.filter(person=person, channel__community=community).exists()
