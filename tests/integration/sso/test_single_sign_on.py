"""Signing in to services, with a client that others wrote, real pages and the real platform."""

import httpx
import pytest
from authlib.integrations.base_client import OAuthError
from e2e import browser as chromium
from playwright.sync_api import expect
from surroundings import Surroundings, Window


def sub_of(surroundings: Surroundings, key: str) -> str:
    matrix_id = surroundings.platform.person(key).matrix_id
    assert matrix_id is not None
    return matrix_id[1:].partition(":")[0]


def test_anna_signs_in_once_and_out_everywhere(surroundings: Surroundings, window: Window) -> None:
    bogreol, viki = surroundings.bogreol, surroundings.viki
    anna = surroundings.platform.person("anna")

    # To one that asks, by way of the sign-in.
    window.go(bogreol.meet(surroundings.issuer).sign_in_at())
    window.sign_in(anna)
    expect(window.page.get_by_role("heading", name="Log ind på Bogreol?", level=1)).to_be_visible()
    assert chromium.violations(window.page) == []
    window.page.get_by_role("button", name="Log ind", exact=True).click()
    got = bogreol.take(window.arrives(bogreol.callback))
    who = got["userinfo"]
    assert who["sub"] == who["preferred_username"] == sub_of(surroundings, "anna")
    assert (who["name"], who["email"], who["email_verified"]) == (anna.name, anna.email, True)
    assert (who["organisation"]["name"], who["role"], who["locale"]) == ("Aarhus Kommune", "member", "da")
    assert "os2display" in who["groups"]
    asked = bogreol.app.userinfo(token=got)
    assert {key: asked[key] for key in asked} == {key: who[key] for key in asked}

    # To one that is trusted: nobody is asked anything.
    window.go(viki.meet(surroundings.issuer).sign_in_at())
    at_viki = viki.take(window.arrives(viki.callback))
    assert at_viki["userinfo"]["sub"] == who["sub"]
    assert at_viki["userinfo"]["sid"] != who["sid"]

    # And again to the first, which is remembered, without a page.
    window.go(bogreol.sign_in_at(prompt="none"))
    again = bogreol.take(window.arrives(bogreol.callback))
    assert again["userinfo"]["sid"] == who["sid"]

    renewed = bogreol.refresh(again["refresh_token"]).json()
    assert bogreol.app.parse_id_token(renewed, nonce=None)["sid"] == who["sid"]

    # Out of the portal. The first service is being upgraded, and hears of it all the same.
    bogreol.answers = [503]
    window.go(f"{surroundings.platform.url}/adgang/konto/")
    window.page.get_by_role("button", name="Log ud her").click()
    expect(window.page.get_by_role("heading", name="Du er logget ud")).to_be_visible()
    for service, sid, number in ((bogreol, who["sid"], 2), (viki, at_viki["userinfo"]["sid"], 1)):
        said = service.wait_for_logout(number)
        assert (said["sub"], said["sid"]) == (who["sub"], sid)
    assert bogreol.refresh(renewed["refresh_token"]).json()["error"] == "invalid_grant"
    window.go(bogreol.sign_in_at(prompt="none"))
    with pytest.raises(OAuthError, match="login_required"):
        bogreol.take(window.arrives(bogreol.callback))


def test_bo_signs_out_from_the_service(surroundings: Surroundings, window: Window) -> None:
    viki = surroundings.viki.meet(surroundings.issuer)
    heard = len(viki.logout_tokens)
    got = window.signs_in_to(viki, surroundings.platform.person("bo"))
    assert "moderator:os2display" in got["userinfo"]["groups"]
    window.go(viki.sign_out_at(got["id_token"]))
    viki.said_goodbye(window.arrives(viki.goodbye))
    assert viki.wait_for_logout(heard + 1)["sid"] == got["userinfo"]["sid"]
    window.go(viki.sign_in_at())
    expect(window.page.get_by_role("heading", name="Log ind", exact=True)).to_be_visible()


def test_without_a_hint_the_person_is_asked(surroundings: Surroundings, window: Window) -> None:
    viki = surroundings.viki.meet(surroundings.issuer)
    window.signs_in_to(viki, surroundings.platform.person("bo"))
    end = viki.app.load_server_metadata()["end_session_endpoint"]
    window.go(f"{end}?client_id=viki&post_logout_redirect_uri={viki.goodbye}&state=s")
    expect(window.page.get_by_role("heading", name="Log også ud af OS2samtale?")).to_be_visible()
    assert chromium.violations(window.page) == []
    window.page.get_by_role("button", name="Log ud").click()
    assert window.arrives(viki.goodbye) == f"{viki.goodbye}?state=s"


def test_a_lock_ends_it_at_once(surroundings: Surroundings, window: Window) -> None:
    viki = surroundings.viki.meet(surroundings.issuer)
    carla = surroundings.platform.person("carla")
    heard = len(viki.logout_tokens)
    got = window.signs_in_to(viki, carla)
    surroundings.platform.portal(
        "shell",
        "-c",
        "from samtale.identity import actions\nfrom samtale.identity.models import Person\n"
        f"actions.lock_person(Person.objects.with_email({carla.email!r}), by=None)",
    )
    assert viki.refresh(got["refresh_token"]).json()["error"] == "invalid_grant"
    address = viki.app.load_server_metadata()["userinfo_endpoint"]
    bearer = {"Authorization": f"Bearer {got['access_token']}"}
    assert httpx.get(address, headers=bearer).status_code == 401
    assert viki.wait_for_logout(heard + 1)["sid"] == got["userinfo"]["sid"]


