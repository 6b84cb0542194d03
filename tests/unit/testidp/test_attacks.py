"""Every wrong answer can be sent from the page, and none of them is accepted."""

import re

import httpx
import pytest
from saml_service import Service

from samtale.oiosaml.refusal import Refused
from samtale_testidp import evil
from samtale_testidp.answers import OIOSAML_JAVA
from samtale_testidp.evil.attack import sub
from samtale_testidp.provider import Provider


def attacks_on(page: str) -> list[str]:
    return re.findall(r'name="attack" value="([^"]+)"', page)


def evil_page(browser: httpx.Client, service: Service) -> str:
    return browser.get(service.request().replace("/sso?", "/evil?")).text


def test_every_button_sends_an_answer_that_is_refused(browser: httpx.Client, service: Service) -> None:
    service.accept(browser.post(service.request(), data={"person": "anna"}).text)
    slugs = attacks_on(evil_page(browser, service))
    assert slugs == [attack.slug for attack in evil.ATTACKS]
    for slug in slugs:
        page = browser.post(service.request(), data={"attack": slug})
        assert page.status_code == 200, slug
        with pytest.raises(Refused):
            service.accept(page.text)


def test_an_attack_signs_nobody_in(browser: httpx.Client, service: Service) -> None:
    browser.post(service.request(), data={"attack": "unsigned"})
    assert 'value="anna"' in browser.get(service.request()).text


def test_what_uses_an_earlier_answer_needs_one(browser: httpx.Client, service: Service) -> None:
    page = evil_page(browser, service)
    off = re.findall(r'value="([^"]+)" disabled', page)
    assert (
        off
        == [attack.slug for attack in evil.ATTACKS if attack.needs_earlier]
        == ["replay", "used-assertion"]
    )
    answer = browser.post(service.request(), data={"attack": "replay"})
    assert answer.status_code == 400
    assert "somebody must sign in first" in answer.text


def test_other_encryption_is_not_called_an_attack_where_it_is_expected(
    browser: httpx.Client, service: Service, running: Provider
) -> None:
    running.how = OIOSAML_JAVA
    assert "aes256-cbc" not in attacks_on(evil_page(browser, service))
    assert "unsigned" in attacks_on(evil_page(browser, service))


def test_an_attack_that_nobody_knows(browser: httpx.Client, service: Service) -> None:
    answer = browser.post(service.request(), data={"attack": "kindness"})
    assert answer.status_code == 400
    assert "attack must be one of those" in answer.text


def test_names_are_told_apart() -> None:
    for names in zip(*((attack.slug, attack.da, attack.en) for attack in evil.ATTACKS), strict=True):
        assert len(set(names)) == len(names)
    assert len(evil.ATTACKS) >= 40


def test_a_change_that_changes_nothing_is_no_attack() -> None:
    with pytest.raises(ValueError, match="nothing matches"):
        sub("Destination", "")("<samlp:Response/>")
