"""An AuthnRequest (SAML Core 2.0, section 3.4.1) and what it asks for."""

from dataclasses import dataclass

from lxml import etree

from samtale_testidp import documents, redirect
from samtale_testidp.names import NSIS, POST, SAML, SAMLP
from samtale_testidp.rejected import Rejected
from samtale_testidp.service_provider import ServiceProvider

_LEVELS = ("Low", "Substantial", "High")
_PROFILES = frozenset({"https://data.gov.dk/eid/Person", "https://data.gov.dk/eid/Professional"})


@dataclass(frozen=True)
class SignInRequest:
    """``levels``: those that are enough; ``acs_url``: where the answer goes."""

    id: str
    acs_url: str
    passive: bool
    force: bool
    levels: frozenset[str]
    relay_state: str | None


def read(query: str, service: ServiceProvider, destination: str) -> SignInRequest:
    """``query``: as it was sent; ``destination``: our own address. Raises :class:`Rejected`."""
    message = redirect.verified(query, "SAMLRequest", service.signing)
    root = message.root
    if root.tag != f"{{{SAMLP}}}AuthnRequest" or root.get("Version") != "2.0" or not root.get("ID"):
        raise Rejected("it is no SAML 2.0 AuthnRequest with an ID")
    if documents.issuer_of(root) != service.entity_id:
        raise Rejected(f"Issuer must be {service.entity_id}, got {documents.issuer_of(root) or 'none'}")
    if root.get("Destination") != destination:
        raise Rejected(f"Destination must be {destination}, got {root.get('Destination')}")
    if root.get("ProtocolBinding", POST) != POST:
        raise Rejected("ProtocolBinding must be HTTP-POST")
    acs_url = root.get("AssertionConsumerServiceURL", service.acs_urls[0])
    if acs_url not in service.acs_urls:
        raise Rejected(f"AssertionConsumerServiceURL must stand in the metadata, got {acs_url}")
    return SignInRequest(
        id=root.get("ID", ""),
        acs_url=acs_url,
        passive=_boolean(root, "IsPassive"),
        force=_boolean(root, "ForceAuthn"),
        levels=_levels(root.find(f"{{{SAMLP}}}RequestedAuthnContext")),
        relay_state=message.relay_state,
    )


def _levels(asked: etree._Element | None) -> frozenset[str]:
    """NSIS levels that are enough. Comparison counts for them only, not for the profile (OIO-SP-06)."""
    if asked is None:
        return frozenset(_LEVELS)
    references = [(one.text or "").strip() for one in asked.findall(f"{{{SAML}}}AuthnContextClassRef")]
    named = [one.removeprefix(f"{NSIS}/") for one in references if one not in _PROFILES]
    unknown = sorted(set(named) - set(_LEVELS))
    if unknown or not references:
        raise Rejected(f"AuthnContextClassRef must be an NSIS level or a profile, got {', '.join(unknown)}")
    comparison = asked.get("Comparison", "exact")
    if comparison not in ("exact", "minimum"):
        raise Rejected(f"Comparison must be exact or minimum, got {comparison}")
    if not named:
        return frozenset(_LEVELS)
    if comparison == "exact":
        return frozenset(named)
    return frozenset(_LEVELS[min(_LEVELS.index(one) for one in named) :])


def _boolean(root: etree._Element, name: str) -> bool:
    value = root.get(name, "false")
    if value not in ("true", "false", "1", "0"):
        raise Rejected(f"{name} must be true or false, got {value}")
    return value in ("true", "1")
