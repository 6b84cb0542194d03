"""A person sees which services sign them in, and leaves one."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import people
from django.test import Client
from django.utils import timezone
from matrix_oauth import browser_of
from procrastinate.contrib.django.models import ProcrastinateJob
from sso_client import BASE, CONSENT, USERINFO, Asking

from samtale.audit.models import Entry
from samtale.identity.models import Person
from samtale.sso.models import Consent, Session

PAGE = f"{BASE}/tjenester/"


def withdraw(browser: Client, service: str) -> Any:
    return browser.post(f"{PAGE}{service}/fjern/")


def agree(browser: Client, asking: Asking) -> None:
    browser.post(f"{CONSENT}?{urlsplit(asking.url).query}", {"allow": "yes"})


def text(browser: Client) -> str:
    return " ".join(browser.get(PAGE, headers={"accept-language": "da"}).text.split())


def jobs() -> list[str]:
    return list(ProcrastinateJob.objects.values_list("task_name", flat=True))


def test_it_is_for_who_is_signed_in(nobody: Client) -> None:
    for answer in (nobody.get(PAGE), withdraw(nobody, "zulip")):
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/adgang/log-ind/")


def test_at_first_there_is_none(browser: Client) -> None:
    assert "Du er ikke logget ind på andre tjenester" in text(browser)
    assert PAGE in browser.get("/adgang/konto/").text


def test_where_no_service_is_configured_nothing_leads_there(browser: Client, settings: Any) -> None:
    settings.CONFIG = replace(settings.CONFIG, sso={})
    assert PAGE not in browser.get("/adgang/konto/").text
    assert withdraw(browser, "zulip").status_code == 404


def test_one_sees_where_one_is_and_what_is_told(browser: Client) -> None:
    Asking("zulip").tokens(browser)
    agree(browser, Asking("forgejo", scope="openid profile"))
    forgejo, zulip = (row for row in text(browser).split("<li>") if "Får at vide" in row)
    assert "<b>Zulip</b>" in zulip
    assert "Logget ind siden" in zulip
    assert "Får at vide: navn, e-mail, organisation, rolle, fællesskaber, et tilfældigt" in zulip
    assert "> Log ud<" in zulip.replace('">', "> ")
    assert "<b>Forgejo</b>" in forgejo
    assert "Du er ikke logget ind lige nu · Får at vide: navn, et tilfældigt" in forgejo
    assert "Fjern adgang" in forgejo


def test_a_code_that_nobody_fetched_is_no_sign_in(browser: Client) -> None:
    Asking("zulip").code(browser)
    assert "Zulip" not in text(browser)


def test_a_sign_in_that_ran_out_is_none(browser: Client) -> None:
    Asking("zulip").tokens(browser)
    Session.objects.update(runs_out_at=timezone.now())
    assert "Zulip" not in text(browser)


def test_leaving_ends_it_in_every_browser_and_tells_the_service(browser: Client, anna: Person) -> None:
    tokens = [Asking("zulip").tokens(each) for each in (browser, browser_of(anna))]
    app = Asking("app", scope="openid profile").tokens(browser)
    answer = withdraw(browser, "zulip")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "Zulip logger dig ud nu." in text(browser)
    for each in tokens:
        bearer = {"authorization": f"Bearer {each['access_token']}"}
        assert Client().get(USERINFO, headers=bearer).status_code == 401
    bearer = {"authorization": f"Bearer {app['access_token']}"}
    assert Client().get(USERINFO, headers=bearer).status_code == 200, "the others stay"
    assert jobs().count("sso.send_logout") == 2
    ended = Entry.objects.filter(act="sso.signed_out", on=anna)
    assert [entry.detail["reason"] for entry in ended] == ["withdrawn"] * 2


def test_whoever_was_asked_is_asked_again(browser: Client, anna: Person) -> None:
    asking = Asking("forgejo")
    agree(browser, asking)
    asking.tokens(browser)
    withdraw(browser, "forgejo")
    assert "Forgejo får ikke mere at vide om dig. Log også ud i tjenesten selv." in text(browser)
    assert not Consent.objects.exists()
    assert "Log ind på Forgejo?" in browser.get(Asking("forgejo").url).text
    entry = Entry.objects.get(act="sso.consent_withdrawn")
    assert (entry.by, entry.on, entry.subject) == (anna, anna, "forgejo")


def test_a_second_press_changes_nothing(browser: Client) -> None:
    Asking("zulip").tokens(browser)
    assert [withdraw(browser, "zulip").status_code for _ in range(2)] == [303, 303]
    assert jobs().count("sso.send_logout") == 1


def test_nobody_ends_what_is_somebody_elses(browser: Client) -> None:
    bo = browser_of(people.bo())
    Asking("zulip").tokens(bo)
    withdraw(browser, "zulip")
    assert "Zulip" in text(bo)


def test_a_service_that_there_is_not(browser: Client) -> None:
    assert withdraw(browser, "nextcloud").status_code == 404


def test_it_is_withdrawn_by_a_form_alone(browser: Client) -> None:
    assert browser.get(f"{PAGE}zulip/fjern/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert withdraw(strict, "zulip").status_code == 403
