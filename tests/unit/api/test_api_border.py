"""Who gets past the border of the API, and how it says no. For every call."""

import re
from collections.abc import Callable
from datetime import timedelta

import people
import pytest
from django.test import Client
from django.utils import timezone
from matrix_oauth import ELEMENT_X_IOS, a_pair, a_session, registered

from samtale.identity.models import Organisation
from samtale.matrixauth.models import AccessToken
from samtale.portal.api.rate import Rate, seconds_to_wait

pytestmark = pytest.mark.django_db

CALLS = [
    ("GET", "/api/me"),
    ("GET", "/api/communities"),
    ("GET", "/api/people?q=bo"),
    ("POST", "/api/communities/os2display/join"),
    ("POST", "/api/communities/os2display/leave"),
    ("POST", "/api/channels/os2display/generelt/open"),
]


def call(client: Client, method: str, path: str, token: str | None) -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.generic(method, path, headers=headers)
    return answer.status_code, answer.json()


def test_every_path_of_the_api_is_in_this_file() -> None:
    from samtale.portal.api.urls import urlpatterns

    ours = {re.sub(r"<[^>]*:(\w+)>", "X", str(p.pattern)) for p in urlpatterns} - {"sign-out"}
    tried = {
        path.removeprefix("/api/").split("?")[0].replace("os2display", "X").replace("generelt", "X")
        for _, path in CALLS
    }
    assert ours == tried


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_without_a_token_nobody(method: str, path: str) -> None:
    status, answer = call(Client(), method, path, None)
    assert (status, answer["error"], answer["field"]) == (401, "not_signed_in", None)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_the_portals_cookie_is_nothing(method: str, path: str) -> None:
    assert call(people.client_for(people.anna()), method, path, None)[0] == 401


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_registered_clients_token_is_nothing(method: str, path: str) -> None:
    token = a_pair(a_session(people.anna(), registered(ELEMENT_X_IOS))).access
    assert call(Client(), method, path, token)[0] == 401


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_an_expired_token_is_nothing(method: str, path: str) -> None:
    token = a_pair(a_session(people.anna())).access
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert call(Client(), method, path, token)[0] == 401


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("token", ["x", "x" * 5000, "Ærø"])
def test_a_made_up_token_is_nothing(method: str, path: str, token: str) -> None:
    assert call(Client(), method, path, token.encode().decode("latin-1"))[0] == 401


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_egon_is_refused_even_with_a_token(method: str, path: str) -> None:
    token = a_pair(a_session(people.egon())).access
    status, answer = call(Client(), method, path, token)
    assert (status, answer["error"]) == (401, "not_signed_in")


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_whose_organisation_pauses_is_refused_from_then_on(method: str, path: str) -> None:
    token = a_pair(a_session(people.anna())).access
    Organisation.objects.update(state="paused")
    assert call(Client(), method, path, token)[0] == 401


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_only_the_right_method(method: str, path: str) -> None:
    token = a_pair(a_session(people.anna())).access
    for other in {"GET", "POST", "PUT", "DELETE", "PATCH"} - {method}:
        status, answer = call(Client(), other, path, token)
        assert (status, answer["error"]) == (405, "method_not_allowed")


BAD_TEXT = {
    "nothing but a NUL": "%00",
    "a NUL in it": "os2%00display",
    "an escape": "os2%1Bdisplay",
    "a deletion": "os2%7Fdisplay",
}
#: Django keeps their bytes in a path as they were written, so there they only name what is not there.
BAD_BYTES = {"no UTF-8": "os2%FFdisplay", "half a surrogate pair": "os2%ED%A0%80display"}

#: Every place for text in every call: the path or the query with ``{}`` where it is, and how it is called.
PLACES = [
    ("GET", "/api/me?x={}", "x"),
    ("GET", "/api/communities?x={}", "x"),
    ("GET", "/api/people?q={}", "q"),
    ("GET", "/api/people?q=a@{}", "q"),
    ("GET", "/api/people?id=@{}:localhost", "id"),
    ("GET", "/api/people?id=@a:localhost&id={}", "id"),
    ("POST", "/api/communities/{}/join", "slug"),
    ("POST", "/api/communities/{}/leave", "slug"),
    ("POST", "/api/channels/{}/generelt/open", "community"),
    ("POST", "/api/channels/os2display/{}/open", "channel"),
]


