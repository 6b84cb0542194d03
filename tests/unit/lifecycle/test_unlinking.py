"""The ways in on the account page, and taking one away: never the last, never silently."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import people
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection, connections
from django.test import Client
from federation import SLUG, Municipality
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.audit.models import Entry
from samtale.config_sections import OiosamlSection
from samtale.identity import last_way
from samtale.identity.models import Person
from samtale.lifecycle import accounts
from samtale_testidp.people import ANNA

ACCOUNT = "/adgang/konto/"
LINK = f"/adgang/tilfoej/{SLUG}/"
LAST = "Det er din eneste måde at logge ind på"


def linked(person: Person, *, source: str = SLUG, subject: str = ANNA.serial) -> SocialAccount:
    return SocialAccount.objects.create(user=person, provider=source, uid=f"55133018:{subject}")


def path_of(account: SocialAccount) -> str:
    return f"/adgang/fjern/{account.pk}/"


def signed_in(person: Person) -> Client:
    """With the password, just now."""
    client = Client(headers={"accept-language": "da"})
    client.post("/adgang/log-ind/", {"login": person.email, "password": people.PASSWORD})
    return client


def without_password(person: Person) -> None:
    person.set_unusable_password()
    person.save()


def with_passkey(person: Person, *, alone: bool | None = True) -> Authenticator:
    """A key as allauth keeps it. ``alone``: what the browser said of whether it can sign in alone."""
    said = {} if alone is None else {"credProps": {"rk": alone}}
    data = {"name": "Min bærbare", "credential": {"clientExtensionResults": said}}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)


def mails() -> list[dict[str, Any]]:
    return [
        job.args for job in ProcrastinateJob.objects.filter(task_name="identity.send_mail").order_by("pk")
    ]


@pytest.fixture
def anna(municipality: Municipality) -> Person:
    return people.anna()


@pytest.fixture
def account(anna: Person) -> SocialAccount:
    return linked(anna)


def test_the_page_names_every_way_and_offers_those_that_are_not_there(anna: Person) -> None:
    browser = signed_in(anna)
    before = browser.get(ACCOUNT)
    assert f'action="{LINK}"' in before.text
    assert "Endnu et login" not in before.text
    account = linked(anna)
    after = browser.get(ACCOUNT)
    assert "Din kommune" in after.text
    assert "Aarhus Kommune · brugt " in after.text
    assert f'href="{path_of(account)}"' in after.text
    # Whoever changes workplace gets another key with the same municipal sign-in.
    assert "Endnu et login: Din kommune" in after.text


def test_an_organisation_that_nobody_knows_is_named_by_its_number(anna: Person) -> None:
    SocialAccount.objects.create(user=anna, provider=SLUG, uid="99999999:x")
    assert "CVR 99999999" in signed_in(anna).get(ACCOUNT).text


def test_a_source_that_is_no_more_is_shown_and_can_be_removed(anna: Person) -> None:
    account = linked(anna, source="nedlagt")
    browser = signed_in(anna)
    assert "findes ikke mere" in browser.get(ACCOUNT).text
    browser.post(path_of(account))
    assert not SocialAccount.objects.exists()


def test_adding_one_is_told_by_mail(municipality: Municipality, anna: Person) -> None:
    municipality.sign_in(signed_in(anna), ANNA, start=LINK)
    (mail,) = mails()
    assert mail["address"] == "anna.jensen@aarhus.dk"
    assert "Du kan nu også logge ind på din konto med »Din kommune« (Aarhus Kommune)." in mail["text"]
    assert "skift din adgangskode" in mail["text"]


def test_who_comes_for_the_first_time_gets_no_mail_about_it(municipality: Municipality) -> None:
    people.organisation("Aarhus Kommune")
    municipality.sign_in(Client(), ANNA)
    assert SocialAccount.objects.count() == 1
    assert mails() == []


def test_it_asks_first_and_then_does_it(anna: Person, account: SocialAccount) -> None:
    browser = signed_in(anna)
    page = browser.get(path_of(account))
    assert "Fjern »Din kommune«" in page.text
    assert "Aarhus Kommune" in page.text
    assert SocialAccount.objects.exists()
    answer = browser.post(path_of(account))
    assert (answer.status_code, answer["Location"]) == (303, ACCOUNT)
    assert not SocialAccount.objects.exists()
    entry = Entry.objects.get(act="sign_in.unlinked")
    assert (entry.by, entry.on) == (anna, anna)
    assert entry.detail == {"source": SLUG, "cvr": "55133018"}
    (mail,) = mails()
    assert "Du kan ikke længere logge ind på din konto med »Din kommune«" in mail["text"]
    # Nothing else ends.
    assert "Du kan ikke længere logge ind på den måde." in browser.get(ACCOUNT).text


def test_the_mail_is_in_the_persons_language(anna: Person, account: SocialAccount) -> None:
    Person.objects.filter(pk=anna.pk).update(language="en")
    signed_in(anna).post(path_of(account))
    assert mails()[0]["subject"].startswith("OS2samtale: You can no longer sign in")


def test_a_session_that_began_that_way_goes_on(
    municipality: Municipality, anna: Person, account: SocialAccount
) -> None:
    browser = Client()
    municipality.sign_in(browser, ANNA)
    browser.post(path_of(account))
    assert not SocialAccount.objects.exists()
    assert browser.get(ACCOUNT).status_code == 200


def test_it_needs_a_sign_in_and_a_fresh_one(anna: Person, account: SocialAccount) -> None:
    assert Client().post(path_of(account))["Location"].startswith("/adgang/log-ind/")
    # Signed in without any record of when and how.
    stale = people.client_for(anna)
    for answer in (stale.get(path_of(account)), stale.post(path_of(account))):
        assert answer["Location"] == f"/adgang/bekraeft/?next=%2Fadgang%2Ffjern%2F{account.pk}%2F"
    assert SocialAccount.objects.exists()


def test_nobody_removes_what_is_somebody_elses(anna: Person, account: SocialAccount) -> None:
    for other in (people.bo(), people.carla()):
        browser = signed_in(other)
        assert browser.get(path_of(account)).status_code == 404
        assert browser.post(path_of(account)).status_code == 404
    assert SocialAccount.objects.get().user == anna


def test_what_is_none_is_not_found(anna: Person) -> None:
    browser = signed_in(anna)
    for path in ("/adgang/fjern/999999/", "/adgang/fjern/x/", "/adgang/fjern/-1/"):
        assert browser.post(path).status_code == 404


def test_a_form_of_another_site_removes_nothing(anna: Person, account: SocialAccount) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(anna)
    assert browser.post(path_of(account)).status_code == 403
    assert SocialAccount.objects.exists()


def test_the_last_way_stays(municipality: Municipality, anna: Person, account: SocialAccount) -> None:
    without_password(anna)
    browser = Client(headers={"accept-language": "da"})
    municipality.sign_in(browser, ANNA)
    page = browser.get(ACCOUNT)
    assert "din eneste måde at logge ind på" in page.text
    assert path_of(account) not in page.text
    for ask in (browser.get, browser.post):
        assert ask(path_of(account))["Location"] == ACCOUNT
        assert LAST in browser.get(ACCOUNT).text
    assert SocialAccount.objects.exists()
    assert not Entry.objects.filter(act="sign_in.unlinked").exists()
    assert mails() == []


def no_address(person: Person) -> None:
    person.email = None
    person.save()


def _factor(person: Person) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})


def _become(role: str) -> Callable[[Person], None]:
    def become(person: Person) -> None:
        person.role = Person.Role(role)
        person.save()

    return become


#: What is there besides the one that goes, and whether that is enough.
BESIDE: dict[str, tuple[list[Callable[[Person], Any]], bool]] = {
    "a password": ([], True),
    "a password and no address to type": ([no_address], False),
    "nothing": ([without_password], False),
    "another source": ([without_password, lambda one: linked(one, subject="another")], True),
    "a source that is no more": ([without_password, lambda one: linked(one, source="nedlagt")], False),
    "a passkey": ([without_password, with_passkey], True),
    "a passkey of which nothing was said": (
        [without_password, lambda one: with_passkey(one, alone=None)],
        True,
    ),
    "a passkey that is a second factor only": (
        [without_password, lambda one: with_passkey(one, alone=False)],
        False,
    ),
    "a code app alone": ([without_password, _factor], False),
    "a guest's password": ([_become("guest")], False),
    "an administrator's password": ([_become("administrator")], False),
    "an owner's password": ([_become("owner")], False),
    "an administrator's password and code app": ([_become("administrator"), _factor], True),
    "an administrator's passkey": ([_become("administrator"), without_password, with_passkey], True),
    "an administrator's other source": (
        [_become("administrator"), without_password, lambda one: linked(one, subject="another")],
        True,
    ),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_counts_as_a_way(anna: Person, account: SocialAccount, name: str) -> None:
    changes, is_enough = BESIDE[name]
    for change in changes:
        change(anna)
    assert last_way.is_left(anna, without=account) is is_enough
    assert accounts.disconnect(anna, account, by=anna, address=None) is is_enough
    assert SocialAccount.objects.filter(pk=account.pk).exists() is not is_enough


def test_a_passkey_that_is_the_last_way_stays_too(
    municipality: Municipality, anna: Person, account: SocialAccount
) -> None:
    without_password(anna)
    browser = Client(headers={"accept-language": "da"})
    municipality.sign_in(browser, ANNA)
    account.delete()
    key = with_passkey(anna)
    path = f"/adgang/adgangsnoegler/{key.pk}/fjern/"
    assert browser.post(path)["Location"] == ACCOUNT
    assert Authenticator.objects.filter(pk=key.pk).exists()
    assert LAST in browser.get(ACCOUNT).text
    linked(anna)
    browser.post(path)
    assert not Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_that_are_removed_at_once_do_not_both_go(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one looks what is left, and waits there until the second one is held up or done."""
    section = OiosamlSection(name="Din kommune", metadata="x", cvr=("55133018",))
    settings.CONFIG = replace(settings.CONFIG, oiosaml={SLUG: section})
    anna = people.anna()
    without_password(anna)
    first, second = linked(anna), linked(anna, subject="another")
    looking, second_is_done = threading.Event(), threading.Event()
    is_left = last_way.is_left

    def is_left_slowly(person: Person, *, without: SocialAccount) -> bool:
        answer = is_left(person, without=without)
        if without.pk == first.pk:
            looking.set()
            while not second_is_done.wait(0.02) and not somebody_waits():
                pass
        return answer

    monkeypatch.setattr(last_way, "is_left", is_left_slowly)
    removed: dict[int, bool] = {}

    def remove(account: SocialAccount, done: threading.Event | None = None) -> None:
        try:
            removed[account.pk] = accounts.disconnect(anna, account, by=anna, address=None)
        finally:
            connections.close_all()
            if done:
                done.set()

    one = threading.Thread(target=remove, args=(first,))
    one.start()
    assert looking.wait(60)
    other = threading.Thread(target=remove, args=(second, second_is_done))
    other.start()
    one.join(60)
    other.join(60)
    assert removed == {first.pk: True, second.pk: False}
    assert SocialAccount.objects.get() == second


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the view would go on saying what it said first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'"
        )
        (waiting,) = cursor.fetchone()
    return bool(waiting)
