"""The form of a signature is looked at before its value: each refusal is for the right reason."""

import copy

import pytest
from lxml import etree

from samtale.oiosaml import documents, signatures
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.names import DS
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import Answer, Keys, signed

FORM = "it has parts that it must not have"
CANONICAL = "it is not canonicalised exclusively and without comments"
METHOD = "its algorithm is not allowed"
REFERENCE = "it must refer to what it lies in, and to nothing else"
DIGEST = "its digest is not allowed"
TRANSFORMS = "its transforms must be enveloped and exclusive canonicalisation"


@pytest.fixture
def root(answer: Answer, idp_keys: Keys) -> etree._Element:
    return documents.parse(signed(answer.assertion(), idp_keys).encode(), step="x", limit=100_000)


def part(root: etree._Element, name: str) -> etree._Element:
    return next(root.iter(f"{{{DS}}}{name}"))


def remove(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def refused(root: etree._Element, keys: Keys) -> str:
    with pytest.raises(Refused) as told:
        signatures.verify(root, [keys.pem], CONTEXT_HANDLER_2)
    assert told.value.step == "signature"
    return told.value.reason


def test_key_info_may_be_left_out(root: etree._Element, idp_keys: Keys, evil_keys: Keys) -> None:
    signatures.verify(root, [idp_keys.pem], CONTEXT_HANDLER_2)
    remove(part(root, "KeyInfo"))
    signatures.verify(root, [idp_keys.pem], CONTEXT_HANDLER_2)
    assert refused(root, evil_keys) == "no key of the metadata has made it"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SignedInfo", FORM),
        ("SignatureValue", FORM),
        ("CanonicalizationMethod", CANONICAL),
        ("SignatureMethod", METHOD),
        ("Reference", REFERENCE),
        ("DigestMethod", DIGEST),
        ("Transforms", TRANSFORMS),
        ("Transform", TRANSFORMS),
    ],
)
def test_each_part_is_there_once(root: etree._Element, idp_keys: Keys, name: str, reason: str) -> None:
    twice = copy.deepcopy(root)
    part(twice, name).addnext(copy.deepcopy(part(twice, name)))
    assert refused(twice, idp_keys) == reason
    remove(part(root, name))
    assert refused(root, idp_keys) == reason


@pytest.mark.parametrize("uri", ["", "#", "#_other", "https://evil.example", None])
def test_it_refers_to_what_it_lies_in(root: etree._Element, idp_keys: Keys, uri: str | None) -> None:
    reference = part(root, "Reference")
    if uri is None:
        del reference.attrib["URI"]
    else:
        reference.set("URI", uri)
    assert refused(root, idp_keys) == REFERENCE


@pytest.mark.parametrize(("own", "uri"), [(None, "#None"), (None, "#"), ("", "#")])
def test_what_it_lies_in_has_an_id(root: etree._Element, idp_keys: Keys, own: str | None, uri: str) -> None:
    del root.attrib["ID"]
    if own is not None:
        root.set("ID", own)
    part(root, "Reference").set("URI", uri)
    assert refused(root, idp_keys) == REFERENCE


def test_nothing_else_has_its_id(root: etree._Element, idp_keys: Keys) -> None:
    part(root, "KeyInfo").set("Id", root.get("ID", ""))
    assert refused(root, idp_keys) == "two elements have the id that it refers to"
