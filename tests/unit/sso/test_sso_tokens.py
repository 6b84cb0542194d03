"""Codes and tokens: to whom, how often, for how long, and what is in them."""

import base64
import threading
from datetime import timedelta
from typing import Any

import jwt
import people
import pytest
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone
from matrix_oauth import browser_of
from sso_client import BASE, EVERYTHING, ISSUER, REVOKE, SECRET, TOKEN, USERINFO, Asking, userinfo

from samtale.audit.models import Entry
from samtale.identity import actions
from samtale.identity.models import Organisation, Person
from samtale.sso import claims, jobs, rates
from samtale.sso.models import Session


def error_of(answer: Any, status: int = 400) -> str:
    assert answer.status_code == status, answer.content
    assert answer["Cache-Control"] == "no-store"
    return str(answer.json()["error"])


def test_what_a_service_gets(browser: Client, anna: Person) -> None:
    got = Asking(scope=" ".join(("openid", *EVERYTHING))).tokens(browser)
    session = Session.objects.get()
    assert (got["token_type"], got["expires_in"]) == ("Bearer", 300)
    keys = Client().get(f"{BASE}/jwks").json()["keys"]
    said = jwt.decode(
        got["id_token"], jwt.PyJWK(keys[0], "RS256"), ["RS256"], audience="zulip", issuer=ISSUER
    )
    assert said["nonce"] == "engangs"
    assert said["sid"] == session.sid
    assert said["auth_time"] == int(session.authenticated_at.timestamp())
    assert said["exp"] - said["iat"] == 300
    for found in (said, userinfo(got["access_token"]).json()):
        assert {key: found[key] for key in found if key not in _OF_TOKENS} == {
            "sub": anna.localpart,
            "name": "Anna Jensen",
            "preferred_username": anna.localpart,
            "locale": "da",
            "email": "anna.jensen@aarhus.dk",
            "email_verified": True,
            "organisation": {"name": "Aarhus Kommune", "cvr": "55133018"},
            "role": "member",
            "groups": [],
        }


_OF_TOKENS = {"iss", "aud", "iat", "exp", "nonce", "at_hash", "jti", "sid", "auth_time"}


def test_nothing_but_what_was_asked_for(browser: Client, anna: Person) -> None:
    got = Asking(scope="openid").tokens(browser)
    assert userinfo(got["access_token"]).json() == {"sub": anna.localpart}


def test_groups_are_communities_and_what_one_moderates(db: None) -> None:
    bo = people.bo()
    bo.memberships.create(community=people.os2display())
    left = people.os2display().__class__.objects.create(slug="os2mo", name="OS2mo", hue="skov")
    bo.memberships.create(community=left, left_at=timezone.now())
    closed = left.__class__.objects.create(slug="os2gammel", name="Gammel", hue="skov", archived=True)
    bo.memberships.create(community=closed)
    assert claims.of(bo, ["groups"])["groups"] == ["moderator:os2display", "os2display"]


def test_only_an_address_of_the_organisations_own_domain_is_told(anna: Person) -> None:
    """Services find their accounts by it: a foreign one would open somebody else's."""
    anna.email = "admin@zulip.example"
    assert claims.of(anna, ["email"]) == {"sub": anna.localpart}
    anna.email = "Anna.Jensen@AARHUS.dk"
    assert claims.of(anna, ["email"])["email_verified"] is True
    anna.email = "anna@evil-aarhus.dk"
    assert "email" not in claims.of(anna, ["email"])
    anna.email = None
    assert "email" not in claims.of(anna, ["email"])
    anna.organisation = None
    assert claims.of(anna, ["email", "organisation"]) == {"sub": anna.localpart}


def test_only_hashes_are_kept(browser: Client) -> None:
    asking = Asking()
    code = asking.code(browser)
    got = asking.exchange(code).json()
    kept = str(list(Token.objects.values()))
    for secret in (code, got["access_token"], got["refresh_token"], SECRET):
        assert secret not in kept
    assert not cache.get(f"allauth.idp.oidc.authorization_code[zulip:{code}]")


def test_a_code_is_used_once_and_its_replay_takes_the_tokens(browser: Client, anna: Person) -> None:
    asking = Asking()
    code = asking.code(browser)
    got = asking.exchange(code).json()
    assert userinfo(got["access_token"]).status_code == 200
    assert error_of(asking.exchange(code)) == "invalid_grant"
    assert userinfo(got["access_token"]).status_code == 401
    assert error_of(asking.refresh(got["refresh_token"])) == "invalid_grant"
    entry = Entry.objects.get(act="sso.tokens_revoked")
    assert (entry.on, entry.subject, entry.detail) == (anna, "zulip", {"reason": "code_replayed"})


def test_a_code_of_one_minute(browser: Client) -> None:
    asking = Asking()
    code = asking.code(browser)
    Token.objects.update(expires_at=timezone.now())
    assert error_of(asking.exchange(code)) == "invalid_grant"


