"""Acts on people: what changes, what is written down, who hears of it, who may."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import people
import pytest
from allauth.account.forms import default_token_generator
from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.translation import override
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from samtale.audit import log, retention
from samtale.audit.models import Entry
from samtale.identity import actions, jobs, signals
from samtale.identity.access import refusal
from samtale.identity.addresses import client_address
from samtale.identity.models import BASE32, LETTERS, Person, new_localpart

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str]]]:
    told: list[tuple[str, str]] = []
    receivers = []
    for name in ("person_locked", "person_unlocked", "person_changed"):

        def listen(person: Person, name: str = name, **_: object) -> None:
            told.append((name, person.name))

        getattr(signals, name).connect(listen)
        receivers.append((name, listen))
    yield told
    for name, listen in receivers:
        getattr(signals, name).disconnect(listen)


def test_a_lock_signs_out_everywhere_at_once(heard: list[tuple[str, str]]) -> None:
    anna, freja = people.anna(), people.freja()
    browser = people.client_for(anna)
    browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
    assert actions.lock_person(anna, by=freja, address="192.0.2.1", why="left") is True
    assert browser.get("/adgang/konto/").status_code == 302
    assert refusal(anna) == "locked"
    entry = Entry.objects.get(act="person.locked")
    assert (entry.by, entry.on, entry.address, entry.detail["why"]) == (freja, anna, "192.0.2.1", "left")
    assert ("person_locked", "Anna Jensen") in heard
    assert actions.lock_person(anna, by=freja) is False
    assert Entry.objects.filter(act="person.locked").count() == 1


def test_an_unlocked_person_may_come_in_again(heard: list[tuple[str, str]]) -> None:
    anna, freja = people.anna(), people.freja()
    assert actions.unlock_person(anna, by=freja) is False
    actions.lock_person(anna, by=freja)
    assert actions.unlock_person(anna, by=freja) is True
    assert refusal(anna) is None
    assert heard == [("person_locked", "Anna Jensen"), ("person_unlocked", "Anna Jensen")]


def test_a_new_name_and_a_new_role_are_written_down(heard: list[tuple[str, str]]) -> None:
    anna, freja = people.anna(), people.freja()
    actions.rename_person(anna, " Anna  Åkjær ", by=freja)
    actions.rename_person(anna, "Anna Åkjær", by=freja)
    actions.change_role(anna, "administrator", by=freja)
    actions.change_role(anna, "administrator", by=freja)
    anna.refresh_from_db()
    assert (anna.name, anna.role) == ("Anna Åkjær", "administrator")
    assert Entry.objects.get(act="person.renamed").detail == {"before": "Anna Jensen"}
    assert Entry.objects.get(act="person.role").detail == {"before": "member", "after": "administrator"}
    assert heard == [("person_changed", "Anna Åkjær")] * 2


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="moderator"):
        actions.change_role(people.anna(), "moderator", by=people.freja())


def test_a_guest_stays_longer() -> None:
    dorthe = people.dorthe()
    Person.objects.filter(pk=dorthe.pk).update(expires_at="2020-01-01T00:00:00Z")
    dorthe.refresh_from_db()
    assert refusal(dorthe) == "expired"
    actions.prolong(dorthe, datetime(2126, 1, 1, tzinfo=UTC), by=people.bo())
    assert refusal(dorthe) is None


def test_an_organisation_that_pauses_takes_its_people_out(heard: list[tuple[str, str]]) -> None:
    anna = people.anna()
    browser = people.client_for(anna)
    actions.change_state(anna.organisation, "paused", by=people.freja())
    assert browser.get("/adgang/konto/").status_code == 302
    assert heard == [("person_locked", "Anna Jensen")]
    actions.change_state(anna.organisation, "joined", by=people.freja())
    assert heard[1:] == [("person_unlocked", "Anna Jensen")]
    assert Entry.objects.filter(act="organisation.state")[1].subject == "Aarhus Kommune"


def test_an_address_belongs_to_one_person_whatever_the_case() -> None:
    people.anna()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="ANNA.JENSEN@aarhus.dk", name="x")


def test_a_matrix_id_holds_nothing_personal() -> None:
    for _ in range(500):
        made = new_localpart()
        assert len(made) == 8
        assert made[0] in LETTERS
        assert set(made) <= set(BASE32)
        assert not set("ilou") & set(made)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "10.0.0.1, 192.0.2.1", "192.0.2.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
        ("198.51.100.9", "192.0.2.1", "198.51.100.9"),
        ("", "192.0.2.1", "192.0.2.1"),
        ("", "", None),
    ],
)
def test_only_our_own_proxy_says_where_a_request_comes_from(
    peer: str, forwarded: str, address: str | None
) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address


def test_the_audit_log_keeps_names_of_people_who_are_gone() -> None:
    anna, freja = people.anna(), people.freja()
    actions.lock_person(anna, by=freja)
    anna.delete()
    entry = Entry.objects.get(act="person.locked")
    assert (entry.on, entry.on_name, entry.by_name) == (None, "Anna Jensen", "Freja Lund")
    assert "Freja Lund: person.locked Anna Jensen" in str(entry)


def test_an_entry_of_the_audit_log_is_written_once() -> None:
    entry = log.record("person.locked", on=people.anna(), why="left")
    for change in ({"act": "nothing"}, {"detail": {}}, {"on_name": "Bo Ek"}, {"on": people.bo()}):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            Entry.objects.filter(pk=entry.pk).update(**change)
    entry.refresh_from_db()
    assert (entry.act, entry.on_name, entry.detail) == ("person.locked", "Anna Jensen", {"why": "left"})


def test_entries_are_kept_for_180_days() -> None:
    anna = people.anna()
    written = log.record("person.locked", on=anna).at
    assert retention.forget(written + timedelta(days=180)) == 0
    assert retention.forget(written + timedelta(days=180, seconds=1)) == 1


def test_a_person_may_have_every_entry_about_them() -> None:
    anna, freja = people.anna(), people.freja()
    log.record("person.locked", by=freja, on=anna, address="192.0.2.1")
    log.record("person.locked", by=freja, on=people.bo())
    (entry,) = retention.about(anna.pk)
    assert (entry["act"], entry["by"], entry["on"], entry["address"]) == (
        "person.locked",
        "Freja Lund",
        "Anna Jensen",
        "192.0.2.1",
    )
    assert len(list(retention.about(freja.pk))) == 2


def test_an_address_that_was_given_up_opens_nothing() -> None:
    anna = people.anna()
    default_token_generator.make_token(anna)
    Person.objects.filter(pk=anna.pk).update(email="anna.ny@aarhus.dk")
    browser = Client()
    for email, let_in in (("anna.jensen@aarhus.dk", False), ("anna.ny@aarhus.dk", True)):
        browser.post("/adgang/log-ind/", {"login": email, "password": people.PASSWORD})
        assert ("_auth_user_id" in browser.session) is let_in


def test_whose_time_runs_out_is_signed_out_once_and_may_come_back(heard: list[tuple[str, str]]) -> None:
    dorthe = people.dorthe()
    ends = datetime(2126, 1, 1, tzinfo=UTC)
    Person.objects.filter(pk=dorthe.pk).update(expires_at=ends)
    assert jobs.end_expired(int(ends.timestamp()) - 1) == 0
    Person.objects.filter(pk=dorthe.pk).update(expires_at=timezone.now())
    now = int(timezone.now().timestamp()) + 1
    assert [jobs.end_expired(now), jobs.end_expired(now)] == [1, 0]
    assert heard == [("person_locked", "Dorthe Holm")]
    assert Entry.objects.get(act="person.expired").on == dorthe
    dorthe.refresh_from_db()
    assert refusal(dorthe) == "expired"
    actions.prolong(dorthe, ends, by=people.bo())
    assert refusal(dorthe) is None
    assert heard[1:] == [("person_unlocked", "Dorthe Holm")]


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        (server_error, "Noget gik galt hos os"),
        (lambda request: bad_request(request, ValueError()), "Det kunne vi ikke læse"),
        (lambda request: permission_denied(request, PermissionError()), "Det må du ikke"),
        (lambda request: page_not_found(request, LookupError()), "Siden findes ikke"),
    ],
)
def test_every_error_has_a_page_of_ours(answer: Callable[[HttpRequest], HttpResponse], title: str) -> None:
    with override("da"):
        page = answer(RequestFactory().get("/adgang/"))
    assert page.status_code >= 400
    assert f"<h1>{title}</h1>" in page.text
