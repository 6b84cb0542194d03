"""Signed both ways over the redirect binding: requests to sign in, and logging out."""

import base64
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from lxml import etree
from right_answer import ACS, ANNA, IDP, NOW, SP

from samtale.oiosaml import algorithms, logout, messages, names, redirect
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.logout import Address
from samtale.oiosaml.messages import SignInWish
from samtale.oiosaml.redirect import Kind, Message
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import Keys

SSO = f"{IDP}/saml2/issue.idp"
SLO = "https://os2samtale.example/adgang/fka/slo/"
FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
PLAIN = SignInWish()
ADDRESS = Address(IDP, SLO, NOW)
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"


def query_of(key: rsa.RSAPrivateKey, text: str, kind: Kind = "SAMLRequest", relay: str | None = "r1") -> str:
    return urlsplit(redirect.address(SLO, kind, text, relay, key)).query


def received(keys: Keys, query: str) -> Message:
    return redirect.verified(query, [keys.pem], CONTEXT_HANDLER_2)


def ask(wish: SignInWish = PLAIN) -> str:
    return messages.authn_request(
        message_id="_r", now=NOW, entity_id=SP, destination=SSO, acs_url=ACS, wish=wish
    )


def leave(**changes: str | None) -> str:
    said: dict[str, str | None] = {
        "name_id": ANNA.name_id,
        "name_id_format": FORMAT,
        "session_index": "WUkV1sgEnIlnouAlAhVpwQ==",
    }
    return messages.logout_request(
        message_id="_l",
        now=NOW,
        entity_id=IDP,
        destination=SLO,
        **(said | changes),  # type: ignore[arg-type]
    )


def test_what_we_ask_is_read_as_it_was_written(idp_keys: Keys) -> None:
    url = redirect.address(SSO, "SAMLRequest", ask(), "opaque", idp_keys.private)
    assert url.startswith(f"{SSO}?SAMLRequest=")
    found = received(idp_keys, urlsplit(url).query)
    assert (found.kind, found.relay_state) == ("SAMLRequest", "opaque")
    root = found.root
    assert root.tag == f"{SAMLP}AuthnRequest"
    assert root.attrib == {
        "ID": "_r",
        "Version": "2.0",
        "IssueInstant": "2026-11-24T09:30:00Z",
        "Destination": SSO,
        "ProtocolBinding": names.POST,
        "AssertionConsumerServiceURL": ACS,
    }
    assert root.findtext(f"{SAML}Issuer") == SP
    assert root.find(f"{SAMLP}RequestedAuthnContext") is None


def test_a_level_is_asked_for_as_a_minimum() -> None:
    root = etree.fromstring(ask(SignInWish(level=Level.SUBSTANTIAL, passive=True, force=True)))
    (context,) = root.findall(f"{SAMLP}RequestedAuthnContext")
    assert context.get("Comparison") == "minimum"
    assert context.findtext(f"{SAML}AuthnContextClassRef") == (
        "https://data.gov.dk/concept/core/nsis/loa/Substantial"
    )
    assert (root.get("IsPassive"), root.get("ForceAuthn")) == ("true", "true")


def test_a_destination_with_a_query_keeps_it(idp_keys: Keys) -> None:
    url = redirect.address(f"{SSO}?samlprofile=x", "SAMLRequest", ask(), None, idp_keys.private)
    assert parse_qs(urlsplit(url).query).keys() == {"samlprofile", "SAMLRequest", "SigAlg", "Signature"}


@pytest.mark.parametrize("relay", [None, "", "x" * 81, "å" * 41])
def test_a_relay_state_is_given_back_as_it_was(idp_keys: Keys, relay: str | None) -> None:
    query = urlsplit(redirect.address(SSO, "SAMLRequest", ask(), relay, idp_keys.private)).query
    assert received(idp_keys, query).relay_state == relay


def test_ids_are_not_guessed() -> None:
    assert len({messages.new_id() for _ in range(100)}) == 100
    assert re.fullmatch(r"_[0-9a-f]{40}", messages.new_id())


