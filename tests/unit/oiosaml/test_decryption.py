"""What is opened, to the last octet, and what is refused without a word about which part was wrong."""

import re
from dataclasses import replace

import pytest
from certificates import rsa_key
from lxml import etree

from samtale.oiosaml import algorithms, decryption
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.names import XENC
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import Sealing, encrypted

OWN = rsa_key("own")
CBC = Sealing(block=algorithms.AES256_CBC)
ALLOWED = replace(CONTEXT_HANDLER_2, blocks=frozenset({algorithms.AES256_GCM, algorithms.AES256_CBC}))
METHOD = re.compile(r"<xenc:EncryptionMethod Algorithm=\"[^\"]*aes256-gcm\"/>")
CONTENT = re.compile(
    r"(<xenc:CipherValue>)([^<]*)(</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>)"
)
CLOSED = "none of our keys opens it"


def opened(sealed: str) -> bytes:
    return decryption.open_assertion(etree.fromstring(sealed), [OWN], ALLOWED)


def refused(sealed: str) -> str:
    with pytest.raises(Refused) as told:
        opened(sealed)
    assert told.value.step == "decryption"
    return told.value.reason


@pytest.mark.parametrize("how", [Sealing(), CBC], ids=["GCM", "CBC"])
@pytest.mark.parametrize("length", [0, 1, 14, 15, 16, 17, 31, 32])
def test_every_length_is_opened(length: int, how: Sealing) -> None:
    assert opened(encrypted("x" * length, OWN.public_key(), how)) == b"x" * length


@pytest.mark.parametrize("how", [Sealing(), CBC], ids=["GCM", "CBC"])
@pytest.mark.parametrize("octets", [0, 1, 11, 12, 15, 16, 17, 27])
def test_content_that_is_cut_short_is_closed(octets: int, how: Sealing) -> None:
    def cut(found: re.Match[str]) -> str:
        # Four characters of base64 are three octets.
        whole, rest = divmod(octets, 3)
        return found[1] + found[2][: 4 * whole] + ("", "AA==", "AAA=")[rest] + found[3]

    sealed = encrypted("x" * 64, OWN.public_key(), how)
    assert refused(CONTENT.sub(cut, sealed)) == CLOSED


def test_another_persons_key_opens_nothing() -> None:
    assert refused(encrypted("x", rsa_key("next").public_key())) == CLOSED


def test_a_type_may_be_left_out_but_must_not_be_another() -> None:
    sealed = encrypted("x", OWN.public_key())
    stated = f' Type="{XENC}Element"'
    assert stated in sealed
    assert opened(sealed.replace(stated, "")) == b"x"
    assert refused(sealed.replace(stated, stated.replace("Element", "Content"))).startswith("it is not")


@pytest.mark.parametrize("times", [0, 2])
def test_the_method_stands_there_once(times: int) -> None:
    sealed = encrypted("x", OWN.public_key())
    assert METHOD.search(sealed)
    changed = METHOD.sub(lambda found: found[0] * times, sealed)
    assert refused(changed) == "an encryption algorithm is not allowed"
