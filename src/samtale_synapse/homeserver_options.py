"""Options of homeserver.yaml without which the module's rules have holes. Plain data; imports nothing.

Whoever writes homeserver.yaml merges this into it. What no module callback can decide is decided here.
"""

from typing import Any, Final

REQUIRED_HOMESERVER_OPTIONS: Final[dict[str, Any]] = {
    # The creator stands above all power levels: the room recipe builds on that.
    "default_room_version": "12",
    # Names come from the portal. Without the second, a name can still be put into a member event.
    "enable_set_displayname": False,
    "allow_per_room_profiles": False,
    # A stranger's profile: whoever shares no room with a person learns nothing about them, a guest above all.
    "require_auth_for_profile_requests": True,
    "limit_profile_requests_to_users_who_share_rooms": True,
    # No public list of rooms, for nobody: channels are found through the portal.
    "enable_room_list_search": False,
    "allow_public_rooms_without_auth": False,
    "allow_public_rooms_over_federation": False,
    # Matrix "guest accounts" are something else than our guests, and do not exist here.
    "allow_guest_access": False,
    "encryption_enabled_by_default_for_room_type": "off",
    # Members may find each other from other clients too; the module shows guests an empty directory.
    "user_directory": {"enabled": True, "search_all_users": True},
}
