"""Logging out, whoever begins; what is not signed by the provider changes nothing."""

import base64
import re
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import people
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from federation import ENTITY, SLO, SLO_ANSWER, Municipality, make_keys, read
from sso_client import GOODBYE, LOGOUT, SERVICES

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.lifecycle import conduct
from samtale.oiosaml.models import PendingRequest, ProviderSession
from samtale.sso import keys as sso_keys
from samtale.sso import registered
from samtale_testidp.answers import Keys
from samtale_testidp.people import ANNA

PATH = "/adgang/saml/slo"
NEW = "en helt anden adgangskode"
NS = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"


def message(kind: str, content: str, *, issuer: str = ENTITY, more: str = "", to: str = "") -> str:
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'<samlp:{kind} {NS} ID="_{secrets.token_hex(8)}" Version="2.0" IssueInstant="{now}" '
        f'Destination="{to or settings.CONFIG.public_url + PATH}" {more}>'
        f"<saml:Issuer>{issuer}</saml:Issuer>{content}</samlp:{kind}>"
    )


def signed(name: str, xml: str, keys: Keys | None, *, relay_state: str = "there", lower: bool = False) -> str:
    """The query string; ``lower``: percent-encoded as .NET does it."""

    def quoted(value: str) -> str:
        found = quote(value, safe="")
        return re.sub("%[0-9A-F]{2}", lambda match: match[0].lower(), found) if lower else found

    query = f"{name}={quoted(base64.b64encode(zlib.compress(xml.encode(), wbits=-15)).decode())}"
    query += f"&RelayState={quoted(relay_state)}"
    if keys is None:
        return query
    query += f"&SigAlg={quoted('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')}"
    signature = keys.private.sign(query.encode(), PKCS1v15(), hashes.SHA256())
    return f"{query}&Signature={quoted(base64.b64encode(signature).decode())}"


def subject(name_id: str = ANNA.name_id, *indexes: str) -> str:
    named = "".join(f"<samlp:SessionIndex>{index}</samlp:SessionIndex>" for index in indexes)
    return f"<saml:NameID>{name_id}</saml:NameID>{named}"


def is_in(client: Client) -> bool:
    return client.get("/adgang/konto/").status_code == 200


@pytest.fixture
def anna_is_in(municipality: Municipality, browser: Client) -> Person:
    people.organisation("Aarhus Kommune")
    municipality.sign_in(browser, ANNA, session_index="index-1")
    Person.objects.update(welcomed_at=timezone.now(), accepted_conduct=conduct.VERSION)
    assert is_in(browser)
    return Person.objects.get()


@pytest.mark.parametrize("lower", [False, True])
def test_the_provider_ends_the_session_that_it_began_and_no_other(
    municipality: Municipality, browser: Client, anna_is_in: Person, lower: bool
) -> None:
    other, local = Client(), people.client_for(anna_is_in)
    municipality.sign_in(other, ANNA, session_index="index-2")
    query = signed(
        "SAMLRequest",
        message("LogoutRequest", subject(ANNA.name_id, "index-1")),
        municipality.keys,
        lower=lower,
    )
    answer = Client().get(f"{PATH}?{query}")
    assert answer["Location"].startswith(f"{SLO_ANSWER}?SAMLResponse=")
    assert (is_in(browser), is_in(other), is_in(local)) == (False, True, True)
    assert Entry.objects.filter(act="sign_out.by_provider").count() == 1


def test_without_an_index_all_sessions_of_the_subject_end(
    municipality: Municipality, browser: Client, anna_is_in: Person
) -> None:
    other, local = Client(), people.client_for(anna_is_in)
    municipality.sign_in(other, ANNA, session_index="index-2")
    query = signed("SAMLRequest", message("LogoutRequest", subject()), municipality.keys)
    Client().get(f"{PATH}?{query}")
    assert (is_in(browser), is_in(other), is_in(local)) == (False, False, True)


