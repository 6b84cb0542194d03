"""The test identity provider at work, and in few words a service provider that asks it."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certificates import self_signed
from cryptography.hazmat.primitives.asymmetric import rsa

from samtale.oiosaml import messages, metadata, provider_metadata, redirect, response
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, Allowed
from samtale.oiosaml.messages import SignInWish
from samtale.oiosaml.metadata import Contact, KeyPair, ServiceProvider
from samtale.oiosaml.response import Request, SignedIn
from samtale_testidp.answers import Keys
from samtale_testidp.people import EMPLOYEES
from samtale_testidp.provider import Provider
from samtale_testidp.server import Server
from samtale_testidp.service_provider import Published

CVRS = frozenset(employee.organisation.cvr for employee in EMPLOYEES)


def key_pair(name: str) -> KeyPair:
    private = rsa.generate_private_key(65537, 2048)
    return KeyPair(private, self_signed(private, name, datetime.now(UTC), 100))


@dataclass
class Service:
    """What the portal is to the provider, in few words."""

    signing: KeyPair
    encryption: KeyPair
    idp: provider_metadata.Metadata
    allowed: Allowed = CONTEXT_HANDLER_2
    entity_id: str = "http://localhost:8400/adgang/saml/metadata"
    acs_url: str = "http://localhost:8400/adgang/saml/acs"
    slo_url: str = "http://localhost:8400/adgang/saml/slo"
    seen: set[str] = field(default_factory=set)

    def metadata(self) -> bytes:
        """What the provider reads."""
        own = ServiceProvider(
            entity_id=self.entity_id,
            acs_url=self.acs_url,
            slo_url=self.slo_url,
            name="OS2samtale",
            contact=Contact("OS2", "drift@os2.example"),
            signing=[self.signing.certificate],
            encryption=[self.encryption.certificate],
            attributes=(),
            allowed=CONTEXT_HANDLER_2,
        )
        return metadata.signed(own, self.signing, require_https=False)

    def request(self, message_id: str = "_request", **changes: Any) -> str:
        """Path and query of a sign-in at the provider."""
        values: dict[str, Any] = {
            "message_id": message_id,
            "now": datetime.now(UTC),
            "entity_id": self.entity_id,
            "destination": self.idp.sso_url,
            "acs_url": self.acs_url,
            "wish": SignInWish(),
        } | changes
        return self.sent("SAMLRequest", messages.authn_request(**values), to=self.idp.sso_url)

    def sent(
        self, kind: redirect.Kind, message: str, *, to: str, key: rsa.RSAPrivateKey | None = None
    ) -> str:
        """Path and query of a message, signed."""
        parts = urlsplit(redirect.address(to, kind, message, "relay", key or self.signing.private))
        return f"{parts.path}?{parts.query}"

    def accept(self, page: str, message_id: str = "_request") -> SignedIn:
        """The answer in a page of the provider's; raises what the portal would raise."""
        return response.accept(
            answer_in(page)["SAMLResponse"],
            Request(message_id, self.acs_url, self.entity_id, datetime.now(UTC)),
            response.Provider(self.idp.entity_id, self.idp.pems, CVRS, self.allowed),
            [self.encryption.private],
            self._remember,
        )

    def _remember(self, assertion_id: str, until: datetime) -> bool:
        new = assertion_id not in self.seen
        self.seen.add(assertion_id)
        return new


def answer_in(page: str) -> dict[str, str]:
    """Hidden fields and action of the form that carries the answer."""
    form = re.search(r'<form method="post" action="([^"]*)" id="answer">(.*?)</form>', page, re.DOTALL)
    assert form is not None, page
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
    return {name: unescape(value) for name, value in fields.items()} | {"action": unescape(form[1])}


@contextmanager
def provider_at_work(own: Keys, file: Path) -> Iterator[Provider]:
    """On a port of its own; ``file``: where it looks for the service's metadata."""
    server = Server(0)
    server.provider = Provider(server.base_url, own, Published(file.as_uri()))
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.provider
        server.shutdown()
        thread.join()


def introduced(provider: Provider, file: Path, pairs: tuple[KeyPair, KeyPair], **addresses: str) -> Service:
    """A service that has read the provider's metadata, with its own in ``file``."""
    idp = provider_metadata.read(
        provider.metadata(), now=datetime.now(UTC), pinned=(), allowed=CONTEXT_HANDLER_2
    )
    made = Service(*pairs, idp, **addresses)  # type: ignore[arg-type]
    file.write_bytes(made.metadata())
    return made
