"""How much is read at most, and for how long an answer counts: each bound from both sides."""

import base64
import re
import tracemalloc
import zlib
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from right_answer import IDP, NOW
from test_metadata import described
from way_in import WayIn

from samtale.oiosaml import documents, logout, messages, provider_metadata, redirect, response
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.redirect import Message
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import Provider, Request
from samtale_testidp.answers import Answer, Keys, encrypted, form_value, instant

SKEW = timedelta(minutes=5)
MOMENT = timedelta(microseconds=1)
#: Without digits that an assertion has no room for.
MADE = NOW.replace(microsecond=589_000)
SLO = "https://os2samtale.example/adgang/saml/slo"


@pytest.fixture
def way_in(request_: Request, provider: Provider, idp_keys: Keys, own_key: rsa.RSAPrivateKey) -> WayIn:
    return WayIn(request_, provider, idp_keys, own_key)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_response_counts_as_long_as_clocks_may_differ(way_in: WayIn, answer: Answer, sign: int) -> None:
    field = way_in.field(answer.but(now=MADE))
    last = MADE + sign * SKEW
    way_in.accept(field, now=last)
    with pytest.raises(Refused) as refused:
        way_in.accept(field, now=last + sign * MOMENT)
    assert (refused.value.step, refused.value.reason) == ("response", "it was not made just now")


@pytest.mark.parametrize(
    "ends", ["9999-12-31T23:59:59.9999999Z", instant(NOW + timedelta(days=365), digits=3)]
)
def test_an_assertion_for_ever_is_remembered_until_it_is_too_old(
    way_in: WayIn, answer: Answer, ends: str
) -> None:
    remembered: dict[str, datetime] = {}

    def remember(assertion_id: str, until: datetime) -> bool:
        return remembered.setdefault(assertion_id, until) is until

    said = re.sub('NotOnOrAfter="[^"]*"', f'NotOnOrAfter="{ends}"', answer.assertion())
    way_in.accept(way_in.field(answer, said), remember=remember)
    # The latest that an assertion made now, by a clock that is ahead, could still count.
    assert remembered == {answer.assertion_id: NOW + 2 * SKEW}


def logging_out(*changes: tuple[str, str]) -> Message:
    text = messages.logout_request(
        message_id="_l",
        now=MADE.replace(microsecond=0),
        entity_id=IDP,
        destination=SLO,
        name_id="x",
        name_id_format=None,
        session_index=None,
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Message("SAMLRequest", documents.parse(text.encode(), step="x", limit=10_000), None)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_logout_counts_as_long_as_clocks_may_differ(sign: int) -> None:
    last = MADE.replace(microsecond=0) + sign * SKEW
    logout.request_of(logging_out(), logout.Address(IDP, SLO, last))
    with pytest.raises(Refused, match="not made just now"):
        logout.request_of(logging_out(), logout.Address(IDP, SLO, last + sign * MOMENT))


def test_a_logout_counts_until_it_says() -> None:
    ends = MADE - SKEW
    ended = (" Version", f' NotOnOrAfter="{instant(ends, digits=7)}" Version')
    logout.request_of(logging_out(ended), logout.Address(IDP, SLO, MADE - MOMENT))
    with pytest.raises(Refused, match="too old"):
        logout.request_of(logging_out(ended), logout.Address(IDP, SLO, MADE))


def test_metadata_count_until_they_say_and_until_their_certificate_runs_out(idp_keys: Keys) -> None:
    def read(now: datetime, extra: str = "") -> None:
        text = described(idp_keys.certificate, extra=extra)
        provider_metadata.read(text.encode(), now=now, pinned=(), allowed=CONTEXT_HANDLER_2)

    until = f' validUntil="{instant(NOW, digits=7)}"'
    read(NOW - MOMENT, until)
    with pytest.raises(Refused, match="run out"):
        read(NOW, until)
    ends = idp_keys.certificate.not_valid_after_utc
    read(ends - MOMENT)
    with pytest.raises(Refused, match="no certificate for signing that is still valid"):
        read(ends)


def nothing_is_read(*_: object, **__: object) -> None:
    raise AssertionError("it was read")


def test_a_field_that_is_too_large_is_not_read(way_in: WayIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "unbase64", nothing_is_read)
    monkeypatch.setattr(documents, "parse", nothing_is_read)
    for size in (response.LARGEST + 1, 10_000_000):
        with pytest.raises(Refused, match="at most"):
            way_in.accept("A" * size)
    with pytest.raises(AssertionError, match="it was read"):
        way_in.accept("A" * response.LARGEST)


def test_what_is_encrypted_cannot_be_larger_than_its_field(way_in: WayIn, answer: Answer) -> None:
    box = encrypted(f"<a>{'x' * response.LARGEST}</a>", way_in.own.public_key())
    with pytest.raises(Refused) as refused:
        way_in.accept(form_value(answer.response(box)))
    assert refused.value.step == "response"


def deflated(data: bytes) -> str:
    return quote(base64.b64encode(zlib.compress(data, wbits=-15)), safe="")


def test_a_message_has_64_kilobytes_at_most() -> None:
    text = etree.tostring(logging_out().root)
    for size in (redirect.LARGEST, redirect.LARGEST + 1):
        query = f"SAMLRequest={deflated(text + b' ' * (size - len(text)))}"
        if size == redirect.LARGEST:
            assert redirect.claimed_issuer(query) == IDP
        else:
            with pytest.raises(Refused, match=f"at most {redirect.LARGEST}"):
                redirect.claimed_issuer(query)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_does_not_go_off(layers: int) -> None:
    """Anybody can send it: whose signature it must be is known only once it is read."""
    bomb = b" " * 100_000_000
    for _ in range(layers - 1):
        bomb = zlib.compress(bomb, wbits=-15)
    query = f"SAMLRequest={deflated(bomb)}"
    del bomb
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            redirect.claimed_issuer(query)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 * (len(query) + redirect.LARGEST)
