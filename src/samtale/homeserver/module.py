"""What our module inside Synapse is told about people.

Synapse knows nothing of the portal's roles, and its own ``user_type`` can only be set with an administrator's
token. So the portal writes each person's standing into the account data of ``@samtale``: only the application
service can write there, it is in Synapse's own database and backup, and every worker hears of a change at
once. A person whom the portal has not described counts as a guest: forgetting the call takes rights away, it
never gives them.
"""

from dataclasses import dataclass
from typing import ClassVar

from samtale.homeserver.sender import CLIENT, Command, Json, path_of

#: Account data type of one person's standing: this, a full stop, the Matrix id. The module knows it too.
STANDING = "dk.os2.standing"


@dataclass(frozen=True)
class SetStanding(Command):
    """Tell the module whether ``user_id`` is a guest. Safe to repeat; takes effect at once.

    ``server_user``: ``@samtale:SERVER``, the sender of the application service. Do it after the user is
    provisioned and before the first token is issued, and again whenever somebody becomes or ceases to be a
    guest.
    """

    server_user: str
    user_id: str
    guest: bool
    method: ClassVar[str] = "PUT"

    @property
    def path(self) -> str:
        data_type = f"{STANDING}.{self.user_id}"
        return path_of(f"{CLIENT}/user", self.server_user, "account_data", data_type)

    @property
    def body(self) -> Json:
        return {"guest": self.guest}
