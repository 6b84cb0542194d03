"""Users and devices: the contract Synapse has with the service that signs people in.

Synapse names that service matrix-authentication-service (MAS); the portal takes its place. These are the
calls from that side to Synapse (``/_synapse/mas/*``, ``synapse/rest/synapse/mas/``), sent with the shared
secret of ``matrix_authentication_service`` in homeserver.yaml. The other direction, introspection, is the
portal's. A wrong secret is refused with 403.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from samtale.homeserver.sender import Call, Command, Json

MAS = "/_synapse/mas"


@dataclass(frozen=True)
class HomeserverUser:
    """A user as Synapse knows them. ``user_id`` in full: ``@localpart:server``."""

    user_id: str
    displayname: str | None
    avatar_url: str | None
    suspended: bool
    deactivated: bool


@dataclass(frozen=True)
class QueryUser(Call[HomeserverUser | None]):
    """The user, or None when Synapse has none."""

    localpart: str
    method: ClassVar[str] = "GET"
    also_answers: ClassVar[frozenset[int]] = frozenset({404})

    @property
    def path(self) -> str:
        return f"{MAS}/query_user"

    @property
    def query(self) -> Mapping[str, str]:
        return {"localpart": self.localpart}

    def answer(self, status: int, data: Json) -> HomeserverUser | None:
        if status == 404:
            return None
        return HomeserverUser(
            user_id=data["user_id"],
            displayname=data["display_name"],
            avatar_url=data["avatar_url"],
            suspended=data["is_suspended"],
            deactivated=data["is_deactivated"],
        )


@dataclass(frozen=True)
class IsLocalpartAvailable(Call[bool]):
    """True when a new user may have ``localpart``; False when taken, reserved or malformed."""

    localpart: str
    method: ClassVar[str] = "GET"
    also_answers: ClassVar[frozenset[int]] = frozenset({400})

    @property
    def path(self) -> str:
        return f"{MAS}/is_localpart_available"

    @property
    def query(self) -> Mapping[str, str]:
        return {"localpart": self.localpart}

    def answer(self, status: int, data: Json) -> bool:
        return status == 200


@dataclass(frozen=True)
class ProvisionUser(Call[bool]):
    """Make the user, or bring an existing one up to date. True when it was made.

    ``locked``: only keeps the person out of Synapse's user directory; what keeps them out of the server is
    that their devices are gone and introspection says inactive. None leaves it as it is.
    """

    localpart: str
    displayname: str
    locked: bool | None = None

    @property
    def path(self) -> str:
        return f"{MAS}/provision_user"

    @property
    def body(self) -> Json:
        body: Json = {"localpart": self.localpart, "set_displayname": self.displayname}
        if self.locked is not None:
            body["locked"] = self.locked
        return body

    def answer(self, status: int, data: Json) -> bool:
        return status == 201


@dataclass(frozen=True)
class SetDisplayname(Command):
    localpart: str
    displayname: str

    @property
    def path(self) -> str:
        return f"{MAS}/set_displayname"

    @property
    def body(self) -> Json:
        return {"localpart": self.localpart, "displayname": self.displayname}


@dataclass(frozen=True)
class DeleteUser(Command):
    """Deactivate: leaves every room, no device remains, the name stays taken.

    ``erase``: also forget the profile, and hide the person's events from those who were not there.
    """

    localpart: str
    erase: bool

    @property
    def path(self) -> str:
        return f"{MAS}/delete_user"

    @property
    def body(self) -> Json:
        return {"localpart": self.localpart, "erase": self.erase}


@dataclass(frozen=True)
class ReactivateUser(Command):
    localpart: str

    @property
    def path(self) -> str:
        return f"{MAS}/reactivate_user"

    @property
    def body(self) -> Json:
        return {"localpart": self.localpart}


@dataclass(frozen=True)
class UpsertDevice(Call[bool]):
    """Make the device, or rename an existing one. True when it was made. 404 when the user is missing.

    Must be done before a token for the device is handed out: Synapse refuses a token of an unknown device.
    """

    localpart: str
    device_id: str
    display_name: str | None = None

    @property
    def path(self) -> str:
        return f"{MAS}/upsert_device"

    @property
    def body(self) -> Json:
        body: Json = {"localpart": self.localpart, "device_id": self.device_id}
        if self.display_name is not None:
            body["display_name"] = self.display_name
        return body

    def answer(self, status: int, data: Json) -> bool:
        return status == 201


@dataclass(frozen=True)
class UpdateDeviceDisplayName(Command):
    localpart: str
    device_id: str
    display_name: str

    @property
    def path(self) -> str:
        return f"{MAS}/update_device_display_name"

    @property
    def body(self) -> Json:
        return {"localpart": self.localpart, "device_id": self.device_id, "display_name": self.display_name}


@dataclass(frozen=True)
class DeleteDevice(Command):
    """Ends what the device does at once, an open long-poll too. An unknown device is no error."""

    localpart: str
    device_id: str

    @property
    def path(self) -> str:
        return f"{MAS}/delete_device"

    @property
    def body(self) -> Json:
        return {"localpart": self.localpart, "device_id": self.device_id}


@dataclass(frozen=True)
class SyncDevices(Command):
    """The user has exactly these devices afterwards: others are deleted, missing ones made without a name."""

    localpart: str
    devices: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{MAS}/sync_devices"

    @property
    def body(self) -> Json:
        return {"localpart": self.localpart, "devices": list(self.devices)}
