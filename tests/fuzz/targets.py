"""What is tried with whatever input: each either refuses it, or gives what somebody really said.

Any exception other than a refusal is a finding, and so is an answer about anybody but the person whom the
provider has signed it about. Keys and the time are always the same, so that an input means the same tomorrow.
"""

import base64
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from certificates import self_signed
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree
from right_answer import ACS, ANNA, EID, IDP, NOW, SP

from samtale.oiosaml import (
    algorithms,
    documents,
    logout,
    messages,
    name_id,
    privileges,
    provider_metadata,
    redirect,
    response,
)
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.plain import Attributes
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import NotSignedIn, Provider, Request, SignedIn
from samtale_testidp.answers import Answer, Keys, encrypted, signed

HERE = Path(__file__).resolve().parent
SLO = "https://os2samtale.example/adgang/saml/slo"
CVRS = frozenset({"55133018"})
REQUEST = Request("_request", ACS, SP, NOW)
ANSWER = Answer(
    issuer=IDP,
    recipient=ACS,
    audience=SP,
    request_id=REQUEST.id,
    person=ANNA,
    now=NOW,
    assertion_id="_assertion",
    session_index="session",
)


def _key(name: str) -> RSAPrivateKey:
    """For these tests only: whoever reads the repository has it."""
    found = serialization.load_pem_private_key((HERE / f"{name}.pem").read_bytes(), None)
    assert isinstance(found, RSAPrivateKey)
    return found


_PRIVATE = _key("provider")
KEYS = Keys(_PRIVATE, self_signed(_PRIVATE, "provider", NOW, 1000))
OWN = _key("service")
PROVIDER = Provider(IDP, [KEYS.pem], CVRS)
#: Another authority's, which speaks plain SAML 2.0 and does not encrypt.
PLAIN = replace(PROVIDER, attributes=Attributes(name=f"{EID}professional/orgName"), encrypted=False)


def accept(field: str, provider: Provider = PROVIDER) -> SignedIn | None:
    """Who signed in; None when nobody did."""
    try:
        return response.accept(field, REQUEST, provider, [OWN], lambda _id, _until: True)
    except (Refused, NotSignedIn):
        return None


def sealed(assertion: bytes) -> str:
    """The form field of a right response with that inside its encryption."""
    box = encrypted(assertion.decode("latin-1"), OWN.public_key())
    return base64.b64encode(ANSWER.response(box).encode("latin-1")).decode()


RIGHT_ASSERTION = signed(ANSWER.assertion(), KEYS)
RIGHT = accept(sealed(RIGHT_ASSERTION.encode()))
assert RIGHT is not None


RIGHT_PLAIN = accept(base64.b64encode(ANSWER.response(RIGHT_ASSERTION).encode()).decode(), PLAIN)
assert RIGHT_PLAIN is not None


def only_who_was_signed(found: SignedIn | None) -> None:
    assert found in (None, RIGHT, RIGHT_PLAIN), f"somebody else than the provider has signed: {found}"


def field(data: bytes) -> None:
    """The form field as a browser sends it."""
    only_who_was_signed(accept(data.decode("latin-1")))


def envelope(data: bytes) -> None:
    """The XML of a response."""
    only_who_was_signed(accept(base64.b64encode(data).decode()))


def unencrypted(data: bytes) -> None:
    """The XML of a response with the assertion as it is."""
    only_who_was_signed(accept(base64.b64encode(data).decode(), PLAIN))


def inside(data: bytes) -> None:
    """What is encrypted with our public key, as everybody can."""
    only_who_was_signed(accept(sealed(data)))


def assertion(data: bytes) -> None:
    """What the provider itself signs, however odd."""
    try:
        made = signed(data.decode(), KEYS)
    except Exception:  # noqa: BLE001  # what no provider could sign
        return
    found = accept(sealed(made.encode()))
    if found is not None:
        assert found.level is not None
        assert found.level >= Level.SUBSTANTIAL
        assert found.claims.cvr == found.subject.cvr
        assert found.subject.cvr in CVRS
        assert name_id.parse(found.statement.name_id) == found.subject


def groups(data: bytes) -> None:
    """The attribute with the privileges."""
    for value in (data.decode("utf-8", "replace"), base64.b64encode(data).decode()):
        try:
            found = privileges.parse(value)
        except Refused:
            continue
        given = privileges.granted(found, cvr="55133018", known_constraints=(), known_privileges=("a",))
        assert all(grant.privilege == "a" and not grant.constraints for grant in given.grants)


def query(data: bytes) -> None:
    """The query string of the redirect binding, as a server hands it over."""
    text = data.decode("latin-1")
    for act in (redirect.claimed_issuer, _received):
        try:
            act(text)
        except Refused:
            continue


def _received(text: str) -> None:
    found = redirect.verified(text, [KEYS.pem], CONTEXT_HANDLER_2)
    assert found.kind == "SAMLRequest"
    assert (etree.tostring(found.root), found.relay_state) == RIGHT_MESSAGE, "nobody has signed this"


def message(data: bytes) -> None:
    """What the provider signs and sends by the redirect binding."""
    value = quote(base64.b64encode(zlib.compress(data, wbits=-15)), safe="")
    for kind in ("SAMLRequest", "SAMLResponse"):
        said = f"{kind}={value}&RelayState=r&SigAlg={quote(algorithms.RSA_SHA256, safe='')}"
        signature = quote(
            base64.b64encode(_PRIVATE.sign(said.encode(), PKCS1v15(), hashes.SHA256())), safe=""
        )
        try:
            found = redirect.verified(f"{said}&Signature={signature}", [KEYS.pem], CONTEXT_HANDLER_2)
            _understood(found)
        except Refused:
            continue


def _understood(found: redirect.Message) -> None:
    """What is read must be fit to be repeated in our own message, as the protocol asks."""
    address = logout.Address(IDP, SLO, NOW)
    if found.kind == "SAMLResponse":
        logout.succeeded(found, address, "_logout")
        return
    wanted = logout.request_of(found, address)
    answer = messages.logout_response(
        message_id="_a", now=NOW, entity_id=SP, destination=SLO, in_response_to=wanted.id
    )
    root = documents.parse(answer.encode(), step="own answer", limit=redirect.LARGEST)
    assert root.get("InResponseTo") == wanted.id


def metadata(data: bytes) -> None:
    """A provider's metadata, with and without a key that must have signed them."""
    for pinned in ((), (KEYS.pem,)):
        try:
            found = provider_metadata.read(data, now=NOW, pinned=pinned, allowed=CONTEXT_HANDLER_2)
        except Refused:
            continue
        assert found.certificates
        assert found.pems
        assert found.certificates_until > NOW


RIGHT_LOGOUT = messages.logout_request(
    message_id="_logout",
    now=NOW,
    entity_id=IDP,
    destination=SLO,
    name_id=ANNA.name_id,
    name_id_format=name_id.FORMAT,
    session_index="session",
)
RIGHT_MESSAGE = (etree.tostring(etree.fromstring(RIGHT_LOGOUT)), "relay")
RIGHT_QUERY = redirect.address("", "SAMLRequest", RIGHT_LOGOUT, "relay", _PRIVATE).removeprefix("?")

Target = Callable[[bytes], None]
#: By name, which is also the folder of the inputs that are kept.
TARGETS: Mapping[str, Target] = {
    each.__name__: each
    for each in (field, envelope, unencrypted, inside, assertion, groups, query, message, metadata)
}


def kept(target: str) -> list[Path]:
    """The inputs of a target that are kept, in order."""
    return sorted((HERE / "corpus" / target).iterdir())
