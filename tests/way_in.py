"""The whole way from a form field to who signed in, for tests that change one thing on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from samtale.oiosaml import response
from samtale.oiosaml.response import Provider, Request, SignedIn
from samtale_testidp.answers import CONTEXT_HANDLER_2, Answer, Keys, Sealing, encrypted, form_value, signed


@dataclass(frozen=True)
class WayIn:
    """``idp``: the provider's keys; ``own``: the service's key for decryption."""

    request: Request
    provider: Provider
    idp: Keys
    own: RSAPrivateKey

    def field(self, answer: Answer, assertion: str | None = None, how: Sealing = CONTEXT_HANDLER_2) -> str:
        """What the browser carries. ``assertion``: what the provider signs instead of the answer's own."""
        made = signed(assertion or answer.assertion(), self.idp)
        return form_value(answer.response(encrypted(made, self.own.public_key(), how)))

    def accept(
        self,
        field: str,
        *,
        now: datetime | None = None,
        remember: Callable[[str, datetime], bool] = lambda _id, _until: True,
    ) -> SignedIn:
        """Raises Refused. ``now``: when it arrives, if not at once."""
        request = self.request
        at = Request(request.id, request.acs_url, request.entity_id, now or request.now)
        return response.accept(field, at, self.provider, [self.own], remember)
