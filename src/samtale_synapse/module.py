"""Where Synapse asks the rules. Which callback asks which rule stands here; what a rule says does not.

``@samtale`` is bound by none of them. It must be exempted by hand: an application service is never an
administrator to Synapse.
"""

from collections.abc import Mapping
from typing import Any, Literal

from synapse.module_api import (
    NOT_SPAM,
    EventBase,
    JsonDict,
    ModuleApi,
    Requester,
    RoomAlias,
    UserProfile,
)
from synapse.module_api.errors import Codes

from samtale_synapse import calls, config, encryption, guests, private_chats
from samtale_synapse.channels import Channels
from samtale_synapse.config import ModuleConfig
from samtale_synapse.guests import Standings
from samtale_synapse.private_chats import PrivateChats
from samtale_synapse.redactions import Redactions
from samtale_synapse.refusal import Refusal
from samtale_synapse.synapse_rooms import SynapseRooms
from samtale_synapse.topics import Topics

Verdict = Literal["NOT_SPAM"] | tuple[Codes, JsonDict]


def _verdict(refusal: Refusal | None) -> Verdict:
    return NOT_SPAM if refusal is None else refusal.for_callback()


class SamtaleModule:
    def __init__(self, module_config: ModuleConfig, api: ModuleApi) -> None:
        self._server_user = module_config.server_user
        self._limit = module_config.private_chat_members
        self._standings = Standings(api, module_config.server_user)
        self._rooms = SynapseRooms(api, module_config.server_user)
        self._redactions = Redactions(self._rooms)
        self._topics = Topics(self._rooms, self._standings)
        self._channels = Channels(self._rooms, module_config.server_user)
        self._private_chats = PrivateChats(self._rooms, module_config.private_chat_members)
        api.register_third_party_rules_callbacks(on_create_room=self.on_create_room)
        api.register_spam_checker_callbacks(
            check_event_for_spam=self.check_event_for_spam,
            user_may_create_room=self.user_may_create_room,
            user_may_invite=self.user_may_invite,
            user_may_send_3pid_invite=self.user_may_send_3pid_invite,
            user_may_join_room=self.user_may_join_room,
            user_may_create_room_alias=self.user_may_create_room_alias,
            user_may_publish_room=self.user_may_publish_room,
            check_username_for_spam=self.check_username_for_spam,
        )

    @staticmethod
    def parse_config(raw: Mapping[str, Any]) -> ModuleConfig:
        return config.parse(raw)

    async def on_create_room(self, requester: Requester, room_config: dict[str, Any], is_admin: bool) -> None:
        """The only callback that may change what is asked for, and that an administrator does not skip."""
        user_id = requester.user.to_string()
        encryption.take_out(room_config)
        if user_id == self._server_user:
            return
        if await self._standings.is_guest(user_id):
            raise guests.MAKES_NO_ROOM.error()
        private_chats.make_harmless(room_config)
        refusal = private_chats.check_creation(room_config, self._limit)
        if refusal is not None:
            raise refusal.error()

    async def user_may_create_room(self, user_id: str, room_config: JsonDict) -> Verdict:
        """Asked again for a room that is upgraded, where ``on_create_room`` is not."""
        if user_id != self._server_user and private_chats.is_upgrade(room_config):
            return private_chats.ONLY_PRIVATE.for_callback()
        return NOT_SPAM

    async def check_event_for_spam(self, event: EventBase) -> Verdict:
        """Every event a local person sends, except membership; before power levels are looked at."""
        if event.sender == self._server_user:
            return NOT_SPAM
        return _verdict(await self._refusal(event))

    async def _refusal(self, event: EventBase) -> Refusal | None:
        refusal = encryption.check(event) or await self._redactions.check(event)
        if refusal is not None:
            return refusal
        room = await self._rooms.portal_room(event.room_id)
        if room is None:
            refusal = await self._private_chats.check(event)
        else:
            refusal = await self._channels.check(event, room)
        return refusal or calls.check(event) or await self._topics.check(event)

    async def user_may_invite(self, inviter: str, invitee: str, room_id: str) -> Verdict:
        if inviter == self._server_user:
            return NOT_SPAM
        if await self._standings.is_guest(inviter):
            return guests.INVITES_NOBODY.for_callback()
        room = await self._rooms.portal_room(room_id)
        if room is None:
            return _verdict(await self._private_chats.check_invitation(room_id))
        return _verdict(self._channels.check_invitation(room))

    async def user_may_send_3pid_invite(
        self, inviter: str, medium: str, address: str, room_id: str
    ) -> Verdict:
        return NOT_SPAM if inviter == self._server_user else private_chats.NO_ADDRESS.for_callback()

    async def user_may_join_room(self, user_id: str, room_id: str, is_invited: bool) -> Verdict:
        if is_invited or not await self._standings.is_guest(user_id):
            return NOT_SPAM
        return guests.NOT_INVITED.for_callback()

    async def user_may_create_room_alias(self, user_id: str, room_alias: RoomAlias) -> Verdict:
        return self._portal_only(user_id)

    async def user_may_publish_room(self, user_id: str, room_id: str) -> Verdict:
        return self._portal_only(user_id)

    async def check_username_for_spam(self, profile: UserProfile, requester_id: str) -> bool:
        """True hides the person from the directory. A guest finds nobody there."""
        return await self._standings.is_guest(requester_id)

    def _portal_only(self, user_id: str) -> Verdict:
        return NOT_SPAM if user_id == self._server_user else private_chats.ONLY_PRIVATE.for_callback()
