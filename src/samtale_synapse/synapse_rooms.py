"""What the rules read of Synapse: rooms, their state, single events. Nothing else of the module asks Synapse.

Each question is a single indexed query or a cache hit. The callback ``check_event_allowed`` would hand over
the room's state, but loads all of it for every event.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synapse.module_api import EventBase, LoggingTransaction, ModuleApi

CHANNEL = "dk.os2.channel"
COMMUNITY = "dk.os2.community"
MODERATOR = 50

_REMEMBERED_ROOMS = 10_000


@dataclass(frozen=True)
class PortalRoom:
    """A room the portal made, as it is now. ``channel``, ``community``: content of that state, or None."""

    channel: Mapping[str, Any] | None
    community: Mapping[str, Any] | None
    power_levels: Mapping[str, Any]

    def moderates(self, user_id: str) -> bool:
        return moderates(self.power_levels, user_id)

    @property
    def archived(self) -> bool:
        return any(
            state is not None and state.get("archived") is True for state in (self.channel, self.community)
        )

    @property
    def announcement(self) -> bool:
        return self.channel is not None and self.channel.get("kind") == "announcement"


def moderates(power_levels: Mapping[str, Any], user_id: str) -> bool:
    level = power_levels.get("users", {}).get(user_id, power_levels.get("users_default", 0))
    return isinstance(level, int) and level >= MODERATOR


class SynapseRooms:
    def __init__(self, api: ModuleApi, server_user: str) -> None:
        self._api = api
        self._server_user = server_user
        # Who created a room never changes, so it is asked once for each room.
        self._made_by_portal: OrderedDict[str, bool] = OrderedDict()

    async def made_by_portal(self, room_id: str) -> bool:
        """Made by ``@samtale``: a community, a channel, a meeting. Every other room is a private chat."""
        known = self._made_by_portal.get(room_id)
        if known is not None:
            self._made_by_portal.move_to_end(room_id)
            return known
        state = await self._api.get_room_state(room_id, [("m.room.create", "")])
        create = state.get(("m.room.create", ""))
        if create is None:
            return False
        made_by_portal = create.sender == self._server_user
        self._made_by_portal[room_id] = made_by_portal
        if len(self._made_by_portal) > _REMEMBERED_ROOMS:
            self._made_by_portal.popitem(last=False)
        return bool(made_by_portal)

    async def portal_room(self, room_id: str) -> PortalRoom | None:
        """None for a private chat."""
        if not await self.made_by_portal(room_id):
            return None
        state = await self._api.get_room_state(
            room_id, [(CHANNEL, ""), (COMMUNITY, ""), ("m.room.power_levels", "")]
        )
        content = {event_type: event.content for (event_type, _), event in state.items()}
        return PortalRoom(
            channel=content.get(CHANNEL),
            community=content.get(COMMUNITY),
            power_levels=content.get("m.room.power_levels", {}),
        )

    async def people(self, room_id: str) -> int:
        """How many are in the room or invited to it. For private chats only: it reads all member events."""
        members = await self._api.get_room_state(room_id, [("m.room.member", None)])
        return sum(event.content.get("membership") in ("join", "invite") for event in members.values())

    async def event(self, room_id: str, event_id: str) -> EventBase | None:
        """The event, when it is in this room."""
        # The module API has no way to one event by its id; the store keeps it in a cache.
        event = await self._api._store.get_event(event_id, allow_none=True)
        return event if event is not None and event.room_id == room_id else None

    async def power_levels_when_sent(self, event: EventBase) -> Mapping[str, Any]:
        """The power levels that the event was judged by, which are among its auth events."""
        for event_id in event.auth_event_ids():
            auth_event = await self.event(event.room_id, event_id)
            if auth_event is not None and auth_event.type == "m.room.power_levels":
                content: Mapping[str, Any] = auth_event.content
                return content
        return {}

    async def has_thread(self, event_id: str) -> bool:
        """Whether somebody has answered the event in a thread."""

        def answered(txn: LoggingTransaction) -> bool:
            txn.execute(
                "SELECT 1 FROM event_relations WHERE relates_to_id = ? AND relation_type = ? LIMIT 1",
                (event_id, "m.thread"),
            )
            return txn.fetchone() is not None

        return bool(await self._api.run_db_interaction("samtale_has_thread", answered))
