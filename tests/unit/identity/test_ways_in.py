"""Which ways in the page for signing in shows, and finding one's authority by name."""

from dataclasses import replace
from typing import Any

import people
import pytest
from django.test import Client

from samtale.config_sections import OidcSection, OiosamlSection

MUNICIPALITY = OiosamlSection(name="din kommune", metadata="x", cvr=("55133018",))


def authority(name: str, *cvr: str) -> OidcSection:
    return OidcSection(
        name=name, issuer="https://x.example", client_id="c", secret_file="s", cvr=cvr, cvr_claim="cvr"
    )


MIDT, SOUTH, STATE = (
    authority("Region Midtjylland", "29190925"),
    authority("Region Syddanmark", "29190909"),
    authority("Statens It", "55133018"),
)


@pytest.fixture
def known(settings: Any) -> Any:
    """Says which ways there are."""

    def say(**ways: dict[str, Any]) -> None:
        settings.CONFIG = replace(
            settings.CONFIG, **{"oiosaml": {}, "broker": {}, "oidc": {}, "saml": {}, **ways}
        )

    return say


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "da"})


def page(browser: Client, path: str = "/adgang/log-ind/") -> str:
    return browser.get(path).text


@pytest.mark.django_db
def test_what_is_not_configured_is_not_drawn(known: Any, browser: Client) -> None:
    known()
    assert "Region eller stat" not in page(browser)
    assert "Log ind med din" not in page(browser)
    known(oiosaml={"a": MUNICIPALITY})
    assert "Region eller stat" not in page(browser)
    assert "Log ind med din kommune" in page(browser)


@pytest.mark.django_db
def test_one_authority_is_a_link_and_several_a_search(known: Any, browser: Client) -> None:
    known(oiosaml={"a": MUNICIPALITY}, oidc={"midt": MIDT})
    shown = page(browser, "/adgang/log-ind/?next=/p/os2display")
    assert '/adgang/log-ind/med/midt/?next=%2Fp%2Fos2display"' in shown
    assert "/adgang/log-ind/myndighed/" not in shown
    known(oiosaml={"a": MUNICIPALITY}, oidc={"midt": MIDT, "syd": SOUTH})
    shown = page(browser, "/adgang/log-ind/?next=/p/os2display")
    assert '/adgang/log-ind/myndighed/?next=%2Fp%2Fos2display"' in shown
    assert "/med/midt/" not in shown


@pytest.mark.django_db
def test_without_a_municipality_the_authority_is_the_way(known: Any, browser: Client) -> None:
    known(oidc={"midt": MIDT})
    shown = page(browser)
    assert "Log ind med Region Midtjylland" in shown
    assert "Region eller stat" not in shown
    assert "(FKA)" not in shown
    known(oidc={"midt": MIDT, "syd": SOUTH})
    assert "Log ind med din myndighed" in page(browser)


@pytest.mark.django_db
def test_the_one_that_was_used_last_stands_first(known: Any, browser: Client) -> None:
    known(oiosaml={"a": MUNICIPALITY}, oidc={"midt": MIDT, "syd": SOUTH})
    browser.cookies["samtale_vej"] = "syd"
    shown = page(browser)
    assert shown.index("Log ind med Region Syddanmark") < shown.index("Log ind med din kommune")
    assert "Log ind med Region Midtjylland" not in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Region Midtjylland", "Region Syddanmark", "Statens It"]),
        ("region", ["Region Midtjylland", "Region Syddanmark"]),
        ("MIDT", ["Region Midtjylland"]),
        ("midt  region", ["Region Midtjylland"]),
        ("aarhus", ["Statens It"]),
        ("Århus", ["Statens It"]),
        ("jylland", []),
        ("<b>", []),
    ],
)
def test_finding_ones_authority(known: Any, browser: Client, query: str, found: list[str]) -> None:
    people.organisation("Aarhus Kommune")
    known(oidc={"midt": MIDT, "syd": SOUTH, "stat": STATE})
    answer = browser.get("/adgang/log-ind/myndighed/", {"q": query, "next": "/p/os2display"})
    assert [way.name for way in answer.context["found"]] == found
    assert answer.text.count("?next=%2Fp%2Fos2display") == len(found) + 1
    assert "<b>«" not in answer.text
    assert ("Ingen myndighed her hedder" in answer.text) is not bool(found)


@pytest.mark.django_db
def test_a_way_out_of_the_portal_is_not_carried_along(known: Any, browser: Client) -> None:
    known(oidc={"midt": MIDT, "syd": SOUTH})
    answer = browser.get("/adgang/log-ind/myndighed/", {"next": "https://evil.example/"})
    assert answer.context["next"] == ""
    assert 'href="/adgang/log-ind/med/midt/"' in answer.text
