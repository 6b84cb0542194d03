"""Which encryption and which signature goes through: all that the profile has, if a provider may use it."""

from dataclasses import replace
from itertools import product

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from way_in import WayIn

from samtale.oiosaml import algorithms
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, PROFILE, Allowed
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import Provider, Request
from samtale_testidp import answers
from samtale_testidp.answers import Answer, Keys, Sealing, encrypted, form_value, signed
from samtale_testidp.evil.attack import sub
from samtale_testidp.names import DS

BLOCKS = (
    *(algorithms.AES128_GCM, algorithms.AES192_GCM, algorithms.AES256_GCM),
    *(algorithms.AES128_CBC, algorithms.AES256_CBC),
)
DIGESTS = (None, algorithms.SHA1, algorithms.SHA256, algorithms.SHA512)
MASKS = (None, algorithms.MGF1_SHA1, algorithms.MGF1_SHA256, algorithms.MGF1_SHA512)
TRANSPORTS = (
    *((algorithms.RSA_OAEP, digest, mask) for digest, mask in product(DIGESTS, MASKS)),
    *((algorithms.RSA_OAEP_MGF1P, digest, None) for digest in DIGESTS),
)
SEALINGS = [Sealing(block, *transport) for transport, block in product(TRANSPORTS, BLOCKS)]


def named(how: Sealing) -> str:
    return " ".join(
        (name or "-").rpartition("#")[2] for name in (how.transport, how.digest, how.mgf, how.block)
    )


@pytest.fixture
def way_in(request_: Request, provider: Provider, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> WayIn:
    return WayIn(request_, provider, idp_keys, own_key)


def allowing(way_in: WayIn, allowed: Allowed) -> WayIn:
    return replace(way_in, provider=replace(way_in.provider, allowed=allowed))


def refused_at(way_in: WayIn, field: str) -> str:
    with pytest.raises(Refused) as refused:
        way_in.accept(field)
    return refused.value.step


@pytest.mark.parametrize("how", SEALINGS, ids=named)
def test_all_of_the_profile_goes_through_and_only_context_handlers_own_by_itself(
    way_in: WayIn, answer: Answer, how: Sealing
) -> None:
    field = way_in.field(answer, how=how)
    assert allowing(way_in, PROFILE).accept(field).subject.cvr == "55133018"
    if how == answers.CONTEXT_HANDLER_2:
        assert way_in.accept(field).subject.cvr == "55133018"
    else:
        assert refused_at(way_in, field) == "decryption"


WRONG_EVEN_SO = {
    "RSA 1.5": (Sealing(transport=algorithms.RSA_1_5, digest=None, mgf=None), ()),
    "a digest that nobody knows": (Sealing(), (("xmlenc#sha256", "xmlenc#sha3"),)),
    "a mask that nobody knows": (Sealing(), (("#mgf1sha256", "#mgf1md5"),)),
    "a mask that is not stated rightly": (Sealing(mgf=None), (("#rsa-oaep", "#rsa-oaep-mgf1"),)),
    "Triple DES": (Sealing(), (("xmlenc11#aes256-gcm", "xmlenc#tripledes-cbc"),)),
    # Seen from some producers: the older name, where MGF1 is always SHA-1, with SHA-256.
    "the older transport with a newer mask": (
        Sealing(),
        (("http://www.w3.org/2009/xmlenc11#rsa-oaep", algorithms.RSA_OAEP_MGF1P),),
    ),
    "a key for another block": (Sealing(algorithms.AES128_GCM), (("#aes128-gcm", "#aes192-gcm"),)),
    "another mode": (Sealing(algorithms.AES256_CBC), (("xmlenc#aes256-cbc", "xmlenc11#aes256-gcm"),)),
}


@pytest.mark.parametrize(("how", "changes"), WRONG_EVEN_SO.values(), ids=WRONG_EVEN_SO)
def test_what_the_profile_does_not_have_is_refused_whatever_a_provider_may_use(
    way_in: WayIn, answer: Answer, how: Sealing, changes: tuple[tuple[str, str], ...]
) -> None:
    box = encrypted(signed(answer.assertion(), way_in.idp), way_in.own.public_key(), how)
    for old, new in changes:
        assert old in box
        box = box.replace(old, new, 1)
    assert refused_at(allowing(way_in, PROFILE), form_value(answer.response(box))) == "decryption"


SIGNATURES = (
    ("rsa-sha256", "sha256"),
    ("rsa-sha512", "sha256"),
    ("rsa-sha256", "sha512"),
    ("rsa-sha512", "sha512"),
)


@pytest.mark.parametrize(
    ("algorithm", "digest", "fits"),
    [
        *((*each, True) for each in SIGNATURES),
        ("rsa-sha1", "sha256", False),
        ("rsa-sha256", "sha1", False),
        ("rsa-sha384", "sha256", False),
        ("sha256-rsa-MGF1", "sha256", False),
    ],
)
def test_signatures_of_the_profile(
    way_in: WayIn, answer: Answer, algorithm: str, digest: str, fits: bool
) -> None:
    made = signed(answer.assertion(), way_in.idp, algorithm=algorithm, digest=digest)
    field = form_value(answer.response(encrypted(made, way_in.own.public_key())))
    if fits:
        assert allowing(way_in, PROFILE).accept(field).subject.cvr == "55133018"
    else:
        assert refused_at(allowing(way_in, PROFILE), field) == "signature"
    if (algorithm, digest) != SIGNATURES[0]:
        assert refused_at(allowing(way_in, CONTEXT_HANDLER_2), field) == "signature"


#: How producers say which of our keys they have used.
KEY_NAMES = {
    "a certificate": "<ds:X509Data><ds:X509Certificate>QUJD</ds:X509Certificate></ds:X509Data>",
    "an issuer and a number": (
        "<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName>"
        "<ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>"
    ),
    "a subject": "<ds:X509Data><ds:X509SubjectName>CN=x</ds:X509SubjectName></ds:X509Data>",
    "a name": "<ds:KeyName>x</ds:KeyName>",
    "a token as .NET writes it": (
        '<o:SecurityTokenReference xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity'
        '-secext-1.0.xsd"><X509Data xmlns="http://www.w3.org/2000/09/xmldsig#"/></o:SecurityTokenReference>'
    ),
    "a document of the network": '<ds:RetrievalMethod URI="http://127.0.0.1:9/key"/>',
    "a file of the server": '<ds:RetrievalMethod URI="file:///etc/passwd"/>',
    "somebody's key": "<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>",
    "nothing": "",
}


@pytest.mark.parametrize("said", KEY_NAMES.values(), ids=KEY_NAMES)
def test_how_a_key_is_named_does_not_matter(way_in: WayIn, answer: Answer, said: str) -> None:
    """We know our keys, and the metadata the provider's."""
    info = f'<ds:KeyInfo xmlns:ds="{DS}">{said}</ds:KeyInfo>'
    made = sub(r"<ds:KeyInfo>.*</ds:KeyInfo>", info)(signed(answer.assertion(), way_in.idp))
    box = encrypted(made, way_in.own.public_key())
    box = sub(r"(<xenc:EncryptedKey>.*?</xenc:EncryptionMethod>)", rf"\1{info}")(box)
    assert way_in.accept(form_value(answer.response(box))).subject.cvr == "55133018"


def test_no_key_is_named(way_in: WayIn, answer: Answer) -> None:
    made = sub(r"<ds:KeyInfo>.*</ds:KeyInfo>", "")(signed(answer.assertion(), way_in.idp))
    field = form_value(answer.response(encrypted(made, way_in.own.public_key())))
    assert way_in.accept(field).subject.cvr == "55133018"
