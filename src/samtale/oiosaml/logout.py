"""What a provider says about logging out, once its signature is verified (SAML Core 2.0, section 3.7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from samtale.oiosaml import assertion
from samtale.oiosaml.documents import text_of
from samtale.oiosaml.instants import instant
from samtale.oiosaml.names import SAML, SAMLP, SUCCESS
from samtale.oiosaml.redirect import Message
from samtale.oiosaml.refusal import Refused

STEP = "logout"


@dataclass(frozen=True)
class Address:
    """``issuer``: whom it must come from; ``own``: the address that it must be meant for."""

    issuer: str
    own: str
    now: datetime
    skew: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class LogoutRequest:
    """``name_id`` verbatim. ``session_indexes``: empty means all sessions of the subject."""

    id: str
    name_id: str
    name_id_format: str | None
    session_indexes: tuple[str, ...]


def request_of(message: Message, address: Address) -> LogoutRequest:
    """Raises :class:`Refused`."""
    root = message.root
    if message.kind != "SAMLRequest":
        raise Refused(STEP, "a request was expected")
    _check(root, "LogoutRequest", address)
    ends = root.get("NotOnOrAfter")
    if ends is not None and instant(ends, step=STEP) <= address.now - address.skew:
        raise Refused(STEP, "it is too old")
    names = root.findall(f"{{{SAML}}}NameID")
    if len(names) != 1 or not root.get("ID"):
        raise Refused(STEP, "it must have an id and exactly one NameID")
    indexes = tuple(text_of(one) for one in root.findall(f"{{{SAMLP}}}SessionIndex"))
    return LogoutRequest(root.get("ID", ""), names[0].text or "", names[0].get("Format"), indexes)


def succeeded(message: Message, address: Address, request_id: str) -> bool:
    """Whether the provider ended everything; it may say that others are still signed in (PartialLogout).

    Raises :class:`Refused` when the answer is none to our request.
    """
    if message.kind != "SAMLResponse":
        raise Refused(STEP, "a response was expected")
    _check(message.root, "LogoutResponse", address)
    if message.root.get("InResponseTo") != request_id:
        raise Refused(STEP, "it answers another request")
    codes = [one.get("Value") for one in message.root.iter(f"{{{SAMLP}}}StatusCode")]
    return codes == [SUCCESS]


def _check(root: etree._Element, name: str, address: Address) -> None:
    if root.tag != f"{{{SAMLP}}}{name}" or root.get("Version") != "2.0":
        raise Refused(STEP, f"it is no SAML 2.0 {name}")
    if root.get("Destination") != address.own:
        raise Refused(STEP, "it is meant for another address")
    assertion.check_issuer(root, address.issuer, step=STEP)
    assertion.check_age(root, address.now, address.skew, step=STEP)
