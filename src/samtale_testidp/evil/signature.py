"""The assertion's signature is missing, somebody else's, of another kind, or not over what is read."""

import base64
import re

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree
from signxml.algorithms import SignatureConstructionMethod
from signxml.signer import XMLSigner

from samtale_testidp.answers import PLACE, Keys, form_value
from samtale_testidp.evil.attack import Attack, Scene, changed, sub, twice

_SIGNATURE = "<ds:Signature.*</ds:Signature>"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"


def _unsigned(scene: Scene) -> str:
    return form_value(scene.answer.response(scene.sealed(scene.answer.assertion().replace(PLACE, ""))))


def _forged(scene: Scene) -> str:
    return form_value(scene.answer.response(scene.sealed(scene.forged_assertion())))


def _by_stranger(scene: Scene) -> str:
    return scene.send(scene.answer.but(person=scene.victim), keys=scene.stranger)


def _with_our_certificate(scene: Scene) -> str:
    mixed = Keys(scene.stranger.private, scene.keys.certificate)
    return scene.send(scene.answer.but(person=scene.victim), keys=mixed)


def _by_stranger_saying(scene: Scene, key_info: str) -> str:
    return scene.send(
        scene.answer.but(person=scene.victim),
        keys=scene.stranger,
        after_signing=sub("<ds:KeyInfo>.*</ds:KeyInfo>", f"<ds:KeyInfo>{key_info}</ds:KeyInfo>"),
    )


def _with_strangers_key(scene: Scene) -> str:
    numbers = scene.stranger.private.public_key().public_numbers()
    modulus, exponent = (
        base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode()
        for number in (numbers.n, numbers.e)
    )
    return _by_stranger_saying(
        scene,
        f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus>"
        f"<ds:Exponent>{exponent}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
    )


def _by_hmac(scene: Scene) -> str:
    """For who takes the key of the metadata for whatever algorithm the answer names."""
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm="hmac-sha256",
        c14n_algorithm=_EXCLUSIVE,
    )
    public = scene.keys.certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    root = etree.fromstring(scene.answer.but(person=scene.victim).assertion())
    made = etree.tostring(signer.sign(root, key=public, reference_uri=root.get("ID"))).decode()
    return form_value(scene.answer.response(scene.sealed(made)))


def _other_name(scene: Scene) -> str:
    """The attacker's name becomes the victim's, after the provider has signed."""
    return scene.send(
        after_signing=lambda text: text.replace(scene.answer.person.name_id, scene.victim.name_id)
    )


def _same_id_inside(text: str) -> str:
    own = re.findall(' ID="([^"]*)"', text)[0]
    return sub("</saml:Assertion>", f'<saml:Advice Id="{own}"/></saml:Assertion>')(text)


