"""Somebody from a region comes in with the region's own OpenID Provider."""

from dataclasses import replace
from typing import Any

import people
import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.test import Client
from openid import Authority, arrive

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.oidc import discovery, http
from samtale.oidc.models import PendingSignIn
from samtale_testidp.openid import tokens
from samtale_testidp.people import REGION, find

CARLA = find("carla")
assert CARLA is not None
KEY = f"{REGION.cvr}:{CARLA.serial}"


def signed_in(client: Client) -> Person | None:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key) if key else None


@pytest.fixture(autouse=True)
def organisation(db: None) -> None:
    people.organisation("Region Midtjylland")


@pytest.fixture
def carla(region: Authority) -> Person:
    """She came this way before."""
    person = people.carla()
    SocialAccount.objects.create(user=person, provider="region", uid=KEY)
    return person


def test_a_new_official_gets_an_account(region: Authority, browser: Client) -> None:
    region.sign_in(browser, "niels")
    niels = signed_in(browser)
    assert niels is not None
    assert (niels.name, niels.email, niels.role) == ("Niels Aagaard", "niels.aagaard@rm.dk", "member")
    assert str(niels.organisation) == "Region Midtjylland"
    (account,) = SocialAccount.objects.all()
    assert (account.user, account.provider, account.uid[:9]) == (niels, "region", f"{REGION.cvr}:")
    assert [entry.act for entry in Entry.objects.order_by("pk")] == [
        "person.arrived",
        "sign_in.linked",
        "sign_in",
    ]
    assert not PendingSignIn.objects.exists()


def test_who_came_before_is_the_same_person(region: Authority, browser: Client, carla: Person) -> None:
    answer = region.sign_in(browser, "carla", start=f"{region.start}?next=%2Fp%2Fos2display")
    assert signed_in(browser) == carla
    assert answer["Location"] == "/p/os2display"


def test_the_address_alone_leads_to_nobody(region: Authority, browser: Client) -> None:
    carla = people.carla()
    Person.objects.filter(pk=carla.pk).update(last_login="2026-11-01T09:00Z")
    answer = region.sign_in(browser, "carla")
    assert answer["Location"] == "/adgang/samme-adresse/"
    assert signed_in(browser) is None
    assert not SocialAccount.objects.exists()


def test_what_is_asked_is_what_the_standard_wants(region: Authority, browser: Client) -> None:
    leaving = browser.get(region.start)
    asked = region.asked(leaving)
    assert asked | {"state": "", "nonce": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": "os2samtale",
        "redirect_uri": f"{settings.CONFIG.public_url}/adgang/log-ind/retur/region/",
        "scope": "openid profile email",
        "state": "",
        "nonce": "",
        "code_challenge": "",
        "code_challenge_method": "S256",
    }
    (cookie,) = (one for name, one in leaving.cookies.items() if name.startswith("oidc-"))
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"]) == ("Lax", True, 600)
    assert cookie.value not in leaving["Location"]
    other = region.asked(Client().get(region.start))
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_with_https_the_cookie_is_this_hosts_alone(region: Authority, browser: Client, settings: Any) -> None:
    settings.OIDC = replace(settings.OIDC, base_url="https://samtale.example.dk")
    (cookie,) = (one for name, one in browser.get(region.start).cookies.items() if "oidc-" in name)
    assert cookie.key.startswith("__Host-oidc-")
    assert cookie["secure"]