def test_lower_case_percent_encoding_is_verified_as_it_was_sent(idp_keys: Keys) -> None:
    whole = query_of(idp_keys.private, leave(), relay="a/b+c")
    lower = re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), whole.partition("&Signature=")[0])
    signature = idp_keys.private.sign(lower.encode(), PKCS1v15(), hashes.SHA256())
    found = received(idp_keys, f"{lower}&Signature={quote(base64.b64encode(signature), safe='')}")
    assert found.relay_state == "a/b+c"


def test_the_order_of_parameters_does_not_matter(idp_keys: Keys) -> None:
    parts = query_of(idp_keys.private, leave()).split("&")
    assert received(idp_keys, "&".join(reversed(parts))).relay_state == "r1"


Query = Callable[[str], str]


def deflated(text: bytes, cut: int | None = None) -> str:
    return quote(base64.b64encode(zlib.compress(text, wbits=-15)[:cut]), safe="")


QUERIES: dict[str, Query] = {
    "nothing": lambda _: "",
    "no message": lambda query: query.replace("SAMLRequest=", "Other="),
    "two kinds": lambda query: query + "&SAMLResponse=x",
    "twice": lambda query: query + "&SAMLRequest=x",
    "relay state twice": lambda query: query + "&RelayState=x",
    "no signature": lambda query: query.partition("&Signature=")[0],
    "no algorithm": lambda query: re.sub(r"&SigAlg=[^&]*", "", query),
    "SHA-1": lambda query: query.replace(
        quote(algorithms.RSA_SHA256, safe=""), quote(algorithms.RSA_SHA1, safe="")
    ),
    "an unknown algorithm": lambda query: re.sub(r"SigAlg=[^&]*", "SigAlg=x", query),
    "another relay state": lambda query: query.replace("RelayState=r1", "RelayState=r2"),
    "no relay state": lambda query: query.replace("RelayState=r1&", ""),
    "another message": lambda query: re.sub(r"SAMLRequest=[^&]*", f"SAMLRequest={deflated(b'<a/>')}", query),
    "a signature that is no base64": lambda query: re.sub(r"Signature=[^&]*", "Signature=%25", query),
    "a parameter that is no text": lambda query: re.sub(r"SigAlg=[^&]*", "SigAlg=%ff", query),
}


@pytest.mark.parametrize("change", QUERIES.values(), ids=QUERIES)
def test_a_query_string_that_is_not_signed_as_it_should_be(idp_keys: Keys, change: Query) -> None:
    with pytest.raises(Refused) as refused:
        received(idp_keys, change(query_of(idp_keys.private, leave())))
    assert refused.value.step == "redirect"


def test_somebody_elses_signature(idp_keys: Keys, evil_keys: Keys) -> None:
    with pytest.raises(Refused) as refused:
        received(idp_keys, query_of(evil_keys.private, leave()))
    assert refused.value.reason == "no key of the metadata has signed it"


