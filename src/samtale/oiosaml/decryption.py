"""An encrypted assertion opened (XML Encryption 1.1), as bytes.

The bytes are read by the same careful parser as everything else from outside: whoever has our public key can
encrypt whatever they like.
"""

from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers import algorithms as ciphers
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.modes import CBC
from lxml import etree

from samtale.oiosaml import algorithms, documents
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.names import DS, XENC, XENC11
from samtale.oiosaml.refusal import Refused

STEP = "decryption"
_ELEMENT = f"{XENC}Element"
_KEY_BYTES = {
    algorithms.AES128_GCM: 16,
    algorithms.AES192_GCM: 24,
    algorithms.AES256_GCM: 32,
    algorithms.AES128_CBC: 16,
    algorithms.AES256_CBC: 32,
}
_HASHES: dict[str, type[hashes.SHA1 | hashes.SHA256 | hashes.SHA512]] = {
    algorithms.SHA1: hashes.SHA1,
    algorithms.SHA256: hashes.SHA256,
    algorithms.SHA512: hashes.SHA512,
    algorithms.MGF1_SHA1: hashes.SHA1,
    algorithms.MGF1_SHA256: hashes.SHA256,
    algorithms.MGF1_SHA512: hashes.SHA512,
}
_NONCE, _TAG, _BLOCK = 12, 16, 16


def open_assertion(encrypted: etree._Element, keys: Sequence[RSAPrivateKey], allowed: Allowed) -> bytes:
    """``encrypted``: an EncryptedAssertion. ``keys``: the current one first, then the one before it.

    The EncryptedKey may lie in the EncryptedData's KeyInfo or beside it; what else KeyInfo holds does not
    matter, since we know our keys. Raises :class:`Refused` for an algorithm that is not ``allowed``, and,
    without saying which part failed, for what none of the keys opens.
    """
    data = _one(encrypted, f"{{{XENC}}}EncryptedData")
    if data.get("Type", _ELEMENT) != _ELEMENT:
        raise Refused(STEP, "it is not an element that was encrypted")
    block = _method(data, allowed.blocks, _KEY_BYTES)
    key_element = _one(encrypted, f"{{{XENC}}}EncryptedKey")
    transport = _transport(key_element, allowed)
    wrapped, content = _cipher_value(key_element), _cipher_value(data)
    for key in keys:
        try:
            return _decrypted(block, key.decrypt(wrapped, transport), content)
        except (ValueError, InvalidTag):
            continue
    raise Refused(STEP, "none of our keys opens it")


def _transport(key_element: etree._Element, allowed: Allowed) -> rsa_padding.AsymmetricPadding:
    known = (algorithms.RSA_OAEP, algorithms.RSA_OAEP_MGF1P, algorithms.RSA_1_5)
    name = _method(key_element, allowed.key_transports, known)
    if name == algorithms.RSA_1_5:
        return rsa_padding.PKCS1v15()
    method = _one(key_element, f"{{{XENC}}}EncryptionMethod")
    if method.find(f"{{{XENC}}}OAEPparams") is not None:
        raise Refused(STEP, "OAEP parameters are not used in the profile")
    digest = _digest(method.find(f"{{{DS}}}DigestMethod"), algorithms.SHA1, allowed)
    mask = algorithms.MGF1_SHA1
    if name == algorithms.RSA_OAEP:
        mask = _digest(method.find(f"{{{XENC11}}}MGF"), algorithms.MGF1_SHA1, allowed)
    return rsa_padding.OAEP(rsa_padding.MGF1(_HASHES[mask]()), _HASHES[digest](), None)


def _digest(element: etree._Element | None, default: str, allowed: Allowed) -> str:
    name = default if element is None else element.get("Algorithm", "")
    if name not in allowed.key_digests or name not in _HASHES:
        raise Refused(STEP, "a digest of the key transport is not allowed")
    return name


def _decrypted(block: str, key: bytes, content: bytes) -> bytes:
    if len(key) != _KEY_BYTES[block]:
        raise ValueError("the key has another length than its algorithm")
    if block in {algorithms.AES128_CBC, algorithms.AES256_CBC}:
        decryptor = Cipher(ciphers.AES(key), CBC(content[:_BLOCK])).decryptor()
        padded = decryptor.update(content[_BLOCK:]) + decryptor.finalize()
        # XML Encryption, section 5.2: the last byte counts the padding, the others may be anything.
        filled = padded[-1] if padded else 0
        if not 1 <= filled <= min(_BLOCK, len(padded)):
            raise ValueError("padding")
        return padded[:-filled]
    if len(content) < _NONCE + _TAG:
        raise ValueError("too short")
    return AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], None)


def _method(element: etree._Element, allowed: frozenset[str], known: Sequence[str] | dict[str, int]) -> str:
    methods = element.findall(f"{{{XENC}}}EncryptionMethod")
    name = methods[0].get("Algorithm", "") if len(methods) == 1 else ""
    if name not in allowed or name not in known:
        raise Refused(STEP, "an encryption algorithm is not allowed")
    return name


def _cipher_value(element: etree._Element) -> bytes:
    values = element.findall(f"{{{XENC}}}CipherData/{{{XENC}}}CipherValue")
    if len(values) != 1:
        raise Refused(STEP, "a CipherValue is missing")
    return documents.unbase64(values[0].text or "", Refused(STEP, "a CipherValue is not base64"))


def _one(parent: etree._Element, tag: str) -> etree._Element:
    found = list(parent.iter(tag))
    if len(found) != 1:
        raise Refused(STEP, f"there must be exactly one {etree.QName(tag).localname}")
    return found[0]