ATTACKS = (
    Attack("unsigned", "Ingen underskrift", "No signature", _unsigned),
    Attack("forged", "Falsk udsagn uden underskrift", "A forged assertion without a signature", _forged),
    Attack(
        "by-stranger",
        "Underskrevet af en fremmed, med den fremmedes certifikat",
        "Signed by a stranger, with the stranger's certificate",
        _by_stranger,
    ),
    Attack(
        "by-stranger-with-our-certificate",
        "Underskrevet af en fremmed, med udbyderens certifikat",
        "Signed by a stranger, with the provider's certificate",
        _with_our_certificate,
    ),
    Attack(
        "by-stranger-with-key",
        "Underskrevet af en fremmed, hvis nøgle står i underskriften",
        "Signed by a stranger whose key stands in the signature",
        _with_strangers_key,
    ),
    Attack(
        "by-stranger-with-address",
        "Underskrevet af en fremmed, hvis nøgle skal hentes på en adresse",
        "Signed by a stranger whose key is to be fetched from an address",
        lambda scene: _by_stranger_saying(scene, '<ds:RetrievalMethod URI="http://127.0.0.1:9/key"/>'),
    ),
    Attack(
        "other-person",
        "Personen er skiftet ud efter underskriften",
        "The person was changed after signing",
        _other_name,
    ),
    changed(
        "other-level",
        "Sikringsniveauet er hævet efter underskriften",
        "The level of assurance was raised after signing",
        after_signing=lambda text: text.replace("Substantial", "High"),
    ),
    changed("rsa-sha1", "Underskrevet med SHA-1", "Signed with SHA-1", algorithm="rsa-sha1"),
    changed("digest-sha1", "Fingeraftryk med SHA-1", "A digest with SHA-1", digest="sha1"),
    changed(
        "rsa-sha512",
        "Underskrevet med SHA-512, som ikke er aftalt",
        "Signed with SHA-512, which is not agreed on",
        algorithm="rsa-sha512",
    ),
    changed(
        "digest-sha512",
        "Fingeraftryk med SHA-512, som ikke er aftalt",
        "A digest with SHA-512, which is not agreed on",
        digest="sha512",
    ),
    changed(
        "rsa-pss",
        "Underskrevet med RSASSA-PSS, som ikke er aftalt",
        "Signed with RSASSA-PSS, which is not agreed on",
        algorithm="sha256-rsa-MGF1",
    ),
    Attack(
        "hmac",
        "HMAC med udbyderens offentlige nøgle som hemmelighed",
        "HMAC with the provider's public key as the secret",
        _by_hmac,
    ),
    changed("two-signatures", "To underskrifter", "Two signatures", after_signing=twice(_SIGNATURE)),
    changed(
        "object-in-signature",
        "Et Object i underskriften",
        "An Object in the signature",
        after_signing=sub("</ds:Signature>", "<ds:Object/></ds:Signature>"),
    ),
    changed(
        "reference-to-document",
        "Underskriften peger på hele dokumentet",
        "The signature refers to the whole document",
        after_signing=sub('URI="#[^"]*"', 'URI=""'),
    ),
    changed(
        "reference-elsewhere",
        "Underskriften peger på noget andet",
        "The signature refers to something else",
        after_signing=sub('URI="#[^"]*"', 'URI="#other"'),
    ),
    changed(
        "reference-to-file",
        "Underskriften peger på en fil på serveren",
        "The signature refers to a file of the server",
        after_signing=sub('URI="#[^"]*"', 'URI="file:///etc/passwd"'),
    ),
    changed(
        "reference-by-xpointer",
        "Underskriften peger med XPointer",
        "The signature refers by XPointer",
        after_signing=sub('URI="#([^"]*)"', r"""URI="#xpointer(id('\1'))\""""),
    ),
    changed(
        "no-reference",
        "Underskriften peger ikke på noget",
        "The signature refers to nothing",
        after_signing=sub("<ds:Reference.*</ds:Reference>", ""),
    ),
    changed(
        "empty-digest",
        "Fingeraftrykket er tomt",
        "The digest is empty",
        after_signing=sub("<ds:DigestValue>[^<]*<", "<ds:DigestValue><"),
    ),
    changed(
        "empty-value",
        "Underskriften er tom",
        "The signature is empty",
        after_signing=sub("<ds:SignatureValue>[^<]*<", "<ds:SignatureValue><"),
    ),
    changed(
        "two-references",
        "Underskriften peger to steder hen",
        "The signature refers to two places",
        after_signing=twice("<ds:Reference.*</ds:Reference>"),
    ),
    changed(
        "canonical-with-comments",
        "Kommentarer tæller med i underskriften",
        "Comments count in the signature",
        after_signing=sub(
            f'<ds:CanonicalizationMethod Algorithm="{_EXCLUSIVE}"',
            f'<ds:CanonicalizationMethod Algorithm="{_EXCLUSIVE}WithComments"',
        ),
    ),
    changed(
        "xslt",
        "Et program (XSLT) i underskriften",
        "A program (XSLT) in the signature",
        after_signing=sub(
            f'<ds:Transform Algorithm="{_ENVELOPED}"',
            '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
        ),
    ),
    changed(
        "xpath",
        "En XPath i underskriften, der udelader personen",
        "An XPath in the signature that leaves the person out",
        after_signing=sub(
            f'<ds:Transform Algorithm="{_EXCLUSIVE}"',
            '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"',
        ),
    ),
    changed(
        "duplicate-id",
        "To elementer med samme id",
        "Two elements with the same id",
        after_signing=_same_id_inside,
    ),
)
