"""Doing something as a person.

The application service may act as any local user (``?user_id=``, Application Service API, "Identity
assertion"). That power lies here and nowhere else: who imports this module shows who uses it.
"""

from dataclasses import dataclass

from samtale.homeserver.sender import Answer, Call, Sender


@dataclass(frozen=True)
class ActingAs:
    """Sends calls as ``user_id``. ``sender`` must hold the application service's token.

    ``user_id`` must exist in Synapse, else each call is refused with 403.
    """

    sender: Sender
    user_id: str

    def send(self, call: Call[Answer]) -> Answer:
        """As :meth:`samtale.homeserver.sender.Sender.send`."""
        return self.sender.send(call, query={"user_id": self.user_id})
