"""The messages that we write: asking to sign somebody in, and logging out (SAML Core 2.0, section 3)."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from samtale.oiosaml.assurance import Level
from samtale.oiosaml.names import POST, SAML, SAMLP, SUCCESS

USER_LOGOUT = "urn:oasis:names:tc:SAML:2.0:logout:user"
_NSIS = "https://data.gov.dk/concept/core/nsis/loa/"
_NAMESPACES = {"saml": SAML, "samlp": SAMLP}


def new_id() -> str:
    """An xs:ID that nobody can guess."""
    return f"_{secrets.token_hex(20)}"


@dataclass(frozen=True)
class SignInWish:
    """``level``: asked for when it is named; the answer is judged by itself in any case.

    ``passive``: only when there is a session at the provider. ``force``: even when there is one.
    """

    level: Level | None = None
    passive: bool = False
    force: bool = False


def authn_request(
    *, message_id: str, now: datetime, entity_id: str, destination: str, acs_url: str, wish: SignInWish
) -> str:
    """An AuthnRequest for the answer by POST."""
    root = _message("AuthnRequest", message_id, now, entity_id, destination)
    root.set("ProtocolBinding", POST)
    root.set("AssertionConsumerServiceURL", acs_url)
    for name, wanted in (("IsPassive", wish.passive), ("ForceAuthn", wish.force)):
        if wanted:
            root.set(name, "true")
    if wish.level is not None:
        # Comparison counts for NSIS levels only (OIO-SP-06).
        context = etree.SubElement(root, f"{{{SAMLP}}}RequestedAuthnContext", Comparison="minimum")
        least = etree.SubElement(context, f"{{{SAML}}}AuthnContextClassRef")
        least.text = _NSIS + wish.level.name.capitalize()
    return _written(root)


def logout_request(
    *,
    message_id: str,
    now: datetime,
    entity_id: str,
    destination: str,
    name_id: str,
    name_id_format: str | None,
    session_index: str | None,
) -> str:
    """The subject as it was received, character by character: providers compare it so."""
    root = _message("LogoutRequest", message_id, now, entity_id, destination)
    root.set("Reason", USER_LOGOUT)
    subject = etree.SubElement(root, f"{{{SAML}}}NameID")
    subject.text = name_id
    if name_id_format is not None:
        subject.set("Format", name_id_format)
    if session_index is not None:
        etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = session_index
    return _written(root)


def logout_response(
    *, message_id: str, now: datetime, entity_id: str, destination: str, in_response_to: str
) -> str:
    """That the sessions are gone. ``destination``: the provider's ResponseLocation when it has one."""
    root = _message("LogoutResponse", message_id, now, entity_id, destination)
    root.set("InResponseTo", in_response_to)
    status = etree.SubElement(root, f"{{{SAMLP}}}Status")
    etree.SubElement(status, f"{{{SAMLP}}}StatusCode", Value=SUCCESS)
    return _written(root)


def _message(name: str, message_id: str, now: datetime, entity_id: str, destination: str) -> etree._Element:
    root = etree.Element(f"{{{SAMLP}}}{name}", nsmap=_NAMESPACES)
    root.set("ID", message_id)
    root.set("Version", "2.0")
    root.set("IssueInstant", f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    root.set("Destination", destination)
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = entity_id
    return root


def _written(root: etree._Element) -> str:
    return etree.tostring(root, encoding="unicode")