def test_bo_sees_his_services_and_leaves_one(surroundings: Surroundings, window: Window) -> None:
    viki = surroundings.viki.meet(surroundings.issuer)
    heard = len(viki.logout_tokens)
    got = window.signs_in_to(viki, surroundings.platform.person("bo"))
    window.go(f"{surroundings.platform.url}/adgang/konto/")
    window.page.get_by_role("link", name="Andre tjenester").click()
    row = window.page.get_by_role("listitem").filter(has_text="Viki")
    expect(row).to_contain_text("Logget ind siden")
    chromium.looked_at(window.page, "andre-tjenester")
    row.get_by_role("button", name="Log ud").click()
    expect(window.page.get_by_role("status")).to_contain_text("Viki logger dig ud nu.")
    expect(row).to_have_count(0)
    assert viki.wait_for_logout(heard + 1)["sid"] == got["userinfo"]["sid"]
    assert viki.refresh(got["refresh_token"]).json()["error"] == "invalid_grant"


def test_egon_and_dorthe_are_turned_away(surroundings: Surroundings, window: Window) -> None:
    viki = surroundings.viki.meet(surroundings.issuer)
    window.go(viki.sign_in_at())
    window.sign_in(surroundings.platform.person("egon"))
    window.page.wait_for_url("**/adgang/ikke-med-endnu/**")
    window.go(viki.sign_in_at())
    window.sign_in(surroundings.platform.person("dorthe"))
    expect(window.page.get_by_role("heading", name="Du har ikke adgang til Viki")).to_be_visible()
    assert chromium.violations(window.page) == []
    window.page.get_by_role("link", name="Tilbage til Viki").click()
    with pytest.raises(OAuthError, match="access_denied"):
        viki.take(window.arrives(viki.callback))


def test_a_code_is_worth_nothing_without_the_secret_or_twice(
    surroundings: Surroundings, window: Window
) -> None:
    viki = surroundings.viki.meet(surroundings.issuer, secret="0" * 64)
    window.go(viki.sign_in_at())
    window.sign_in(surroundings.platform.person("bo"))
    came_back = window.arrives(viki.callback)
    state = dict(viki.session)
    with pytest.raises(OAuthError, match="invalid_client"):
        viki.take(came_back)
    viki.meet(surroundings.issuer)
    viki.session = dict(state)
    got = viki.take(came_back)
    viki.session = dict(state)
    with pytest.raises(OAuthError, match="invalid_grant"):
        viki.take(came_back)
    assert viki.refresh(got["refresh_token"]).json()["error"] == "invalid_grant"


def test_what_was_not_agreed_on_is_refused(surroundings: Surroundings, window: Window) -> None:
    viki = surroundings.viki.meet(surroundings.issuer, scope="openid calendar")
    window.go(viki.sign_in_at())
    with pytest.raises(OAuthError, match="invalid_scope"):
        viki.take(window.arrives(viki.callback))
    asked = viki.sign_in_at().replace("%2Fcallback", "%2Felsewhere")
    window.go(asked)
    expect(window.page.get_by_role("heading", name="Tjenesten spurgte forkert")).to_be_visible()


def test_the_issuer_is_ours_whatever_host_is_asked(surroundings: Surroundings) -> None:
    said = httpx.get(f"{surroundings.issuer}/.well-known/openid-configuration").json()
    assert said["issuer"] == surroundings.issuer
    path = "/adgang/oidc/.well-known/openid-configuration"
    forged = {"Host": "evil.example"}
    assert httpx.get(surroundings.platform.url + path, headers=forged).status_code == 421
    portal = f"http://127.0.0.1:{surroundings.platform.ports['portal']}"
    assert httpx.get(portal + path, headers=forged).status_code == 400
    assert httpx.get(portal + path).json() == said


def test_no_log_holds_a_secret(surroundings: Surroundings, window: Window) -> None:
    viki = surroundings.viki.meet(surroundings.issuer)
    heard = len(viki.logout_tokens)
    window.go(viki.sign_in_at())
    window.sign_in(surroundings.platform.person("bo"))
    came_back = window.arrives(viki.callback)
    got = viki.take(came_back)
    viki.answers = [500]
    window.go(viki.sign_out_at(got["id_token"]))
    window.arrives(viki.goodbye)
    viki.wait_for_logout(heard + 2)
    logs = list(surroundings.platform.folders.logs.rglob("*.log"))
    kept = "\n".join(file.read_text(errors="replace") for file in logs)
    assert "a sign-out was not taken by viki: HTTP 500" in kept, (
        "an operator sees which service did not listen"
    )
    code = came_back.partition("code=")[2].partition("&")[0]
    tokens = [got[kind] for kind in ("id_token", "access_token", "refresh_token")]
    for secret in (viki.secret, surroundings.bogreol.secret, code, *tokens, *viki.logout_tokens):
        assert secret
        assert secret not in kept
