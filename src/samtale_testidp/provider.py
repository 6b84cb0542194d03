"""The identity provider as a whole: its addresses, its key, whom it knows, and whom it answers."""

import threading
from dataclasses import dataclass, field

from samtale_testidp import metadata
from samtale_testidp.answers import CONTEXT_HANDLER_2, Keys, Sealing
from samtale_testidp.evil.attack import Earlier
from samtale_testidp.openid.provider import OpenidProvider
from samtale_testidp.service_provider import Published
from samtale_testidp.sessions import Sessions


@dataclass
class Provider:
    """``base_url``: scheme, host and port; it is the entityID too. ``openid``: None: SAML is all there is."""

    base_url: str
    keys: Keys
    service: Published
    how: Sealing = CONTEXT_HANDLER_2
    openid: OpenidProvider | None = None
    sessions: Sessions = field(default_factory=Sessions)
    #: The last answer that was right, for who wants to send it again.
    earlier: Earlier | None = None
    #: Ids of our own LogoutRequests that are still to be answered.
    asked: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def entity_id(self) -> str:
        return self.base_url

    @property
    def sso_url(self) -> str:
        return f"{self.base_url}/sso"

    @property
    def slo_url(self) -> str:
        return f"{self.base_url}/slo"

    @property
    def slo_answer_url(self) -> str:
        return f"{self.base_url}/slo/answer"

    def metadata(self) -> bytes:
        """What the service provider reads."""
        return metadata.document(
            entity_id=self.entity_id,
            sso_url=self.sso_url,
            slo_url=self.slo_url,
            slo_answer_url=self.slo_answer_url,
            certificate=self.keys.certificate,
        )