@pytest.mark.parametrize("first", [False, True])
def test_a_session_is_found_after_a_new_password_too(
    municipality: Municipality, browser: Client, anna_is_in: Person, first: bool
) -> None:
    if not first:
        anna_is_in.set_password(people.PASSWORD)
        anna_is_in.save()
        municipality.sign_in(browser, ANNA, session_index="index-1")
    before = browser.session.session_key
    form = {"oldpassword": people.PASSWORD, "password1": NEW, "password2": NEW}
    browser.post(f"/adgang/adgangskode/{'ny/' if first else ''}", form)
    assert browser.session.session_key != before
    assert is_in(browser)
    query = signed("SAMLRequest", message("LogoutRequest", subject()), municipality.keys)
    Client().get(f"{PATH}?{query}")
    assert not is_in(browser)


def test_our_answer_is_signed_names_the_request_and_returns_the_relay_state(
    municipality: Municipality, anna_is_in: Person
) -> None:
    xml = message("LogoutRequest", subject())
    answer = Client().get(f"{PATH}?{signed('SAMLRequest', xml, municipality.keys, relay_state='æ & x')}")
    raw = urlsplit(answer["Location"]).query
    query = {name: values[0] for name, values in parse_qs(raw).items()}
    said = read(query["SAMLResponse"])
    assert said.get("Destination") == SLO_ANSWER
    assert said.get("InResponseTo") == re.search(r' ID="([^"]+)"', xml)[1]  # type: ignore[index]
    assert query["RelayState"] == "æ & x"
    own = municipality.service_keys.certificate.public_key()
    covered = raw.rpartition("&Signature=")[0]
    own.verify(base64.b64decode(query["Signature"]), covered.encode(), PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg]


def test_a_session_that_is_gone_already_is_no_error(municipality: Municipality) -> None:
    query = signed("SAMLRequest", message("LogoutRequest", subject()), municipality.keys)
    assert Client().get(f"{PATH}?{query}")["Location"].startswith(SLO_ANSWER)


