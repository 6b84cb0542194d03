"""Make Matrix agree with the database: spaces, rooms, who has power. Can be broken off and done again.

A room that is made but not yet noted is found again by its alias, which only `@samtale` can take and which,
of a closed channel, nobody can guess.
"""

from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.utils.crypto import salted_hmac

from samtale.communities import matrix
from samtale.communities.alone import alone
from samtale.communities.models import Channel, Community
from samtale.homeserver import recipe
from samtale.homeserver.rooms import CreateRoom, GetState, ResolveAlias, RoomState, SetState
from samtale.homeserver.sender import HomeserverRefused, Json
from samtale.identity.models import Person

State = dict[tuple[str, str], Json]


def staff_of(community: Community) -> recipe.Staff:
    """Who has power in the community's rooms. A guest has none, whatever they had before."""
    moderators = Person.objects.filter(moderations__community=community).exclude(role=Person.Role.GUEST)
    administrators = Person.objects.filter(role__in=[Person.Role.ADMINISTRATOR, Person.Role.OWNER])
    return recipe.Staff.of(
        moderators=map(matrix.user_id, moderators.distinct()),
        administrators=map(matrix.user_id, administrators),
    )


def administrators_differ() -> bool:
    """Looks at one space, since all have the same."""
    first = Community.objects.exclude(space_id=None).first()
    if first is None or first.space_id is None:
        return False
    there = matrix.samtale().send(GetState(first.space_id, "m.room.power_levels")) or {}
    have = {who for who, level in there.get("users", {}).items() if level == recipe.ADMINISTRATOR}
    return have != staff_of(first).administrators


def community(wanted: Community) -> int:
    """The space, the rooms of its default channels, and all rooms it has. Returns how many events it took.

    For an archived one nothing new is made. Two may do this at once, and the one that began before a change
    must not have the last word: each goes on until the database still says what it has written.
    """
    if wanted.archived and wanted.space_id is None:
        return 0
    sent = 0
    written: dict[str, State] = {}
    while (state := _state(wanted)) != written:
        for room_id, content in state.items():
            sent += _agree(room_id, content)
        written = state
        wanted.refresh_from_db()
    return sent


def _state(wanted: Community) -> dict[str, State]:
    """By room, the space last. Makes what is missing."""
    staff = staff_of(wanted)
    space_id = wanted.space_id or _make_space(wanted, staff)
    state: dict[str, State] = {}
    channels = list(wanted.channels.all())
    for channel in channels:
        channel.community = wanted
        if channel.room_id is not None:
            state[channel.room_id] = _room_state(channel, staff)
        elif channel.default and not channel.in_archive:
            make_room(channel, staff)
    return {**state, space_id: _space_state(wanted, channels, staff)}


def make_room(channel: Channel, staff: recipe.Staff) -> str:
    """The channel's room, made when it is missing. Its community has a space. Returns the room id.

    Of two who open a channel at once the second waits: Synapse gives a room's alias away before the room is
    whole, and nobody could join it yet.
    """
    if channel.room_id is not None:
        return channel.room_id
    room = _room(channel, staff)
    with alone(f"room of {channel}"):
        channel.refresh_from_db(fields=["room_id"])
        if channel.room_id is None:
            alias = f"#{room.alias_localpart}:{settings.CONFIG.server_name}"
            channel.room_id = _made(room.create_body(), alias)
            channel.save(update_fields=["room_id"])
    return channel.room_id


def _make_space(wanted: Community, staff: recipe.Staff) -> str:
    with alone(f"space of {wanted.slug}"):
        wanted.refresh_from_db(fields=["space_id"])
        if wanted.space_id is None:
            wanted.space_id = _made(_space(wanted, staff).create_body(), _space_alias(wanted))
            wanted.save(update_fields=["space_id"])
    return wanted.space_id


def open_room(channel: Channel) -> str:
    """As :func:`make_room`, and the space lists it. For a channel that somebody opens for the first time."""
    if channel.room_id is not None:
        return channel.room_id
    staff = staff_of(channel.community)
    if channel.community.space_id is None:
        community(channel.community)
    room_id = make_room(channel, staff)
    list_in_space(channel)
    return room_id


