"""Guests: only the conversations they are invited to.

Solved here: making rooms, inviting, joining uninvited, the user directory, naming topics. Solved elsewhere,
because no callback is asked:

=============================  ===========================================================================
strangers' profiles            ``limit_profile_requests_to_users_who_share_rooms`` (homeserver_options.py)
public rooms                   ``enable_room_list_search`` off, and nobody may publish a room
hierarchy, room summary        Synapse shows only rooms that are joined, or that membership would open;
                               guests are in no community's space
=============================  ===========================================================================
"""

from synapse.module_api import ModuleApi

from samtale_synapse.refusal import Refusal

#: Account data of the server user that holds one person's standing: this, a full stop, the Matrix id.
STANDING = "dk.os2.standing"

MAKES_NO_ROOM = Refusal(
    "guest_room",
    "Som gæst kan du ikke starte en samtale. Bed en deltager om at starte den.",
    "As a guest you cannot start a conversation. Ask a member to start it.",
)
INVITES_NOBODY = Refusal(
    "guest_invite",
    "Som gæst kan du ikke invitere andre.",
    "As a guest you cannot invite anybody.",
)
NOT_INVITED = Refusal(
    "guest_join",
    "Som gæst kan du kun være i de samtaler, du er inviteret til.",
    "As a guest you can only be in conversations you are invited to.",
)


class Standings:
    """Who is a guest, as the portal has told us (``samtale.homeserver.module``)."""

    def __init__(self, api: ModuleApi, server_user: str) -> None:
        self._api = api
        self._server_user = server_user

    async def is_guest(self, user_id: str) -> bool:
        """True also for whoever the portal has not described: rights are given, never left over."""
        if user_id == self._server_user:
            return False
        standing = await self._api.account_data_manager.get_global(self._server_user, f"{STANDING}.{user_id}")
        return standing is None or standing.get("guest") is not False
