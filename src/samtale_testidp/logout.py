"""Logging out, whoever begins with it (SAML Core 2.0, section 3.7)."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from samtale_testidp import documents, keys, redirect
from samtale_testidp.answers import NAME_ID_FORMAT
from samtale_testidp.names import SAML, SAMLP, STATUS
from samtale_testidp.provider import Provider
from samtale_testidp.rejected import Rejected
from samtale_testidp.sessions import Session


class Signing(StrEnum):
    """How a LogoutRequest of ours is signed; the service provider may believe one of them only."""

    RIGHT = "right"
    NONE = "none"
    STRANGER = "stranger"


def answered(provider: Provider, query: str) -> str:
    """Do what a service provider's LogoutRequest asks for.

    Returns:
        Where the browser goes with our answer.

    Raises:
        Rejected, Unreachable: nothing has changed.
    """
    service = provider.service.current()
    message = redirect.verified(query, "SAMLRequest", service.signing)
    _check(message.root, "LogoutRequest", service.entity_id, provider.slo_url)
    names = message.root.findall(f"{{{SAML}}}NameID")
    if len(names) != 1:
        raise Rejected("a LogoutRequest must have exactly one NameID")
    indexes = tuple((one.text or "").strip() for one in message.root.findall(f"{{{SAMLP}}}SessionIndex"))
    known = provider.sessions.end_all(names[0].text or "", indexes)
    code = f'<samlp:StatusCode Value="{STATUS}Success"/>'
    if not known:
        inner = f'<samlp:StatusCode Value="{STATUS}UnknownPrincipal"/>'
        code = f'<samlp:StatusCode Value="{STATUS}Requester">{inner}</samlp:StatusCode>'
    answer = _message(
        "LogoutResponse",
        _new_id(),
        provider.entity_id,
        service.slo_answer_url,
        f"<samlp:Status>{code}</samlp:Status>",
        in_response_to=message.root.get("ID"),
    )
    return redirect.address(
        service.slo_answer_url, "SAMLResponse", answer, message.relay_state, provider.keys.private
    )


def everywhere(provider: Provider, session: Session, *, signing: Signing, lower_case: bool) -> str:
    """Ask the service provider to end what began with a session of ours.

    Returns:
        Where the browser goes with our request.

    Raises:
        Unreachable: see there.
    """
    service = provider.service.current()
    request_id = _new_id()
    request = _message(
        "LogoutRequest",
        request_id,
        provider.entity_id,
        service.slo_url,
        f'<saml:NameID Format="{NAME_ID_FORMAT}">{escape(session.employee.name_id)}</saml:NameID>'
        f"<samlp:SessionIndex>{escape(session.index)}</samlp:SessionIndex>",
    )
    key = {Signing.RIGHT: provider.keys.private, Signing.STRANGER: keys.strangers().private}.get(signing)
    if signing is Signing.RIGHT:
        with provider.lock:
            provider.asked.add(request_id)
    return redirect.address(
        service.slo_url, "SAMLRequest", request, secrets.token_urlsafe(16), key, lower_case=lower_case
    )


def finished(provider: Provider, query: str) -> bool:
    """Read the service provider's answer to our request: whether it has ended everything.

    Raises:
        Rejected, Unreachable: it is no answer to a request of ours.
    """
    service = provider.service.current()
    root = redirect.verified(query, "SAMLResponse", service.signing).root
    _check(root, "LogoutResponse", service.entity_id, provider.slo_answer_url)
    with provider.lock:
        if root.get("InResponseTo") not in provider.asked:
            raise Rejected("it answers no request of ours, or was there before")
        provider.asked.discard(root.get("InResponseTo", ""))
    codes = [one.get("Value") for one in root.iter(f"{{{SAMLP}}}StatusCode")]
    return codes == [f"{STATUS}Success"]


def _check(root: etree._Element, name: str, issuer: str, own: str) -> None:
    if root.tag != f"{{{SAMLP}}}{name}" or root.get("Version") != "2.0" or not root.get("ID"):
        raise Rejected(f"it is no SAML 2.0 {name} with an ID")
    if documents.issuer_of(root) != issuer:
        raise Rejected(f"Issuer must be {issuer}, got {documents.issuer_of(root) or 'none'}")
    if root.get("Destination") != own:
        raise Rejected(f"Destination must be {own}, got {root.get('Destination')}")


def _message(
    name: str,
    message_id: str,
    issuer: str,
    destination: str,
    content: str,
    *,
    in_response_to: str | None = None,
) -> str:
    answers = f" InResponseTo={quoteattr(in_response_to)}" if in_response_to is not None else ""
    return (
        f'<samlp:{name} xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="{message_id}" Version="2.0" '
        f'IssueInstant="{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}" Destination={quoteattr(destination)}'
        f"{answers}><saml:Issuer>{escape(issuer)}</saml:Issuer>{content}</samlp:{name}>"
    )


def _new_id() -> str:
    return f"_{secrets.token_hex(16)}"