def list_in_space(channel: Channel) -> None:
    if channel.community.space_id is None or channel.room_id is None:
        raise ValueError(f"{channel} has no room in Matrix yet")
    child = _space_child(channel)
    if child:
        matrix.samtale().send(SetState(channel.community.space_id, "m.space.child", child, channel.room_id))


def _made(body: Json, alias: str) -> str:
    try:
        return matrix.samtale().send(CreateRoom(body))
    except HomeserverRefused as error:
        if error.errcode != "M_ROOM_IN_USE":
            raise
        room_id = matrix.samtale().send(ResolveAlias(alias))
        if room_id is None:
            raise
        return room_id


def _space_alias(community: Community) -> str:
    return recipe.community_alias(community.slug, settings.CONFIG.server_name)


def _space(community: Community, staff: recipe.Staff) -> recipe.CommunitySpace:
    return recipe.CommunitySpace(
        server_name=settings.CONFIG.server_name,
        community=community.slug,
        name=community.name,
        summary=community.summary,
        staff=staff,
    )


def _room(channel: Channel, staff: recipe.Staff) -> recipe.ChannelRoom:
    if channel.community.space_id is None:
        raise ValueError(f"{channel.community} has no space in Matrix yet")
    return recipe.ChannelRoom(
        server_name=settings.CONFIG.server_name,
        space_id=channel.community.space_id,
        community=channel.community.slug,
        channel=channel.slug,
        name=channel.name,
        kind=cast("recipe.Kind", channel.kind),
        topic_level=cast("recipe.TopicLevel", channel.topic_level),
        staff=staff,
        closed_alias=_closed_alias(channel),
    )


def _closed_alias(channel: Channel) -> str:
    """The same each time, and known to the portal alone."""
    return salted_hmac("samtale.communities.closed_alias", str(channel), algorithm="sha256").hexdigest()


def _space_state(community: Community, channels: list[Channel], staff: recipe.Staff) -> State:
    state = _state_of(_space(community, staff).create_body())
    state[recipe.COMMUNITY, ""] = recipe.community_state(community.slug, archived=community.archived)
    for channel in channels:
        if channel.room_id is not None:
            state["m.space.child", channel.room_id] = _space_child(channel)
    return state


def _space_child(channel: Channel) -> Json:
    kind = cast("recipe.Kind", channel.kind)
    return recipe.space_child(settings.CONFIG.server_name, kind, channel.order, archived=channel.in_archive)


def _room_state(channel: Channel, staff: recipe.Staff) -> State:
    state = _state_of(_room(channel, staff).create_body())
    state[recipe.CHANNEL, ""] = recipe.channel_state(
        channel.community.slug,
        channel.slug,
        cast("recipe.Kind", channel.kind),
        archived=channel.in_archive,
        topic_level=cast("recipe.TopicLevel", channel.topic_level),
    )
    return state


def _state_of(body: Json) -> State:
    """The state that a room made from ``body`` has."""
    state: State = {
        (event["type"], event["state_key"]): event["content"] for event in body.get("initial_state", [])
    }
    state["m.room.name", ""] = {"name": body["name"]}
    state["m.room.topic", ""] = {"topic": body.get("topic", "")}
    state["m.room.power_levels", ""] = body["power_level_content_override"]
    return state


def _agree(room_id: str, wanted: State) -> int:
    """Send what differs from ``wanted``. Returns how many events that took."""
    there: State = {
        (event["type"], event["state_key"]): event["content"]
        for event in matrix.samtale().send(RoomState(room_id))
    }
    differing = [(key, content) for key, content in wanted.items() if not _same(content, there.get(key, {}))]
    for (event_type, state_key), content in differing:
        matrix.samtale().send(SetState(room_id, event_type, content, state_key))
    return len(differing)


def _same(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Synapse adds keys of its own (``historical`` to power levels, ``m.topic`` to topics): they stay."""
    if not wanted:
        return not there
    return all(there.get(key, "" if value == "" else None) == value for key, value in wanted.items())
