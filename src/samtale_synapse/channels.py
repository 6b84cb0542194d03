"""Announcement channels, and channels that are archived.

In an announcement channel moderators write anything. Others answer, in threads whose root a moderator or
``@samtale`` sent; they react; they change and take back what they wrote. In an archived channel or community
nobody but ``@samtale`` adds anything.
"""

from collections.abc import Mapping

from synapse.module_api import EventBase

from samtale_synapse.refusal import Refusal
from samtale_synapse.synapse_rooms import PortalRoom, SynapseRooms, moderates
from samtale_synapse.topics import TOPIC

ANNOUNCEMENT = Refusal(
    "announcement",
    "Her skriver moderatorerne. Du kan svare i deres emner.",
    "Moderators write here. You can answer in their topics.",
)
ARCHIVED = Refusal(
    "archived",
    "Kanalen er arkiveret. Alt kan læses, men intet kan ændres.",
    "The channel is archived. Everything can be read, nothing can be changed.",
)
NOT_A_CHANNEL = Refusal(
    "not_a_channel",
    "Et fællesskab har kanaler; der skrives ikke i selve fællesskabet.",
    "A community has channels; nobody writes in the community itself.",
)
ONLY_THE_PORTAL = Refusal(
    "portal_joins",
    "Man kommer ind i et fællesskab gennem portalen.",
    "People enter a community through the portal.",
)


class Channels:
    def __init__(self, rooms: SynapseRooms, server_user: str) -> None:
        self._rooms = rooms
        self._server_user = server_user

    async def check(self, event: EventBase, room: PortalRoom) -> Refusal | None:
        if room.archived:
            return ARCHIVED
        if room.community is not None and not event.is_state():
            return NOT_A_CHANNEL
        if not room.announcement or room.moderates(event.sender):
            return None
        return None if await self._is_open_to_all(event) else ANNOUNCEMENT

    def check_invitation(self, room: PortalRoom) -> Refusal | None:
        if room.archived:
            return ARCHIVED
        return ONLY_THE_PORTAL if room.community is not None else None

    async def _is_open_to_all(self, event: EventBase) -> bool:
        """What anybody may send to an announcement channel."""
        relation = event.content.get("m.relates_to")
        if not isinstance(relation, Mapping):
            relation = {}
        kind, target = relation.get("rel_type"), relation.get("event_id")
        match event.type:
            case "m.room.redaction":
                return await self._is_own(event, event.content.get("redacts"))
            case "m.reaction":
                return kind == "m.annotation"
            case "m.room.message" | "m.sticker" if TOPIC not in event.content and kind == "m.replace":
                return await self._is_own(event, target, of_type=event.type)
            case "m.room.message" | "m.sticker" if TOPIC not in event.content and kind == "m.thread":
                return await self._is_moderators_root(event.room_id, target)
        return False

    async def _is_own(self, event: EventBase, target: object, *, of_type: str | None = None) -> bool:
        """``of_type``: an edit of one's own joining, or of an edit, would be a new message."""
        found = await self._rooms.event(event.room_id, target) if isinstance(target, str) else None
        if found is None or found.sender != event.sender:
            return False
        if of_type is None:
            return True
        relation = found.content.get("m.relates_to")
        edits = isinstance(relation, Mapping) and relation.get("rel_type") == "m.replace"
        return found.type == of_type and not found.is_state() and not edits

    async def _is_moderators_root(self, room_id: str, target: object) -> bool:
        """Sent by ``@samtale`` or a moderator of that day: news stay open when their author steps down."""
        root = await self._rooms.event(room_id, target) if isinstance(target, str) else None
        if root is None or root.is_state():
            return False
        if root.sender == self._server_user:
            return True
        return moderates(await self._rooms.power_levels_when_sent(root), root.sender)