def test_every_call_with_text_is_among_the_places() -> None:
    """Those that take none stand in both lists too: what they are given beside is looked at the same way."""

    def call_of(path: str) -> list[str]:
        return [
            "X" if part in ("{}", "os2display", "generelt") else part
            for part in path.partition("?")[0].split("/")
        ]

    assert {tuple(call_of(path)) for _, path in CALLS} == {tuple(call_of(path)) for _, path, _ in PLACES}


@pytest.mark.parametrize("text", BAD_TEXT.values(), ids=BAD_TEXT)
@pytest.mark.parametrize(("method", "path", "field"), PLACES)
def test_what_is_no_text_is_refused_and_its_place_named(
    method: str, path: str, field: str, text: str
) -> None:
    token = a_pair(a_session(people.anna())).access
    status, answer = call(Client(), method, path.format(text), token)
    assert (status, answer["error"], answer["field"]) == (400, "bad_input", field)


@pytest.mark.parametrize("text", BAD_BYTES.values(), ids=BAD_BYTES)
@pytest.mark.parametrize(("method", "path", "field"), PLACES)
def test_bytes_that_are_no_text_are_refused(method: str, path: str, field: str, text: str) -> None:
    token = a_pair(a_session(people.anna())).access
    status, answer = call(Client(), method, path.format(text), token)
    if "?" in path:
        assert (status, answer["error"], answer["field"]) == (400, "bad_input", field)
    else:
        assert (status, answer["error"]) == (404, "not_found")


def test_a_parameter_whose_name_is_no_text_is_refused() -> None:
    token = a_pair(a_session(people.anna())).access
    status, answer = call(Client(), "GET", "/api/me?%00=%00", token)
    assert (status, answer["error"], answer["field"]) == (400, "bad_input", None)


def test_too_many_parameters_are_refused() -> None:
    token = a_pair(a_session(people.anna())).access
    status, answer = call(Client(), "GET", "/api/people?" + "&".join(["id=x"] * 2000), token)
    assert (status, answer["error"]) == (400, "bad_input")


def test_what_is_pasted_with_its_line_ending_is_text() -> None:
    token = a_pair(a_session(people.bo())).access
    people.anna()
    status, answer = call(Client(), "GET", "/api/people?q=Anna%09Jensen%0D%0A", token)
    assert status == 200
    assert "Anna Jensen" in str(answer["people"])


def test_a_refusal_says_which_scheme_it_wants() -> None:
    answer = Client().get("/api/me")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "application/json"


def test_refusals_are_in_the_persons_language() -> None:
    anna = people.anna()
    token = a_pair(a_session(anna)).access
    assert "q eller id" in str(call(Client(), "GET", "/api/people", token)[1]["message"])
    anna.language = "en"
    anna.save()
    assert "either q or id" in str(call(Client(), "GET", "/api/people", token)[1]["message"])


def test_too_many_calls_wait(signed_in: Callable[..., object]) -> None:
    anna = signed_in(people.anna())
    answers = [anna.get("/api/me") for _ in range(121)]  # type: ignore[attr-defined]
    assert {answer.status_code for answer in answers[:120]} == {200}
    assert answers[120].status_code == 429
    assert answers[120].json()["error"] == "too_many_requests"
    assert 1 <= int(answers[120]["Retry-After"]) <= 61
    assert signed_in(people.bo()).get("/api/me").status_code == 200  # type: ignore[attr-defined]


def test_a_window_ends() -> None:
    rate = Rate(2, 60)
    assert [seconds_to_wait("x", "anna", rate, now=600.0) for _ in range(3)] == [0, 0, 61]
    assert seconds_to_wait("x", "anna", rate, now=660.0) == 0