@pytest.mark.parametrize(
    ("wrong", "error", "status"),
    [
        ({"client_secret": SECRET + "x"}, "invalid_client", 401),
        ({"client_secret": ""}, "invalid_client", 401),
        ({"client_id": "forgejo"}, "invalid_client", 401),
        ({"client_id": "nobody"}, "invalid_client", 401),
        ({"client_id": "forgejo", "client_secret": f"f-{SECRET}"}, "invalid_grant", 400),
        ({"code": "made up"}, "invalid_grant", 400),
        ({"code": "a\0b"}, "invalid_grant", 400),
        ({"code_verifier": "x" * 43}, "invalid_grant", 400),
        ({"code_verifier": ""}, "invalid_grant", 400),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request", 400),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type", 400),
    ],
)
def test_only_who_asked_gets_tokens(browser: Client, wrong: dict[str, str], error: str, status: int) -> None:
    asking = Asking()
    code = asking.code(browser)
    assert error_of(asking.exchange(code, **{"code": code} | wrong), status) == error
    # Nothing of that used the code up.
    assert asking.exchange(code).status_code == 200


def test_a_secret_is_compared_in_constant_time(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from samtale.sso import models

    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(models, "constant_time_compare", compare)
    asking = Asking()
    assert asking.exchange(asking.code(browser), client_secret="x").status_code == 401
    assert [len(one) for pair in compared for one in pair] == [64, 64]


def test_basic_authentication_too(browser: Client) -> None:
    asking = Asking()
    basic = base64.b64encode(f"zulip:{SECRET}".encode()).decode()
    sent = {
        "grant_type": "authorization_code",
        "code": asking.code(browser),
        "redirect_uri": asking.redirect_uri,
        "code_verifier": asking.verifier,
    }
    answer = Client().post(TOKEN, sent, headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 200, answer.content


def test_a_public_client_has_its_verifier_only(browser: Client) -> None:
    asking = Asking("app", "openid")
    code = asking.code(browser)
    assert error_of(asking.exchange(code, client_secret="x"), 401) == "invalid_client"
    assert error_of(asking.exchange(code, code_verifier="y" * 43)) == "invalid_grant"
    assert asking.exchange(code).status_code == 200


def test_tokens_are_renewed_and_the_old_ones_end(browser: Client) -> None:
    asking = Asking()
    first = asking.tokens(browser)
    second = asking.refresh(first["refresh_token"], scope="openid").json()
    assert userinfo(first["access_token"]).status_code == 401
    assert set(userinfo(second["access_token"]).json()) == {"sub"}
    # What was asked for once does not narrow the refresh token.
    third = asking.refresh(second["refresh_token"]).json()
    assert "email" in userinfo(third["access_token"]).json()
    of_first, of_third = (
        jwt.decode(got["id_token"], options={"verify_signature": False}) for got in (first, third)
    )
    assert {of_first[key] == of_third[key] for key in ("iss", "sub", "aud", "sid", "auth_time")} == {True}
    assert error_of(asking.refresh(third["refresh_token"], scope="openid groups")) == "invalid_scope"


def test_a_refresh_token_presented_again_ends_them_all(browser: Client) -> None:
    asking = Asking()
    first = asking.tokens(browser)
    second = asking.refresh(first["refresh_token"]).json()
    assert error_of(asking.refresh(first["refresh_token"])) == "invalid_grant"
    assert error_of(asking.refresh(second["refresh_token"])) == "invalid_grant"
    assert Entry.objects.get(act="sso.tokens_revoked").detail == {"reason": "token_replayed"}


def test_another_clients_refresh_token_is_none(browser: Client) -> None:
    got = Asking().tokens(browser)
    assert error_of(Asking("app", "openid").refresh(got["refresh_token"])) == "invalid_grant"
    assert Asking().refresh(got["refresh_token"]).status_code == 200


def test_no_token_outlives_the_portal_session(browser: Client) -> None:
    asking = Asking()
    got = asking.tokens(browser)
    session = Session.objects.get()
    assert session.runs_out_at == browser.session.get_expiry_date()
    Session.objects.update(runs_out_at=timezone.now() - timedelta(seconds=1))
    assert userinfo(got["access_token"]).status_code == 401
    assert error_of(asking.refresh(got["refresh_token"])) == "invalid_grant"


def not_joined(person: Person) -> None:
    Organisation.objects.filter(pk=person.organisation_id).update(state="paused")


def made_guest(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(role="guest")


def locked(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(locked_at=timezone.now())


@pytest.mark.parametrize("happens", [locked, not_joined, made_guest])
def test_each_endpoint_asks_again_whether_the_person_may(browser: Client, anna: Person, happens: Any) -> None:
    """Even when nobody told us: the rows were changed behind the actions' back."""
    asking = Asking()
    got = asking.tokens(browser)
    code = asking.code(browser)
    happens(anna)
    assert error_of(asking.exchange(code)) == "invalid_grant"
    assert userinfo(got["access_token"]).status_code == 401
    assert error_of(asking.refresh(got["refresh_token"])) == "invalid_grant"
    assert "code=" not in str(browser.get(asking.url).headers)


def test_a_lock_takes_codes_and_tokens_at_once(browser: Client, anna: Person) -> None:
    Asking().tokens(browser)
    Asking().code(browser)
    actions.lock_person(anna, by=None)
    assert not Token.objects.exists()


def test_a_service_that_left_the_file_is_none(browser: Client, settings: Any) -> None:
    from dataclasses import replace

    asking = Asking()
    got, code = asking.tokens(browser), asking.code(browser)
    settings.CONFIG = replace(settings.CONFIG, sso={})
    assert browser.get(asking.url).status_code == 400
    assert error_of(asking.exchange(code), 401) == "invalid_client"
    assert userinfo(got["access_token"]).status_code == 401


def test_revocation(browser: Client) -> None:
    got, other = Asking().tokens(browser), Asking("app", "openid").tokens(browser)
    of_zulip = {"client_id": "zulip", "client_secret": SECRET}
    post = Client().post
    assert post(REVOKE, {**of_zulip, "token": other["access_token"]}).status_code == 200
    assert userinfo(other["access_token"]).status_code == 200, "another client's token is not its to revoke"
    assert post(REVOKE, {"client_id": "zulip", "token": got["access_token"]}).status_code == 401
    assert userinfo(got["access_token"]).status_code == 200
    assert post(REVOKE, {**of_zulip, "token": got["refresh_token"]}).status_code == 200
    assert userinfo(got["access_token"]).status_code == 401
    assert error_of(Asking().refresh(got["refresh_token"])) == "invalid_grant"


def test_userinfo_takes_a_token_in_the_header_only(browser: Client) -> None:
    token = Asking().tokens(browser)["access_token"]
    assert Client().get(USERINFO, {"access_token": token}).status_code == 401
    assert Client().post(USERINFO, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    refused = Client().get(USERINFO, headers={"Authorization": "Bearer x"})
    assert refused.status_code == 401
    assert "invalid_token" in refused["WWW-Authenticate"]


def test_one_sign_in_to_a_service_is_one_entry(browser: Client, anna: Person) -> None:
    for _ in range(3):
        Asking().tokens(browser)
    entry = Entry.objects.get(act="sso.signed_in")
    assert (entry.by, entry.subject) == (anna, "zulip")


def test_addresses_do_not_follow_the_host(nobody: Client) -> None:
    answer = nobody.get(f"{BASE}/.well-known/openid-configuration", headers={"Host": "127.0.0.1:1234"})
    said = answer.json()
    assert said["issuer"] == ISSUER
    assert {
        value.startswith(f"{ISSUER}/") for key, value in said.items() if key.endswith(("endpoint", "uri"))
    } == {True}
    assert answer["Access-Control-Allow-Origin"] == "*"
    evil = nobody.get(f"{BASE}/.well-known/openid-configuration", headers={"Host": "evil.example"})
    assert evil.status_code == 400


def test_the_id_token_names_us_whatever_host_the_service_asks(browser: Client) -> None:
    asking = Asking()
    sent = {
        "grant_type": "authorization_code",
        "code": asking.code(browser),
        "redirect_uri": asking.redirect_uri,
        "code_verifier": asking.verifier,
        "client_id": "zulip",
        "client_secret": SECRET,
    }
    got = Client().post(TOKEN, sent, headers={"Host": "127.0.0.1"}).json()
    assert jwt.decode(got["id_token"], options={"verify_signature": False})["iss"] == ISSUER


def test_too_often(nobody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from samtale.identity.rates import Rate

    monkeypatch.setattr(Rate, "times", property(lambda _: 1), raising=False)
    for ask in (lambda: nobody.post(TOKEN), lambda: nobody.get(USERINFO), lambda: nobody.get(Asking().url)):
        ask()
        answer = ask()
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= rates.TOKEN.seconds


def test_old_rows_go(browser: Client) -> None:
    Asking().tokens(browser)
    Asking("app", "openid").code(browser)
    jobs.forget(timestamp=int((timezone.now() + timedelta(hours=13)).timestamp()))
    assert not Token.objects.exists()
    assert [session.service_id for session in Session.objects.all()] == ["zulip"], (
        "it may have to be told yet"
    )
    jobs.forget(timestamp=int((timezone.now() + jobs.REMEMBER + timedelta(hours=13)).timestamp()))
    assert not Session.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_exchanges_at_once_one_wins(settings: Any) -> None:
    """Each thread has a connection of its own, as each process has."""
    asking = Asking()
    code = asking.code(browser_of(people.anna()))
    start = threading.Barrier(6)
    answers: list[Any] = []

    def exchange() -> None:
        start.wait()
        try:
            answers.append(asking.exchange(code))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=exchange) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400, 400]