def test_a_secret_goes_into_the_form_where_a_header_is_not_taken(
    region: Authority, browser: Client, carla: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = discovery.provider(region.provider.issuer)
    monkeypatch.setitem(
        discovery._providers, said.issuer, (discovery.time.monotonic(), replace(said, basic=False))
    )
    region.sign_in(browser, "carla")
    assert signed_in(browser) == carla


def test_a_role_that_is_asked_for_decides_who_comes_in(
    region: Authority, browser: Client, carla: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = replace(settings.CONFIG.oidc["region"], role_claim="roles", member_role="samtale")
    settings.CONFIG = replace(settings.CONFIG, oidc={"region": section})
    answer = region.sign_in(browser, "carla")
    assert answer["Location"] == "/adgang/log-ind/"
    assert signed_in(browser) is None
    true = tokens.claims
    monkeypatch.setattr(tokens, "claims", lambda *given: {**true(*given), "roles": ["samtale"]})
    region.sign_in(browser, "carla")
    assert signed_in(browser) == carla


def test_federation_privileges_from_a_region_give_nothing(
    region: Authority, browser: Client, carla: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = tokens.claims
    freja = find("freja")
    assert freja is not None
    rights = tokens.attribute_value(freja.roles, cvr=REGION.cvr, host="localhost")
    monkeypatch.setattr(
        tokens, "claims", lambda *given: {**true(*given), "privileges": rights, "roles": ["administrator"]}
    )
    region.sign_in(browser, "carla")
    carla.refresh_from_db()
    assert (signed_in(browser), carla.role) == (carla, "member")


def test_medlem_is_a_word_of_the_federation(
    region: Authority, browser: Client, carla: Person, settings: Any
) -> None:
    settings.CONFIG = replace(settings.CONFIG, fka=replace(settings.CONFIG.fka, require_medlem=True))
    region.sign_in(browser, "carla")
    assert signed_in(browser) == carla


def test_who_gives_up_is_back_and_nobody(region: Authority, browser: Client) -> None:
    back = region.answer(browser.get(f"{region.start}?next=%2Fp%2Fos2display"), cancel="1")
    answer = arrive(browser, back)
    assert answer["Location"] == "/adgang/log-ind/?next=%2Fp%2Fos2display"
    assert "Du blev ikke logget ind. Prøv igen" in browser.get(answer["Location"]).text
    assert Entry.objects.get().act == "sign_in.given_up"


def test_an_authority_that_is_away_is_told_kindly(region: Authority, browser: Client, settings: Any) -> None:
    provider = replace(settings.OIDC.providers["region"], issuer="http://127.0.0.1:9/oidc")
    settings.OIDC = replace(settings.OIDC, providers={"region": provider})
    answer = browser.get(region.start, follow=True)
    assert "virker ikke lige nu" in answer.text


def test_a_provider_that_is_away_is_not_waited_for_again_and_again(
    region: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = discovery.ask

    def away(method: str, address: str) -> tuple[int, dict[str, Any]]:
        asked.append(address)
        raise http.Unreachable("it does not answer")

    monkeypatch.setattr(discovery, "ask", away)
    for _ in range(3):
        assert browser.get(region.start)["Location"] == "/adgang/log-ind/"
    assert len(asked) == 1
    monkeypatch.setattr(discovery, "ask", real)
    monkeypatch.setattr(discovery, "PATIENCE", 0.0)
    region.asked(browser.get(region.start))


def test_a_secret_that_is_gone_is_told_to_the_operator_alone(
    region: Authority, browser: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    back = region.answer(browser.get(region.start), person="carla")
    settings.OIDC.providers["region"].secret_file.unlink()
    answer = arrive(browser, back)
    assert answer["Location"] == "/adgang/log-ind/"
    assert "cannot be read" in caplog.text
    assert signed_in(browser) is None


def test_confirming_asks_for_a_new_sign_in_and_believes_no_old_one(
    region: Authority, browser: Client, carla: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    region.sign_in(browser, "carla")
    confirm = "/adgang/bekraeft/med/region/?next=%2Fadgang%2Fkonto%2F"
    leaving = browser.get(confirm)
    assert {"prompt": "login", "max_age": "0"}.items() <= region.asked(leaving).items()
    assert arrive(browser, region.answer(leaving, person="carla"))["Location"] == "/adgang/konto/"
    true = tokens.claims
    for changed in ({"auth_time": 1}, {"auth_time": None}, {"auth_time": "now"}, {"auth_time": True}):
        monkeypatch.setattr(tokens, "claims", lambda *given, changed=changed: {**true(*given), **changed})
        assert region.sign_in(browser, "carla", start=confirm).status_code == 400


def test_somebody_else_cannot_confirm(region: Authority, browser: Client, carla: Person) -> None:
    region.sign_in(browser, "carla")
    answer = region.sign_in(browser, "niels", start="/adgang/bekraeft/med/region/")
    assert answer["Location"] == "/adgang/bekraeft/"


def test_it_is_linked_by_who_is_signed_in_to_both(region: Authority, browser: Client) -> None:
    anna = people.anna()
    browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
    region.sign_in(browser, "carla", start="/adgang/tilfoej/region/")
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid) == (anna, "region", KEY)


def test_nobody_is_asked_in_silence(region: Authority, browser: Client) -> None:
    leaving = browser.get("/adgang/log-ind/i-stilhed/region/?next=%2Fp%2Fos2display")
    assert region.asked(leaving)["prompt"] == "none"
    answer = arrive(browser, region.silence(leaving))
    assert answer["Location"] == "/p/os2display"
    assert signed_in(browser) is None
    # Nobody did anything that is worth an entry.
    assert not Entry.objects.exists()
