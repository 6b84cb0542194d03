"""A municipality's side of the sign-in, for tests without a browser: it answers as Context Handler 2 does."""

import base64
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from certificates import self_signed
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from samtale.oiosaml.conf import ProviderSettings, ServiceSettings
from samtale_testidp import metadata
from samtale_testidp.answers import Answer, Keys, encrypted, form_value, signed
from samtale_testidp.people import Employee

SLUG = "kommune"
ENTITY = "https://saml.kommune.example"
SSO, SLO, SLO_ANSWER = (f"https://idp.kommune.example/{name}" for name in ("sso", "slo", "signoff"))
ACS = "/adgang/saml/acs"


def make_keys(name: str) -> Keys:
    private = rsa.generate_private_key(65537, 2048)
    return Keys(private, self_signed(private, name, datetime.now(UTC), 1000))


def write_key(path: Path, keys: Keys) -> Path:
    """Key and certificate in one PEM file."""
    private = keys.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + keys.pem)
    return path


@dataclass
class Municipality:
    """``keys``: its own; ``service``: how the site is set up; ``service_keys``: what it encrypts to."""

    keys: Keys
    service: ServiceSettings
    service_keys: Keys

    @classmethod
    def beside(cls, folder: Path, *, keys: Keys, service_keys: Keys, **provider: Any) -> "Municipality":
        """A site whose only provider this is. ``provider``: of its settings, other than usual."""
        document = folder / "metadata.xml"
        document.write_bytes(
            metadata.document(
                entity_id=ENTITY,
                sso_url=SSO,
                slo_url=SLO,
                slo_answer_url=SLO_ANSWER,
                certificate=keys.certificate,
            )
        )
        key = write_key(folder / "own.pem", service_keys)
        usual = {
            "name": "Din kommune",
            "metadata": str(document),
            "cvrs": frozenset({"55133018", "35209115"}),
        }
        service = ServiceSettings(
            base_url=settings.CONFIG.public_url,
            entity_id=settings.CONFIG.public_url,
            name="OS2samtale",
            host="samtale.lifecycle.municipal",
            logged_out_url="/adgang/logget-ud/",
            contact_company="OS2",
            contact_email="drift@os2.example",
            signing_keys=[key],
            encryption_keys=[key],
            providers={SLUG: ProviderSettings(**{**usual, **provider})},
            require_https=False,
        )
        return cls(keys, service, service_keys)

    def asked(self, leaving: HttpResponse) -> dict[str, str]:
        """What the way out to the provider carries: ``id`` and ``RelayState``.

        That is a redirect, or, where a form may have led to it, a page that goes on by itself.
        """
        address = leaving.headers.get("Location") or leaving.headers["Refresh"].partition("url=")[2]
        assert address.startswith(SSO), address
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return {"id": str(read(query["SAMLRequest"]).get("ID")), **query}

    def answer(self, request_id: str, employee: Employee) -> Answer:
        """One that is right in every way."""
        return Answer(
            issuer=ENTITY,
            recipient=settings.CONFIG.public_url + ACS,
            audience=self.service.entity_id,
            request_id=request_id,
            person=employee.subject(str(urlsplit(self.service.entity_id).hostname)),
            now=datetime.now(UTC),
            level=employee.level,
        )

    def sealed(self, answer: Answer) -> str:
        """What the browser carries."""
        sealed = encrypted(signed(answer.assertion(), self.keys), self.service_keys.private.public_key())
        return form_value(answer.response(sealed))

    def sign_in(self, client: Client, employee: Employee, start: str = "", **changes: Any) -> HttpResponse:
        """The whole way, to what the person sees in the end. ``changes``: of the answer."""
        asked = self.asked(client.get(start or f"/adgang/log-ind/med/{SLUG}/"))
        answer = self.answer(asked["id"], employee).but(**changes)
        return self.arrive(client, self.sealed(answer), asked["RelayState"])

    def arrive(self, client: Client, saml_response: str, relay_state: str) -> HttpResponse:
        """The answer in the browser, and the way from there to the site's own page."""
        posted = client.post(ACS, {"SAMLResponse": saml_response, "RelayState": relay_state})
        if posted.status_code != 303:
            return posted
        return client.get(posted["Location"])


def read(message: str) -> etree._Element:
    """A message of the redirect binding."""
    return etree.fromstring(zlib.decompress(base64.b64decode(message), wbits=-15))
