"""A sign-in at the test identity provider: what it asks, what it answers, and what it does not take."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from saml_service import Service, answer_in

from samtale.oiosaml import algorithms, messages, privileges
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.messages import SignInWish
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import NotSignedIn
from samtale_testidp.answers import OIOSAML_JAVA, SHAPES
from samtale_testidp.people import EMPLOYEES, Employee
from samtale_testidp.provider import Provider

WELCOME = [employee for employee in EMPLOYEES if not employee.refused]
REFUSED = [employee for employee in EMPLOYEES if employee.refused]
SHAPES_OF_SERVICE = {
    "ch2": algorithms.CONTEXT_HANDLER_2,
    "java": Allowed(
        key_transports=frozenset({algorithms.RSA_OAEP_MGF1P}),
        key_digests=frozenset({algorithms.SHA1, algorithms.MGF1_SHA1}),
        blocks=frozenset({algorithms.AES256_CBC}),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("employee", WELCOME, ids=lambda one: one.slug)
def test_everybody_who_may_comes_in(
    browser: httpx.Client, service: Service, running: Provider, employee: Employee, shape: str
) -> None:
    running.how, service.allowed = SHAPES[shape], SHAPES_OF_SERVICE[shape]
    page = browser.post(service.request(), data={"person": employee.slug}).text
    assert answer_in(page)["action"] == service.acs_url
    assert answer_in(page)["RelayState"] == "relay"
    found = service.accept(page)
    assert found.subject.name == employee.name
    assert (found.subject.cvr, found.subject.serial) == (employee.organisation.cvr, employee.serial)
    assert found.claims.email == employee.email
    assert found.claims.organisation == employee.organisation.name


@pytest.mark.parametrize("employee", REFUSED, ids=lambda one: one.slug)
def test_who_may_not_is_refused_by_the_service(
    browser: httpx.Client, service: Service, employee: Employee
) -> None:
    page = browser.post(service.request(), data={"person": employee.slug}).text
    with pytest.raises(Refused) as refused:
        service.accept(page)
    assert refused.value.step == {"lars": "level of assurance", "mallory": "NameID"}[employee.slug]


def test_roles_are_named_after_the_service(browser: httpx.Client, service: Service) -> None:
    found = service.accept(browser.post(service.request(), data={"person": "bo"}).text)
    granted = privileges.granted(
        found.groups,
        cvr="55133018",
        known_constraints={"http://localhost/constraints/produkt/1"},
        known_privileges={
            "http://localhost/roles/usersystemrole/medlem/1",
            "http://localhost/roles/usersystemrole/moderator/1",
        },
    )
    assert granted.left_out == ()
    assert [(one.privilege.split("/")[-2], dict(one.constraints)) for one in granted.grants] == [
        ("medlem", {}),
        ("moderator", {"http://localhost/constraints/produkt/1": frozenset({"os2display"})}),
    ]


def test_the_page_asks_who_one_is(browser: httpx.Client, service: Service) -> None:
    page = browser.get(service.request())
    assert page.status_code == 200
    assert re.findall(r'name="person" value="([^"]+)"', page.text) == [one.slug for one in EMPLOYEES]
    assert "Annullér" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_second_sign_in_is_silent(browser: httpx.Client, service: Service) -> None:
    first = service.accept(browser.post(service.request(), data={"person": "anna"}).text)
    again = service.accept(browser.get(service.request("_second")).text, "_second")
    assert again.subject == first.subject
    assert again.statement.session_index == first.statement.session_index
    assert again.statement.assertion_id != first.statement.assertion_id


def test_a_forced_sign_in_asks_again(browser: httpx.Client, service: Service) -> None:
    browser.post(service.request(), data={"person": "anna"})
    page = browser.get(service.request(wish=SignInWish(force=True))).text
    assert 'value="anna"' in page


@pytest.mark.parametrize("force", [False, True])
def test_a_passive_request_is_never_a_question(browser: httpx.Client, service: Service, force: bool) -> None:
    wish = SignInWish(passive=True, force=force)
    with pytest.raises(NotSignedIn) as told:
        service.accept(browser.get(service.request(wish=wish)).text)
    assert told.value.status == "NoPassive"


def test_a_passive_request_finds_who_is_there(browser: httpx.Client, service: Service) -> None:
    browser.post(service.request(), data={"person": "signe"})
    page = browser.get(service.request(wish=SignInWish(passive=True))).text
    assert service.accept(page).subject.name == "Signe Holm-Kjær"


def test_who_cancels_has_not_signed_in(browser: httpx.Client, service: Service) -> None:
    with pytest.raises(NotSignedIn) as told:
        service.accept(browser.post(service.request(), data={"cancel": "1"}).text)
    assert told.value.status == "AuthnFailed"


@pytest.mark.parametrize(("person", "level"), [("lars", Level.SUBSTANTIAL), ("anna", Level.HIGH)])
def test_a_level_that_nobody_has_is_answered_honestly(
    browser: httpx.Client, service: Service, person: str, level: Level
) -> None:
    page = browser.post(service.request(wish=SignInWish(level=level)), data={"person": person}).text
    with pytest.raises(NotSignedIn) as told:
        service.accept(page)
    assert told.value.status == "NoAuthnContext"


def test_who_is_not_sure_enough_is_asked_again(browser: httpx.Client, service: Service) -> None:
    browser.post(service.request(), data={"person": "anna"})
    page = browser.get(service.request(wish=SignInWish(level=Level.HIGH)))
    assert 'value="anna"' in page.text
    with pytest.raises(NotSignedIn, match="NoPassive"):
        service.accept(browser.get(service.request(wish=SignInWish(level=Level.HIGH, passive=True))).text)


@pytest.mark.parametrize("employee", REFUSED, ids=lambda one: one.slug)
def test_who_is_refused_can_try_again_as_somebody_else(
    browser: httpx.Client, service: Service, employee: Employee
) -> None:
    browser.post(service.request(), data={"person": "anna"})
    browser.post(service.request(), data={"person": employee.slug})
    assert 'value="anna"' in browser.get(service.request()).text


def test_a_level_that_somebody_has_is_enough(browser: httpx.Client, service: Service) -> None:
    page = browser.post(
        service.request(wish=SignInWish(level=Level.SUBSTANTIAL)), data={"person": "anna"}
    ).text
    assert service.accept(page).level is Level.SUBSTANTIAL


WRONG = {
    "another issuer": {"entity_id": "https://evil.example"},
    "another destination": {"destination": "https://evil.example"},
    "an address that the metadata do not name": {"acs_url": "http://localhost:8400/elsewhere"},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_request_that_is_wrong_is_not_answered(
    browser: httpx.Client, service: Service, changes: dict[str, str]
) -> None:
    for answer in (
        browser.get(service.request(**changes)),
        browser.post(service.request(**changes), data={"person": "anna"}),
    ):
        assert answer.status_code == 400
        assert "SAMLResponse" not in answer.text


def test_a_request_by_another_key_is_not_answered(browser: httpx.Client, service: Service) -> None:
    stranger = rsa.generate_private_key(65537, 2048)
    message = messages.authn_request(
        message_id="_request",
        now=datetime.now(UTC),
        entity_id=service.entity_id,
        destination=service.idp.sso_url,
        acs_url=service.acs_url,
        wish=SignInWish(),
    )
    answer = browser.get(service.sent("SAMLRequest", message, to=service.idp.sso_url, key=stranger))
    assert answer.status_code == 400
    assert "none of the keys" in answer.text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (' ID="_request"', "", "AuthnRequest with an ID"),
        ('Version="2.0"', 'Version="1.1"', "SAML 2.0 AuthnRequest"),
        ("AuthnRequest", "AttributeQuery", "SAML 2.0 AuthnRequest"),
        ("bindings:HTTP-POST", "bindings:HTTP-Artifact", "ProtocolBinding must be HTTP-POST"),
        (' Version="2.0"', ' Version="2.0" IsPassive="maybe"', "IsPassive must be true or false"),
        (' Version="2.0"', ' Version="2.0" ForceAuthn="maybe"', "ForceAuthn must be true or false"),
        ("loa/Substantial", "loa/Highest", "AuthnContextClassRef must be an NSIS level"),
        ('Comparison="minimum"', 'Comparison="better"', "Comparison must be exact or minimum"),
    ],
)
def test_what_a_request_must_have(
    browser: httpx.Client, service: Service, old: str, new: str, reason: str
) -> None:
    answer = browser.get(changed(service, (old, new)))
    assert answer.status_code == 400
    assert reason in answer.text


@pytest.mark.parametrize(
    ("context", "enough"),
    [
        ('Comparison="minimum"><saml:AuthnContextClassRef>L/Low', True),
        ('Comparison="exact"><saml:AuthnContextClassRef>L/Low', False),
        ("><saml:AuthnContextClassRef>L/Substantial", True),
        (">P<saml:AuthnContextClassRef>L/Substantial", True),
        ("><saml:AuthnContextClassRef>https://data.gov.dk/eid/Professional", True),
        ('Comparison="minimum">P<saml:AuthnContextClassRef>L/High', False),
    ],
)
def test_what_is_asked_for_is_compared_as_it_is_asked(
    browser: httpx.Client, service: Service, context: str, enough: bool
) -> None:
    profile = "<saml:AuthnContextClassRef>https://data.gov.dk/eid/Professional</saml:AuthnContextClassRef>"
    asked = context.replace("L/", "https://data.gov.dk/concept/core/nsis/loa/").replace("P<", f"{profile}<")
    old = (
        'Comparison="minimum"><saml:AuthnContextClassRef>'
        "https://data.gov.dk/concept/core/nsis/loa/Substantial"
    )
    page = browser.post(changed(service, (old, asked)), data={"person": "anna"}).text
    if enough:
        assert service.accept(page).level is Level.SUBSTANTIAL
        return
    with pytest.raises(NotSignedIn) as told:
        service.accept(page)
    assert told.value.status == "NoAuthnContext"


def changed(service: Service, change: tuple[str, str]) -> str:
    """A request with another text in it, rightly signed."""
    message = messages.authn_request(
        message_id="_request",
        now=datetime.now(UTC),
        entity_id=service.entity_id,
        destination=service.idp.sso_url,
        acs_url=service.acs_url,
        wish=SignInWish(level=Level.SUBSTANTIAL),
    )
    assert change[0] in message
    return service.sent("SAMLRequest", message.replace(*change), to=service.idp.sso_url)


@pytest.mark.parametrize(
    "change",
    [
        lambda query: query.partition("&SigAlg")[0],
        lambda query: query.replace("RelayState=relay", "RelayState=other"),
        lambda query: query.replace("Signature=", "Signature=%25"),
        lambda query: query + "&RelayState=relay",
        lambda query: query.replace("SAMLRequest=", "SAMLResponse="),
        lambda query: query.replace("rsa-sha256", "rsa-sha1"),
        lambda query: query.replace("Signature=", "Signature=QUJD&Was="),
    ],
)
def test_a_query_that_was_changed_is_not_answered(
    browser: httpx.Client, service: Service, change: Callable[[str], str]
) -> None:
    path, _, query = service.request().partition("?")
    assert browser.get(f"{path}?{change(query)}").status_code == 400


def test_nobody_but_those_on_the_page(browser: httpx.Client, service: Service) -> None:
    for data in ({"person": "nobody"}, {}):
        answer = browser.post(service.request(), data=data)
        assert answer.status_code == 400
        assert "person must be one of" in answer.text


def test_a_service_that_is_away_is_said(browser: httpx.Client, service: Service, tmp_path: Path) -> None:
    (tmp_path / "metadata.xml").unlink()
    answer = browser.get(service.request())
    assert answer.status_code == 502
    assert "Platformen svarer ikke" in answer.text


def test_both_shapes_differ(browser: httpx.Client, service: Service, running: Provider) -> None:
    running.how = OIOSAML_JAVA
    page = browser.post(service.request(), data={"person": "anna"}).text
    with pytest.raises(Refused) as refused:
        service.accept(page)
    assert refused.value.step == "decryption"
