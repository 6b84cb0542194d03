"""What a verified assertion says, and whether it is for us and for now (SAML Core 2.0, section 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from samtale.oiosaml.documents import text_of
from samtale.oiosaml.instants import instant
from samtale.oiosaml.names import SAML
from samtale.oiosaml.refusal import Refused

STEP = "assertion"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
ENTITY_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
#: Conditions that ask nothing of us that we do not do anyway.
_KEPT_CONDITIONS = frozenset({"AudienceRestriction", "OneTimeUse"})


@dataclass(frozen=True)
class Expected:
    """What an assertion must be about. ``skew``: how far two clocks may be apart."""

    issuer: str
    audience: str
    recipient: str
    request_id: str
    now: datetime
    skew: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Statement:
    """``name_id`` is kept verbatim for the logout; after ``valid_until`` the assertion is refused anyway."""

    assertion_id: str
    name_id: str
    name_id_format: str | None
    session_index: str | None
    context: str | None
    authority: str | None
    attributes: tuple[tuple[str, tuple[str, ...]], ...]
    valid_until: datetime


def read(root: etree._Element, expected: Expected) -> Statement:
    """``root``: the assertion whose signature was verified. Raises :class:`Refused`."""
    if root.tag != f"{{{SAML}}}Assertion" or root.get("Version") != "2.0" or not root.get("ID"):
        raise Refused(STEP, "it is no SAML 2.0 assertion with an id")
    check_issuer(root, expected.issuer, step=STEP)
    check_age(root, expected.now, expected.skew, step=STEP)
    ends = [_conditions(_one(root, "Conditions"), expected)]
    subject = _one(root, "Subject")
    name_id = _one(subject, "NameID")
    ends.append(_confirmed_until(subject, expected))
    authenticated = _one(root, "AuthnStatement")
    session_ends = authenticated.get("SessionNotOnOrAfter")
    if session_ends is not None and instant(session_ends, step=STEP) <= expected.now - expected.skew:
        raise Refused(STEP, "the session at the identity provider is over")
    contexts = list(authenticated.iter(f"{{{SAML}}}AuthnContextClassRef"))
    authorities = list(authenticated.iter(f"{{{SAML}}}AuthenticatingAuthority"))
    return Statement(
        assertion_id=root.get("ID", ""),
        name_id=name_id.text or "",
        name_id_format=name_id.get("Format"),
        session_index=authenticated.get("SessionIndex"),
        context=text_of(contexts[0]) if len(contexts) == 1 else None,
        authority=text_of(authorities[0]) if authorities else None,
        attributes=tuple(_attributes(_one(root, "AttributeStatement"))),
        valid_until=min(ends),
    )


def check_issuer(root: etree._Element, issuer: str, *, step: str) -> None:
    """Exactly this entity; Format absent or entity (Web Browser SSO Profile, section 4.1.4.2)."""
    said = root.findall(f"{{{SAML}}}Issuer")
    if len(said) != 1 or text_of(said[0]) != issuer or said[0].get("Format", ENTITY_FORMAT) != ENTITY_FORMAT:
        raise Refused(step, "it is from another issuer")


def check_age(root: etree._Element, now: datetime, skew: timedelta, *, step: str) -> None:
    """Made just now, give or take what clocks differ by."""
    made = instant(root.get("IssueInstant", ""), step=step)
    if abs(now - made) > skew:
        raise Refused(step, "it was not made just now")


def _conditions(conditions: etree._Element, expected: Expected) -> datetime:
    for child in conditions:
        if etree.QName(child).namespace != SAML or etree.QName(child).localname not in _KEPT_CONDITIONS:
            raise Refused(STEP, "it has a condition that is not known")
    begins = conditions.get("NotBefore")
    if begins is not None and instant(begins, step=STEP) > expected.now + expected.skew:
        raise Refused(STEP, "it does not hold yet")
    ends = _still_valid(conditions, expected)
    audiences = conditions.findall(f"{{{SAML}}}AudienceRestriction")
    if not audiences or not all(_is_for(one, expected.audience) for one in audiences):
        raise Refused(STEP, "it is for another audience")
    return ends


def _is_for(restriction: etree._Element, audience: str) -> bool:
    return audience in [text_of(one) for one in restriction.findall(f"{{{SAML}}}Audience")]


def _confirmed_until(subject: etree._Element, expected: Expected) -> datetime:
    """One bearer confirmation that fits is enough (Web Browser SSO Profile, section 4.1.4.3)."""
    reason = Refused(STEP, "it has no bearer confirmation")
    for confirmation in subject.findall(f"{{{SAML}}}SubjectConfirmation"):
        if confirmation.get("Method") != BEARER:
            continue
        try:
            return _confirmation(_one(confirmation, "SubjectConfirmationData"), expected)
        except Refused as refused:
            reason = refused
    raise reason


def _confirmation(data: etree._Element, expected: Expected) -> datetime:
    if data.get("Recipient") != expected.recipient:
        raise Refused(STEP, "it is for another recipient")
    if data.get("InResponseTo") != expected.request_id:
        raise Refused(STEP, "it answers another request")
    if data.get("NotBefore") is not None:
        raise Refused(STEP, "a bearer confirmation must not have NotBefore")
    return _still_valid(data, expected)


def _still_valid(element: etree._Element, expected: Expected) -> datetime:
    ends = instant(element.get("NotOnOrAfter", ""), step=STEP)
    if ends <= expected.now - expected.skew:
        raise Refused(STEP, "it is too old")
    return ends


def _attributes(statement: etree._Element) -> Iterable[tuple[str, tuple[str, ...]]]:
    for attribute in statement.findall(f"{{{SAML}}}Attribute"):
        values = attribute.findall(f"{{{SAML}}}AttributeValue")
        yield attribute.get("Name", ""), tuple(text_of(value) for value in values if not len(value))


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(f"{{{SAML}}}{name}")
    if len(found) != 1:
        raise Refused(STEP, f"there must be exactly one {name}")
    return found[0]
