"""Logging out at the test identity provider, begun by either side."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from saml_service import Service

from samtale.oiosaml import logout, messages, redirect
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.logout import Address, LogoutRequest
from samtale.oiosaml.redirect import Message
from samtale.oiosaml.refusal import Refused
from samtale.oiosaml.response import SignedIn
from samtale_testidp.provider import Provider


@pytest.fixture
def anna(browser: httpx.Client, service: Service) -> SignedIn:
    return service.accept(browser.post(service.request(), data={"person": "anna"}).text)


def is_signed_in(browser: httpx.Client) -> bool:
    return "Log ud alle steder" in browser.get("/").text


def request(service: Service, person: SignedIn, **changes: Any) -> str:
    """Path and query of the service's LogoutRequest."""
    key = changes.pop("key", None)
    values: dict[str, Any] = {
        "message_id": "_logout",
        "now": datetime.now(UTC),
        "entity_id": service.entity_id,
        "destination": service.idp.slo_url,
        "name_id": person.statement.name_id,
        "name_id_format": person.statement.name_id_format,
        "session_index": person.statement.session_index,
    }
    message = messages.logout_request(**(values | changes))
    return service.sent("SAMLRequest", message, to=str(service.idp.slo_url), key=key)


def message_in(answer: httpx.Response, service: Service) -> Message:
    """What a redirect carries to the service."""
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert location.startswith(f"{service.slo_url}?")
    return redirect.verified(urlsplit(location).query, service.idp.pems, CONTEXT_HANDLER_2)


def address(service: Service) -> Address:
    return Address(service.idp.entity_id, service.slo_url, datetime.now(UTC))


def test_the_service_ends_a_session(browser: httpx.Client, service: Service, anna: SignedIn) -> None:
    assert is_signed_in(browser)
    answer = message_in(browser.get(request(service, anna)), service)
    assert answer.relay_state == "relay"
    assert logout.succeeded(answer, address(service), "_logout")
    assert not is_signed_in(browser)


def test_without_an_index_all_sessions_of_the_person_end(
    browser: httpx.Client, service: Service, anna: SignedIn
) -> None:
    answer = message_in(browser.get(request(service, anna, session_index=None)), service)
    assert logout.succeeded(answer, address(service), "_logout")
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    "changes", [{"session_index": "other"}, {"name_id": "C=DK,O=55133018,CN=A,Serial=1"}]
)
def test_a_session_that_is_not_known_is_told(
    browser: httpx.Client, service: Service, anna: SignedIn, changes: dict[str, str]
) -> None:
    answer = message_in(browser.get(request(service, anna, **changes)), service)
    assert not logout.succeeded(answer, address(service), "_logout")
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "changes",
    [
        {"entity_id": "https://evil.example"},
        {"destination": "https://evil.example"},
        {"key": rsa.generate_private_key(65537, 2048)},
    ],
)
def test_a_request_that_is_wrong_changes_nothing(
    browser: httpx.Client, service: Service, anna: SignedIn, changes: dict[str, Any]
) -> None:
    assert browser.get(request(service, anna, **changes)).status_code == 400
    assert is_signed_in(browser)


def test_a_message_of_another_kind_changes_nothing(
    browser: httpx.Client, service: Service, anna: SignedIn
) -> None:
    message = messages.logout_response(
        message_id="_logout",
        now=datetime.now(UTC),
        entity_id=service.entity_id,
        destination=str(service.idp.slo_url),
        in_response_to="_any",
    )
    query = service.sent("SAMLRequest", message, to=str(service.idp.slo_url))
    assert browser.get(query).status_code == 400
    assert is_signed_in(browser)


def test_an_unsigned_request_changes_nothing(browser: httpx.Client, service: Service, anna: SignedIn) -> None:
    unsigned = request(service, anna).partition("&SigAlg")[0]
    assert browser.get(unsigned).status_code == 400
    assert is_signed_in(browser)


def sent_everywhere(browser: httpx.Client, **fields: str) -> httpx.Response:
    return browser.post("/logout/everywhere", data=fields)


def wanted(answer: httpx.Response, service: Service) -> LogoutRequest:
    return logout.request_of(message_in(answer, service), address(service))


@pytest.mark.parametrize("how", [{}, {"lower_case": "on"}])
def test_the_provider_ends_what_it_began(
    browser: httpx.Client, service: Service, anna: SignedIn, how: dict[str, str]
) -> None:
    answer = sent_everywhere(browser, signing="right", **how)
    # The name of the algorithm has a colon in any case.
    assert ("%3a" if how else "%3A") in answer.headers["location"]
    request_ = wanted(answer, service)
    assert request_.name_id == anna.statement.name_id
    assert request_.name_id_format == anna.statement.name_id_format
    assert request_.session_indexes == (anna.statement.session_index,)
    assert not is_signed_in(browser)
    done = browser.get(answered(service, request_.id))
    assert done.status_code == 200
    assert "Du er logget ud alle steder" in done.text
    assert browser.get(answered(service, request_.id)).status_code == 400


def answered(service: Service, request_id: str, **changes: Any) -> str:
    """Path and query of the service's LogoutResponse."""
    to = str(service.idp.slo_response_url)
    values: dict[str, Any] = {
        "message_id": "_answer",
        "now": datetime.now(UTC),
        "entity_id": service.entity_id,
        "destination": to,
        "in_response_to": request_id,
    }
    return service.sent("SAMLResponse", messages.logout_response(**(values | changes)), to=to)


def test_answers_go_to_an_address_of_their_own(service: Service) -> None:
    assert service.idp.slo_response_url != service.idp.slo_url


def test_an_answer_that_says_no(browser: httpx.Client, service: Service, anna: SignedIn) -> None:
    request_ = wanted(sent_everywhere(browser, signing="right"), service)
    message = messages.logout_response(
        message_id="_answer",
        now=datetime.now(UTC),
        entity_id=service.entity_id,
        destination=str(service.idp.slo_response_url),
        in_response_to=request_.id,
    ).replace("status:Success", "status:Responder")
    done = browser.get(service.sent("SAMLResponse", message, to=str(service.idp.slo_response_url)))
    assert "den ikke kunne slutte alt" in done.text


@pytest.mark.parametrize(
    "changes", [{"in_response_to": "_nothing"}, {"entity_id": "https://evil.example"}, {"destination": "x"}]
)
def test_an_answer_that_is_wrong(
    browser: httpx.Client, service: Service, anna: SignedIn, changes: dict[str, str]
) -> None:
    request_ = wanted(sent_everywhere(browser, signing="right"), service)
    assert browser.get(answered(service, request_.id, **changes)).status_code == 400
    assert browser.get(answered(service, request_.id)).status_code == 200


@pytest.mark.parametrize("signing", ["none", "stranger"])
def test_a_request_that_the_service_must_refuse(
    browser: httpx.Client, service: Service, anna: SignedIn, running: Provider, signing: str
) -> None:
    answer = sent_everywhere(browser, signing=signing)
    with pytest.raises(Refused) as refused:
        message_in(answer, service)
    assert refused.value.step == "redirect"
    assert is_signed_in(browser)
    assert running.asked == set()


def test_leaving_here_only(browser: httpx.Client, service: Service, anna: SignedIn) -> None:
    answer = browser.post("/logout/here")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert not is_signed_in(browser)
    assert sent_everywhere(browser, signing="right").status_code == 400


def test_signing_is_one_of_three(browser: httpx.Client, service: Service, anna: SignedIn) -> None:
    answer = sent_everywhere(browser, signing="maybe")
    assert answer.status_code == 400
    assert "right, none, stranger" in answer.text
