"""The demo's people with the tokens that the portal gave them, through its own pages."""

from lone_synapse import Person
from matrix_client import access_token
from platform_under_test import Platform

from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.sender import Sender
from samtale.stack import secrets as stack_secrets
from samtale.stack import synapse


class PlatformSynapse:
    """The platform's Synapse, as `LoneSynapse` is one: the portal's way to it, and people with tokens."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.config = platform.config
        self.server_user = f"@{synapse.SENDER}:{self.config.server_name}"
        known = stack_secrets.load_or_create(platform.folders.secrets)
        base_url = f"http://127.0.0.1:{self.config.ports.synapse}"
        self.portal = Sender(base_url, known.as_token, timeout=60)
        self.mas = Sender(base_url, known.mas, timeout=60)

    def person(self, key: str) -> Person:
        """One of the demo's people; every request goes through the proxy."""
        known = self._platform.person(key)
        assert known.matrix_id is not None
        token = access_token(self._platform.url, known.email, known.password)
        return Person(self._platform.url, known.matrix_id, token)

    def acting_as(self, person: Person) -> ActingAs:
        return ActingAs(self.portal, person.user_id)
