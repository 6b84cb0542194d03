"""`/api/communities` and `/api/channels`."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.http import HttpRequest

from samtale.communities import access, actions, matrix
from samtale.homeserver.rooms import JoinedRooms
from samtale.homeserver.sender import HomeserverRefused
from samtale.portal.api import errors, shapes
from samtale.portal.api.endpoint import Caller, endpoint
from samtale.portal.api.rate import Rate

Found = TypeVar("Found")


@endpoint("GET", Rate(120))
def communities(_: HttpRequest, caller: Caller) -> shapes.Communities:
    views = _allowed(lambda: access.communities_for(caller.person))
    joined = matrix.as_person(caller.person).send(JoinedRooms())
    return shapes.Communities([_community(view, joined) for view in views])


@endpoint("POST", Rate(30))
def join(_: HttpRequest, caller: Caller, slug: str) -> shapes.Joined:
    community = _allowed(lambda: access.community_for(caller.person, slug, to_join=True))
    actions.join_community(caller.person, community, address=caller.address)
    return shapes.Joined(joined=True)


@endpoint("POST", Rate(30))
def leave(_: HttpRequest, caller: Caller, slug: str) -> shapes.Joined:
    community = _allowed(lambda: access.community_for(caller.person, slug))
    if caller.person.is_guest:
        raise errors.FORBIDDEN
    actions.leave_community(caller.person, community, address=caller.address)
    return shapes.Joined(joined=False)


@endpoint("POST", Rate(60))
def open_channel(_: HttpRequest, caller: Caller, community: str, channel: str) -> shapes.Opened:
    found = _allowed(lambda: access.channel_for(caller.person, f"{community}/{channel}", to_join=True))
    try:
        room_id = _allowed(lambda: actions.open_channel(caller.person, found, address=caller.address))
        return shapes.Opened(room_id)
    except HomeserverRefused as refused:
        if refused.status == 403:  # banned from the room by a moderator
            raise errors.FORBIDDEN from refused
        raise


def _allowed(look: Callable[[], Found]) -> Found:
    try:
        return look()
    except access.NotFound as error:
        raise errors.NOT_FOUND from error
    except access.Forbidden as error:
        raise errors.FORBIDDEN from error


def _community(view: access.CommunityView, joined: frozenset[str]) -> shapes.CommunityShape:
    community = view.community
    return shapes.CommunityShape(
        slug=community.slug,
        name=community.name,
        summary=community.summary,
        hue=cast("shapes.Hue", community.hue),
        space_id=community.space_id if community.space_id in joined else None,
        joined=view.joined,
        moderator=view.moderator,
        channels=[_channel(channel, joined) for channel in view.channels],
    )


def _channel(view: access.ChannelView, joined: frozenset[str]) -> shapes.ChannelShape:
    channel = view.channel
    return shapes.ChannelShape(
        slug=channel.slug,
        name=channel.name,
        kind=cast("shapes.ChannelKind", channel.kind),
        room_id=channel.room_id,
        joined=channel.room_id in joined,
        may_join=view.may_join,
        archived=channel.in_archive,
        default=channel.default,
    )
