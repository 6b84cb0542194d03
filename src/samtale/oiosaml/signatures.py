"""The signature of an assertion (XML Signature 1.1), by a key that the metadata names and no other."""

from collections.abc import Sequence
from functools import lru_cache

import xmlsec
from lxml import etree

from samtale.oiosaml import algorithms
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.names import DS
from samtale.oiosaml.refusal import Refused

STEP = "signature"
#: The binary wheel brings it; a distribution's own may be too old for what Context Handler sends.
OLDEST_XMLSEC = (1, 3)


def check_library() -> None:
    """Raises RuntimeError when the libxmlsec that is loaded is older than :data:`OLDEST_XMLSEC`."""
    loaded = xmlsec.get_libxmlsec_version()  # type: ignore[attr-defined]  # its stub has forgotten it
    if loaded < OLDEST_XMLSEC:
        raise RuntimeError(
            f"libxmlsec {'.'.join(map(str, loaded))} is too old: install the wheel of xmlsec, do not build it"
        )


def verify(root: etree._Element, certificates: Sequence[bytes], allowed: Allowed) -> None:
    """``root``: a document that is nothing but the signed element. ``certificates``: PEM, from the metadata.

    Afterwards all of ``root`` but its Signature is what one of the certificates' keys has signed: there is
    one signature, directly in the root, with one reference to the root as a whole. KeyInfo is not looked at.
    Raises :class:`Refused`.
    """
    signature = _only_signature(root)
    _check_form(root, signature, allowed)
    _check_ids(root)
    xmlsec.tree.add_ids(root, ["ID"])
    if not any(_is_signed_by(certificate, signature) for certificate in certificates):
        raise Refused(STEP, "no key of the metadata has made it")


def _only_signature(root: etree._Element) -> etree._Element:
    found = list(root.iter(f"{{{DS}}}Signature"))
    if len(found) != 1 or found[0].getparent() is not root:
        raise Refused(STEP, "there must be exactly one, directly in what is signed")
    return found[0]


def _check_form(root: etree._Element, signature: etree._Element, allowed: Allowed) -> None:
    children = [etree.QName(child).localname for child in signature]
    if children not in (["SignedInfo", "SignatureValue"], ["SignedInfo", "SignatureValue", "KeyInfo"]):
        raise Refused(STEP, "it has parts that it must not have")
    info = signature[0]
    if _algorithm(info, "CanonicalizationMethod") != algorithms.EXCLUSIVE_C14N:
        raise Refused(STEP, "it is not canonicalised exclusively and without comments")
    if _algorithm(info, "SignatureMethod") not in allowed.signatures:
        raise Refused(STEP, "its algorithm is not allowed")
    references = info.findall(f"{{{DS}}}Reference")
    if len(references) != 1 or not root.get("ID") or references[0].get("URI") != f"#{root.get('ID')}":
        raise Refused(STEP, "it must refer to what it lies in, and to nothing else")
    if _algorithm(references[0], "DigestMethod") not in allowed.signature_digests:
        raise Refused(STEP, "its digest is not allowed")
    transforms = [one.get("Algorithm") for one in references[0].iter(f"{{{DS}}}Transform")]
    if transforms != [algorithms.ENVELOPED, algorithms.EXCLUSIVE_C14N]:
        raise Refused(STEP, "its transforms must be enveloped and exclusive canonicalisation")


def _check_ids(root: etree._Element) -> None:
    """What a reference means must not depend on who looks it up."""
    named = [
        value
        for element in root.iter()
        for name, value in element.items()
        if etree.QName(name).localname.lower() == "id"
    ]
    if named.count(root.get("ID", "")) != 1:
        raise Refused(STEP, "two elements have the id that it refers to")


def _is_signed_by(certificate: bytes, signature: etree._Element) -> bool:
    context = xmlsec.SignatureContext()
    context.key = _key(certificate)
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True


@lru_cache(maxsize=64)
def _key(certificate: bytes) -> xmlsec.Key:
    """Read once: a provider has few, and reading one takes a tenth of all that an answer costs."""
    return xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem)


def _algorithm(parent: etree._Element, name: str) -> str | None:
    found = parent.findall(f"{{{DS}}}{name}")
    return found[0].get("Algorithm") if len(found) == 1 else None