Forged = Callable[[Municipality], str]
FORGED: dict[str, Forged] = {
    "not signed": lambda _: signed("SAMLRequest", message("LogoutRequest", subject()), None),
    "by another key": lambda _: signed("SAMLRequest", message("LogoutRequest", subject()), make_keys("evil")),
    "changed afterwards": lambda m: signed(
        "SAMLRequest", message("LogoutRequest", subject()), m.keys
    ).replace("RelayState=there", "RelayState=elsewhere"),
    "another issuer": lambda m: signed(
        "SAMLRequest", message("LogoutRequest", subject(), issuer="https://evil.example"), m.keys
    ),
    "another destination": lambda m: signed(
        "SAMLRequest", message("LogoutRequest", subject(), to="https://evil.example/slo"), m.keys
    ),
    "too old": lambda m: signed(
        "SAMLRequest",
        message("LogoutRequest", subject(), more='NotOnOrAfter="2026-01-01T00:00:00Z"'),
        m.keys,
    ),
    "no name": lambda m: signed("SAMLRequest", message("LogoutRequest", ""), m.keys),
    "no issuer": lambda m: signed(
        "SAMLRequest",
        message("LogoutRequest", subject()).replace(f"<saml:Issuer>{ENTITY}</saml:Issuer>", ""),
        m.keys,
    ),
    "no message": lambda _: "",
    "not base64": lambda _: "SAMLRequest=%3C",
    "a bomb": lambda m: signed("SAMLRequest", " " * 10_000_000, m.keys),
    "an answer to nothing": lambda m: signed(
        "SAMLResponse",
        message(
            "LogoutResponse",
            f'<samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status>',
            more='InResponseTo="_x"',
        ),
        m.keys,
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_the_provider_did_not_say_changes_nothing(
    municipality: Municipality, browser: Client, anna_is_in: Person, name: str
) -> None:
    answer = Client().get(f"{PATH}?{FORGED[name](municipality)}")
    assert answer.status_code == 400
    assert is_in(browser)
    assert Entry.objects.filter(act="sign_in.answer_refused").count() == 1
    assert not Entry.objects.filter(act="sign_out.by_provider").exists()


def test_who_signs_out_here_is_signed_out_at_the_municipality_too(
    municipality: Municipality, browser: Client, anna_is_in: Person
) -> None:
    left = browser.post("/adgang/log-ud/")
    assert left["Location"].startswith("/adgang/saml/ud/")
    assert not is_in(browser)
    page = browser.get(left["Location"])
    # No redirect: the browser's own form led here.
    assert (page.status_code, page.headers.get("Location")) == (200, None)
    out = page["Refresh"].removeprefix("0; url=")
    assert f'href="{escape(out)}"' in page.text
    query: dict[str, Any] = {name: values[0] for name, values in parse_qs(urlsplit(out).query).items()}
    assert out.startswith(f"{SLO}?SAMLRequest=")
    asked = read(query["SAMLRequest"])
    assert asked.findtext("{*}NameID") == ANNA.name_id
    assert asked.findtext("{*}SessionIndex") == "index-1"
    said = message(
        "LogoutResponse",
        f'<samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status>',
        more=f'InResponseTo="{asked.get("ID")}"',
    )
    back = browser.get(
        f"{PATH}?{signed('SAMLResponse', said, municipality.keys, relay_state=query['RelayState'])}"
    )
    assert back["Location"] == "/adgang/logget-ud/"
    assert not PendingRequest.objects.exists()
    assert not ProviderSession.objects.exists()


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address at which a service has people signed out who are signed in to it."""
    monkeypatch.setattr(sso_keys, "_BITS", 2048)
    settings.CONFIG = replace(settings.CONFIG, sso=SERVICES)
    registered.ensure()
    return f"{LOGOUT}?{urlencode({'client_id': 'zulip', 'post_logout_redirect_uri': GOODBYE, 'state': 's'})}"


def test_a_service_that_signs_somebody_out_does_so_at_the_municipality_too(
    municipality: Municipality, browser: Client, anna_is_in: Person, service: str
) -> None:
    assert "Log også ud af OS2samtale?" in browser.get(service).text
    left = browser.post(f"{LOGOUT}/confirm?{urlsplit(service).query}")
    assert left["Location"].startswith("/adgang/saml/ud/")
    assert not is_in(browser)
    assert browser.get(left["Location"])["Refresh"].startswith(f"0; url={SLO}?SAMLRequest=")
    onward = browser.get("/adgang/logget-ud/")
    assert onward["Refresh"] == f"0; url={GOODBYE}?state=s"
    assert "Refresh" not in browser.get("/adgang/logget-ud/").headers, "once"


@pytest.mark.parametrize("wrong", ["", "x", "x:y:z", '["Ond", "https://evil.example/"]:1:x'])
def test_nobody_else_says_where_it_leads_on_to(municipality: Municipality, wrong: str) -> None:
    browser = Client()
    browser.cookies["samtale_videre"] = wrong
    page = browser.get("/adgang/logget-ud/")
    assert (page.status_code, page.headers.get("Refresh")) == (200, None)


def test_a_wrong_sign_out_of_a_service_ends_nothing(
    municipality: Municipality, browser: Client, anna_is_in: Person, service: str
) -> None:
    wrong = urlencode({"client_id": "zulip", "post_logout_redirect_uri": "https://evil.example/"})
    assert browser.post(f"{LOGOUT}/confirm?{wrong}").status_code == 400
    assert is_in(browser)


def test_who_signed_in_with_a_password_just_leaves(municipality: Municipality) -> None:
    local = people.client_for(people.anna())
    assert local.post("/adgang/log-ud/")["Location"] == "/adgang/logget-ud/"


def test_the_way_out_needs_a_logout_that_waits(municipality: Municipality, browser: Client) -> None:
    assert browser.get("/adgang/saml/ud/nothing").status_code == 400


@pytest.mark.parametrize("relay_state", ["", "x" * 81, "ø & = %"])
def test_what_the_provider_wants_back_it_gets_back(
    municipality: Municipality, browser: Client, anna_is_in: Person, relay_state: str
) -> None:
    """Some send more than the 80 bytes of the binding, some an empty one; that keeps nobody signed in."""
    xml = message("LogoutRequest", subject())
    answer = browser.get(f"{PATH}?{signed('SAMLRequest', xml, municipality.keys, relay_state=relay_state)}")
    assert answer.status_code == 302
    assert not is_in(browser)
    said = parse_qs(urlsplit(answer["Location"]).query, keep_blank_values=True)
    assert said["RelayState"] == [relay_state]
