"""An identity provider's answer to a request of ours, from the form field to what is known of the person.

The only accepted way in. Each step is a function; the order is what makes them safe: nothing inside the
assertion is looked at before its signature, and nothing outside it afterwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree

from samtale.oiosaml import (
    assertion,
    assurance,
    claims,
    decryption,
    documents,
    name_id,
    plain,
    privileges,
    signatures,
)
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, Allowed
from samtale.oiosaml.assertion import Expected, Statement
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.claims import Claims
from samtale.oiosaml.name_id import Subject
from samtale.oiosaml.names import SAML, SAMLP, SUCCESS
from samtale.oiosaml.plain import Attributes
from samtale.oiosaml.privileges import Group
from samtale.oiosaml.refusal import Refused

STEP = "response"
#: Characters of the form field. An answer with a hundred privileges has some 60,000.
LARGEST = 512 * 1024


class NotSignedIn(Exception):
    """The provider says that nobody was signed in; no attack. ``status``: the innermost code's last part.

    NoPassive: there is no session there. AuthnFailed, RequestDenied: the person gave up, or may not.
    """

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Provider:
    """An identity provider. ``certificates``: PEM, all that its metadata names for signing.

    ``cvrs``: the organisations that it may speak for, None: any. ``accept_old_level``: AssuranceLevel counts
    where no NSIS level is stated. ``attributes``, ``encrypted``: as in `conf.ProviderSettings`.
    """

    entity_id: str
    certificates: Sequence[bytes]
    cvrs: frozenset[str] | None
    allowed: Allowed = CONTEXT_HANDLER_2
    least_level: Level = Level.SUBSTANTIAL
    accept_old_level: bool = False
    attributes: Attributes | None = None
    encrypted: bool = True


@dataclass(frozen=True)
class Request:
    """The request of ours that the browser remembers, and what we are."""

    id: str
    acs_url: str
    entity_id: str
    now: datetime


@dataclass(frozen=True)
class SignedIn:
    """Somebody, as the provider knows them. ``level``: None from a provider that speaks plain SAML 2.0."""

    subject: Subject
    claims: Claims
    level: Level | None
    groups: tuple[Group, ...]
    statement: Statement


def accept(
    field: str,
    request: Request,
    provider: Provider,
    keys: Sequence[RSAPrivateKey],
    remember: Callable[[str, datetime], bool],
) -> SignedIn:
    """``field``: SAMLResponse. ``keys``: ours for decryption, current and previous.

    ``remember``: notes an assertion's id until the given time; False when it was noted before.
    Raises :class:`Refused` and :class:`NotSignedIn`.
    """
    root = documents.parse(decoded(field), step=STEP, limit=LARGEST)
    check_envelope(root, request, provider)
    check_status(root)
    if provider.encrypted:
        opened = decryption.open_assertion(only_encrypted_assertion(root), keys, provider.allowed)
    else:
        opened = only_plain_assertion(root)
    verified = documents.parse(opened, step=assertion.STEP, limit=LARGEST)
    signatures.verify(verified, provider.certificates, provider.allowed)
    expected = Expected(provider.entity_id, request.entity_id, request.acs_url, request.id, request.now)
    statement = assertion.read(verified, expected)
    # However long it says that it holds, it counts as made just now only for as long as clocks may differ.
    until = min(statement.valid_until, request.now + expected.skew) + expected.skew
    if not remember(statement.assertion_id, until):
        raise Refused("replay", "the assertion was used before")
    return _understood(statement, provider)


def decoded(field: str) -> bytes:
    """Base64 to bytes; the size is looked at before anything else."""
    if len(field) > LARGEST:
        raise Refused(STEP, f"{len(field)} characters, at most {LARGEST} are read")
    return documents.unbase64(field, Refused(STEP, "it is not base64"))


def check_envelope(root: etree._Element, request: Request, provider: Provider) -> None:
    """That the answer is one to this request, sent here, by this provider, just now."""
    if root.tag != f"{{{SAMLP}}}Response" or root.get("Version") != "2.0":
        raise Refused(STEP, "it is no SAML 2.0 response")
    if root.get("Destination") != request.acs_url:
        raise Refused(STEP, "it is meant for another address")
    assertion.check_issuer(root, provider.entity_id, step=STEP)
    if root.get("InResponseTo") != request.id:
        raise Refused(STEP, "it answers another request")
    assertion.check_age(root, request.now, Expected.skew, step=STEP)


def check_status(root: etree._Element) -> None:
    """Raises :class:`NotSignedIn` unless it is Success."""
    status = root.findall(f"{{{SAMLP}}}Status")
    if len(status) != 1:
        raise Refused(STEP, "there must be exactly one status")
    codes = [one.get("Value", "") for one in status[0].iter(f"{{{SAMLP}}}StatusCode")]
    if not codes:
        raise Refused(STEP, "its status has no code")
    if codes != [SUCCESS]:
        raise NotSignedIn(codes[-1].rpartition(":")[2][:64])


def only_encrypted_assertion(root: etree._Element) -> etree._Element:
    """The one there is, directly in the response; no plain one is anywhere."""
    encrypted = list(root.iter(f"{{{SAML}}}EncryptedAssertion"))
    if len(encrypted) != 1 or encrypted[0].getparent() is not root:
        raise Refused(STEP, "there must be exactly one EncryptedAssertion, directly in it")
    if next(root.iter(f"{{{SAML}}}Assertion"), None) is not None:
        raise Refused(STEP, "there must be no plain assertion")
    return encrypted[0]


def only_plain_assertion(root: etree._Element) -> bytes:
    """The one there is, directly in the response, as a document of its own: what lies around it is gone."""
    if next(root.iter(f"{{{SAML}}}EncryptedAssertion"), None) is not None:
        raise Refused(STEP, "there must be no encrypted assertion")
    found = list(root.iter(f"{{{SAML}}}Assertion"))
    if len(found) != 1 or found[0].getparent() is not root:
        raise Refused(STEP, "there must be exactly one Assertion, directly in it")
    return etree.tostring(found[0], with_tail=False)


def _understood(statement: Statement, provider: Provider) -> SignedIn:
    if provider.attributes is not None:
        person = plain.read(statement, provider.attributes, provider.cvrs or frozenset())
        if person is None:
            raise NotSignedIn("RequestDenied")
        return SignedIn(*person, level=None, groups=(), statement=statement)
    known = claims.read(statement.attributes)
    level = assurance.level(
        attribute=known.nsis_level,
        context=statement.context,
        old=known.assurance_level,
        accept_old=provider.accept_old_level,
    )
    assurance.demand(level, provider.least_level)
    claims.check_versions(known, kombit=True)
    if statement.name_id_format != name_id.FORMAT:
        raise Refused(name_id.STEP, "its format is not that of an X.509 subject name")
    subject = name_id.parse(statement.name_id)
    if subject.cvr != known.cvr:
        raise Refused("CVR", "the subject's organisation is not that of the attributes")
    if provider.cvrs is not None and subject.cvr not in provider.cvrs:
        raise Refused("CVR", "the provider may not speak for this organisation")
    return SignedIn(subject, known, level, privileges.parse(known.privileges), statement)
