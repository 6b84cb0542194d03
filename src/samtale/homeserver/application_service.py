"""The portal's own account in Matrix, ``@samtale``: the sender of the application service.

It creates every community and channel, so its power in them is above all levels and cannot be taken away
(room version 12). Sent with the ``as_token``.
"""

from dataclasses import dataclass
from typing import ClassVar

from samtale.homeserver.sender import CLIENT, Call, Json

SENDER_LOCALPART = "samtale"


@dataclass(frozen=True)
class RegisterSender(Call[bool]):
    """Make the account. True when it was made now, False when it was there. Safe to repeat.

    Its display name is set with :class:`samtale.homeserver.mas.SetDisplayname`, as everybody's.
    ``inhibit_login`` is demanded: Synapse hands out no token of its own when somebody else signs people in.
    """

    localpart: str = SENDER_LOCALPART
    also_answers: ClassVar[frozenset[int]] = frozenset({400})

    @property
    def path(self) -> str:
        return f"{CLIENT}/register"

    @property
    def body(self) -> Json:
        return {"type": "m.login.application_service", "username": self.localpart, "inhibit_login": True}

    def answer(self, status: int, data: Json) -> bool:
        if status == 400 and data.get("errcode") != "M_USER_IN_USE":
            raise ValueError(f"{data.get('errcode')} {data.get('error')}")
        return status == 200


@dataclass(frozen=True)
class WhoAmI(Call[str]):
    """The user id the token speaks for."""

    method: ClassVar[str] = "GET"

    @property
    def path(self) -> str:
        return f"{CLIENT}/account/whoami"

    def answer(self, status: int, data: Json) -> str:
        return str(data["user_id"])