def test_a_certificate_without_an_rsa_key_signs_nothing(
    idp_keys: Keys, evil_keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Certificate:
        def public_key(self) -> ec.EllipticCurvePublicKey:
            return ec.generate_private_key(ec.SECP256R1()).public_key()

    monkeypatch.setattr(redirect, "load_pem_x509_certificate", lambda _: Certificate())
    with pytest.raises(Refused):
        received(idp_keys, query_of(idp_keys.private, leave()))


SIGNED_BUT_WRONG = {
    "not deflated": quote(base64.b64encode(bytes([255]) * 20), safe=""),
    "cut off": deflated(b"<a/>" * 100, cut=-4),
    "a bomb": deflated(b" " * (redirect.LARGEST + 1) + b"<a/>"),
    "no XML": deflated(b"hello"),
    "a document type": deflated(b"<!DOCTYPE a><a/>"),
}


@pytest.mark.parametrize("message", SIGNED_BUT_WRONG.values(), ids=SIGNED_BUT_WRONG)
def test_a_message_that_is_signed_and_wrong(idp_keys: Keys, message: str) -> None:
    signed = f"SAMLRequest={message}&SigAlg={quote(algorithms.RSA_SHA256, safe='')}"
    signature = idp_keys.private.sign(signed.encode(), PKCS1v15(), hashes.SHA256())
    with pytest.raises(Refused) as refused:
        received(idp_keys, f"{signed}&Signature={quote(base64.b64encode(signature), safe='')}")
    assert refused.value.step == "redirect"


def test_a_logout_says_whose_session_ends(idp_keys: Keys) -> None:
    found = logout.request_of(received(idp_keys, query_of(idp_keys.private, leave())), ADDRESS)
    assert (found.id, found.name_id, found.name_id_format) == ("_l", ANNA.name_id, FORMAT)
    assert found.session_indexes == ("WUkV1sgEnIlnouAlAhVpwQ==",)


def test_a_logout_without_session_is_of_all(idp_keys: Keys) -> None:
    text = leave(session_index=None, name_id_format=None)
    found = logout.request_of(received(idp_keys, query_of(idp_keys.private, text)), ADDRESS)
    assert (found.session_indexes, found.name_id_format) == ((), None)


LOGOUTS: dict[str, Query] = {
    "another address": lambda text: text.replace(SLO, "https://evil.example/"),
    "another issuer": lambda text: text.replace(f">{IDP}<", ">https://evil.example<"),
    "long ago": lambda text: text.replace('IssueInstant="2026', 'IssueInstant="2025'),
    "over": lambda text: text.replace(" Version", ' NotOnOrAfter="2026-11-24T09:00:00Z" Version'),
    "two subjects": lambda text: re.sub(r"(<saml:NameID.*</saml:NameID>)", r"\1\1", text),
    "no id": lambda text: text.replace(' ID="_l"', ""),
    "something else": lambda text: text.replace("LogoutRequest", "AuthnRequest"),
    "another version": lambda text: text.replace('Version="2.0"', 'Version="1.1"'),
}


@pytest.mark.parametrize("change", LOGOUTS.values(), ids=LOGOUTS)
def test_a_logout_that_is_not_for_us_or_not_for_now(idp_keys: Keys, change: Query) -> None:
    text = leave()
    assert change(text) != text
    with pytest.raises(Refused) as refused:
        logout.request_of(received(idp_keys, query_of(idp_keys.private, change(text))), ADDRESS)
    assert refused.value.step == "logout"
    assert "Anna" not in str(refused.value)


def answered(idp_keys: Keys, **changes: str) -> Message:
    text = messages.logout_response(
        message_id="_a", now=NOW, entity_id=IDP, destination=SLO, in_response_to="_l"
    )
    for old, new in changes.items():
        text = text.replace(old, new)
    return received(idp_keys, query_of(idp_keys.private, text, "SAMLResponse", None))


def test_a_logout_is_answered(idp_keys: Keys) -> None:
    assert logout.succeeded(answered(idp_keys), ADDRESS, "_l")
    assert not logout.succeeded(answered(idp_keys, Success="Responder"), ADDRESS, "_l")


def test_an_answer_to_another_logout(idp_keys: Keys) -> None:
    with pytest.raises(Refused, match="answers another request"):
        logout.succeeded(answered(idp_keys), ADDRESS, "_other")
    late = replace(ADDRESS, now=NOW + timedelta(minutes=6))
    with pytest.raises(Refused, match="not made just now"):
        logout.succeeded(answered(idp_keys), late, "_l")


def test_a_request_is_no_answer_and_the_other_way_round(idp_keys: Keys) -> None:
    asked = received(idp_keys, query_of(idp_keys.private, leave()))
    with pytest.raises(Refused, match="a response was expected"):
        logout.succeeded(asked, ADDRESS, "_l")
    with pytest.raises(Refused, match="a request was expected"):
        logout.request_of(answered(idp_keys), ADDRESS)
