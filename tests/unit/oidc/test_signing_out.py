"""Who came by an OpenID Provider and signs out is signed out there as well, where that is asked for."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import people
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from openid import CLIENT_ID, Authority

from samtale.identity.models import Person
from samtale.lifecycle import conduct
from samtale.oidc import discovery, http
from samtale_testidp.people import REGION

OUT = "/adgang/log-ud/hos/region/"
SIGNED_OUT = "/adgang/logget-ud/"


@pytest.fixture(autouse=True)
def asked_for(region: Authority, settings: Any) -> None:
    people.organisation("Region Midtjylland")
    section = replace(settings.CONFIG.oidc["region"], sign_out=True)
    settings.CONFIG = replace(settings.CONFIG, oidc={"region": section})


def came_in(browser: Client, region: Authority) -> None:
    region.sign_in(browser, "carla")
    Person.objects.update(welcomed_at=timezone.now(), accepted_conduct=conduct.VERSION)
    assert browser.get("/adgang/konto/").status_code == 200


def test_it_leads_there_and_back(region: Authority, browser: Client) -> None:
    came_in(browser, region)
    left = browser.post("/adgang/log-ud/")
    assert (left.status_code, left["Location"]) == (303, OUT)
    assert browser.get("/adgang/konto/").status_code == 302
    page = browser.get(OUT)
    assert (page.status_code, page.headers.get("Location")) == (200, None), "a form led here"
    target = page["Refresh"].removeprefix("0; url=")
    assert target.startswith(f"{region.provider.issuer}/logout?")
    assert parse_qs(urlsplit(target).query) == {
        "client_id": [CLIENT_ID],
        "post_logout_redirect_uri": [django_settings.CONFIG.public_url + SIGNED_OUT],
    }
    back = httpx.get(target)
    assert (back.status_code, back.headers["Location"]) == (
        303,
        django_settings.CONFIG.public_url + SIGNED_OUT,
    )


@pytest.mark.parametrize("wrong", ["client_id=other", "post_logout_redirect_uri=https%3A%2F%2Fevil.example"])
def test_the_test_provider_sends_nobody_elsewhere(region: Authority, wrong: str) -> None:
    back = f"post_logout_redirect_uri={django_settings.CONFIG.public_url}{SIGNED_OUT}"
    right = {"client_id": f"client_id={CLIENT_ID}", "post_logout_redirect_uri": back}
    query = "&".join((right | {wrong.partition("=")[0]: wrong}).values())
    assert httpx.get(f"{region.provider.issuer}/logout?{query}").status_code == 400


def test_unless_nobody_asked_for_it(region: Authority, browser: Client, settings: Any) -> None:
    section = replace(settings.CONFIG.oidc["region"], sign_out=False)
    settings.CONFIG = replace(settings.CONFIG, oidc={"region": section})
    came_in(browser, region)
    assert browser.post("/adgang/log-ud/")["Location"] == SIGNED_OUT
    assert browser.get(OUT).status_code == 404


def test_who_came_with_a_password_just_leaves(region: Authority) -> None:
    local = people.client_for(people.carla())
    assert local.post("/adgang/log-ud/")["Location"] == SIGNED_OUT


def test_a_provider_that_has_no_such_place(
    region: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = replace(discovery.provider(region.provider.issuer), end_session_endpoint=None)
    monkeypatch.setattr(discovery, "provider", lambda _: found)
    assert browser.get(OUT)["Location"] == SIGNED_OUT


def test_a_provider_that_is_away(
    region: Authority, browser: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_: str) -> discovery.Provider:
        raise http.Unreachable("it does not answer")

    monkeypatch.setattr(discovery, "provider", away)
    assert browser.get(OUT)["Location"] == SIGNED_OUT
    assert "nobody is signed out at region: it does not answer" in caplog.text


@pytest.mark.parametrize("slug", ["nobody", "REGION", "-"])
def test_a_way_that_there_is_not(browser: Client, slug: str) -> None:
    assert browser.get(f"/adgang/log-ud/hos/{slug}/").status_code == 404


def test_it_is_for_the_one_whose_session_began_there(region: Authority, browser: Client) -> None:
    came_in(browser, region)
    assert str(Person.objects.get().organisation) == REGION.name
    elsewhere = people.client_for(Person.objects.get())
    assert elsewhere.post("/adgang/log-ud/")["Location"] == SIGNED_OUT
