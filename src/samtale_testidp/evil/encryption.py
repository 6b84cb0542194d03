"""The encryption is not Context Handler 2's, or is broken."""

import base64
import re

from cryptography.hazmat.primitives.asymmetric import rsa

from samtale_testidp.answers import Sealing, encrypted, form_value
from samtale_testidp.evil.attack import Attack, Scene, changed, sub, twice
from samtale_testidp.names import DS

_XENC = "http://www.w3.org/2001/04/xmlenc#"
_XENC11 = "http://www.w3.org/2009/xmlenc11#"
_KEY = "<xenc:EncryptedKey>.*</xenc:EncryptedKey>"
_LAST_VALUE = "(.*<xenc:CipherValue>)([^<]*)"


def _for_somebody_else(scene: Scene) -> str:
    other = rsa.generate_private_key(65537, 2048).public_key()
    return form_value(scene.answer.response(encrypted(scene.signed_assertion(), other, scene.how)))


def _flipped(text: str) -> str:
    """One bit of the content, where GCM must notice it."""
    head, _, tail = text.rpartition("<xenc:CipherValue>")
    value, _, end = tail.partition("<")
    content = bytearray(base64.b64decode(value))
    content[len(content) // 2] ^= 1
    return f"{head}<xenc:CipherValue>{base64.b64encode(content).decode()}<{end}"


def _key_in_extensions(text: str) -> str:
    key = re.findall(_KEY, text)[0]
    names = f' xmlns:xenc="{_XENC}" xmlns:ds="{DS}"'
    key_there = key.replace("<xenc:EncryptedKey", f"<xenc:EncryptedKey{names}", 1)
    without = text.replace(key, "")
    return sub("<samlp:Status>", f"<samlp:Extensions>{key_there}</samlp:Extensions><samlp:Status>")(without)


ATTACKS = (
    changed(
        "rsa-1-5",
        "Nøglen er krypteret med RSA 1.5 (Bleichenbacher)",
        "The key is encrypted with RSA 1.5 (Bleichenbacher)",
        how=Sealing(transport=f"{_XENC}rsa-1_5", digest=None, mgf=None),
    ),
    changed(
        "oaep-mgf1p",
        "Nøglen er krypteret med ældre RSA-OAEP",
        "The key is encrypted with the older RSA-OAEP",
        how=Sealing(transport=f"{_XENC}rsa-oaep-mgf1p", mgf=None),
    ),
    changed(
        "oaep-sha1",
        "RSA-OAEP med SHA-1",
        "RSA-OAEP with SHA-1",
        how=Sealing(digest="http://www.w3.org/2000/09/xmldsig#sha1"),
    ),
    changed("mgf1-sha1", "MGF1 med SHA-1", "MGF1 with SHA-1", how=Sealing(mgf=f"{_XENC11}mgf1sha1")),
    changed("mgf1-not-stated", "MGF1 er ikke nævnt", "MGF1 is not stated", how=Sealing(mgf=None)),
    changed(
        "unknown-transport",
        "Nøglen er krypteret med noget, ingen kender",
        "The key is encrypted with something that nobody knows",
        sealed=sub("xmlenc11#rsa-oaep", "nothing#rsa"),
    ),
    changed(
        "triple-des", "Triple DES", "Triple DES", sealed=sub("xmlenc11#aes256-gcm", "xmlenc#tripledes-cbc")
    ),
    changed("aes128-cbc", "AES-128-CBC", "AES-128-CBC", how=Sealing(block=f"{_XENC}aes128-cbc")),
    changed(
        "aes256-cbc",
        "AES-256-CBC, som kan gættes byte for byte",
        "AES-256-CBC, which can be guessed byte by byte",
        how=Sealing(block=f"{_XENC}aes256-cbc"),
    ),
    changed("aes128-gcm", "AES-128-GCM", "AES-128-GCM", how=Sealing(block=f"{_XENC11}aes128-gcm")),
    changed("aes192-gcm", "AES-192-GCM", "AES-192-GCM", how=Sealing(block=f"{_XENC11}aes192-gcm")),
    changed(
        "key-of-another-length",
        "En nøgle på 128 bit, hvor der står 256",
        "A key of 128 bits where 256 are stated",
        how=Sealing(block=f"{_XENC11}aes128-gcm"),
        sealed=sub("#aes128-gcm", "#aes256-gcm"),
    ),
    changed(
        "oaep-parameters",
        "RSA-OAEP med parametre",
        "RSA-OAEP with parameters",
        sealed=sub("<ds:DigestMethod", "<xenc:OAEPparams>QQ==</xenc:OAEPparams><ds:DigestMethod"),
    ),
    changed(
        "encrypted-content",
        "Kun indholdet er krypteret, ikke elementet",
        "Only the content is encrypted, not the element",
        sealed=sub("xmlenc#Element", "xmlenc#Content"),
    ),
    changed("two-keys", "To krypterede nøgler", "Two encrypted keys", sealed=twice(_KEY)),
    changed("no-key", "Ingen krypteret nøgle", "No encrypted key", sealed=sub(_KEY, "")),
    changed(
        "no-cipher-value",
        "Den krypterede nøgle er tom",
        "The encrypted key is empty",
        sealed=sub("<xenc:CipherValue>[^<]*</xenc:CipherValue>", ""),
    ),
    changed(
        "cipher-reference",
        "Den krypterede nøgle skal hentes på en adresse",
        "The encrypted key is to be fetched from an address",
        sealed=sub(
            "<xenc:CipherValue>[^<]*</xenc:CipherValue>", '<xenc:CipherReference URI="http://127.0.0.1:9/"/>'
        ),
    ),
    changed(
        "key-elsewhere",
        "Den krypterede nøgle skal hentes i en fil på serveren",
        "The encrypted key is to be read from a file of the server",
        sealed=sub(_KEY, f'<ds:RetrievalMethod Type="{_XENC}EncryptedKey" URI="file:///etc/passwd"/>'),
    ),
    changed(
        "key-in-extensions",
        "Den krypterede nøgle ligger i Extensions",
        "The encrypted key lies in Extensions",
        envelope=_key_in_extensions,
    ),
    changed(
        "cipher-value-not-base64",
        "Den krypterede nøgle er ikke base64",
        "The encrypted key is not base64",
        sealed=sub("<xenc:CipherValue>", "<xenc:CipherValue>%"),
    ),
    changed(
        "cipher-value-changed",
        "En bit er ændret undervejs",
        "One bit was changed on the way",
        sealed=_flipped,
    ),
    changed(
        "cipher-value-empty",
        "Det krypterede er tomt",
        "What is encrypted is empty",
        sealed=sub(_LAST_VALUE, r"\1"),
    ),
    changed(
        "cipher-value-too-short",
        "Det krypterede er for kort",
        "What is encrypted is too short",
        sealed=sub(_LAST_VALUE, r"\1QUJD"),
    ),
    Attack(
        "for-somebody-else",
        "Krypteret til en anden tjeneste",
        "Encrypted for another service",
        _for_somebody_else,
    ),
)
