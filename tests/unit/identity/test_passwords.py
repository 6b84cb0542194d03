"""A forgotten password, a changed one, and showing again who one is."""

import re
from urllib.parse import urlsplit

import people
import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from samtale.audit.models import Entry
from samtale.identity import jobs
from samtale.identity.models import Person

pytestmark = pytest.mark.django_db

FORGOTTEN = "/adgang/glemt-adgangskode/"
NEW = "en helt anden adgangskode"


def run_jobs() -> None:
    for job in ProcrastinateJob.objects.filter(status="todo", task_name__startswith="identity.").order_by(
        "pk"
    ):
        {"identity.send_mail": jobs.send_mail, "identity.send_password_reset": jobs.send_password_reset}[
            job.task_name
        ](**job.args)
    ProcrastinateJob.objects.filter(task_name__startswith="identity.").delete()


def ask(client: Client, email: str):
    return client.post(FORGOTTEN, {"email": email})


def link_in_mail() -> str:
    found = re.search(r"http://\S+", str(mail.outbox[-1].body))
    assert found
    return urlsplit(found[0]).path


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail() -> None:
    anna = people.anna()
    elsewhere = people.client_for(anna)
    browser = Client(headers={"accept-language": "da"})
    assert ask(browser, anna.email)["Location"] == "/adgang/glemt-adgangskode/sendt/"
    run_jobs()
    assert mail.outbox[0].to == [anna.email]
    assert "Hej Anna Jensen" in str(mail.outbox[0].body)
    link = link_in_mail()
    form = browser.get(link)
    assert form["Location"].endswith("-set-password/")
    page = browser.get(form["Location"])
    assert "Ny adgangskode" in page.text
    saved = browser.post(form["Location"], {"password1": NEW, "password2": NEW})
    assert (saved.status_code, saved["Location"]) == (303, "/adgang/glemt-adgangskode/faerdig/")
    anna.refresh_from_db()
    assert anna.check_password(NEW)
    assert elsewhere.get("/adgang/konto/").status_code == 302
    assert Entry.objects.get(act="sign_in.password_reset").on == anna
    run_jobs()
    assert "Din adgangskode er ændret" in mail.outbox[-1].subject
    again = Client(headers={"accept-language": "da"}).get(link)
    assert "Linket virker ikke mere" in again.text


def test_nobody_learns_whether_an_address_is_known() -> None:
    people.anna()
    known, unknown = Client(), Client()
    one, other = ask(known, "anna.jensen@aarhus.dk"), ask(unknown, "nobody@aarhus.dk")
    assert (one.status_code, one["Location"]) == (other.status_code, other["Location"])
    jobs_made = ProcrastinateJob.objects.filter(task_name="identity.send_password_reset")
    assert [sorted(job.args) for job in jobs_made] == [["address", "language"]] * 2
    assert mail.outbox == []
    run_jobs()
    assert [message.to for message in mail.outbox] == [["anna.jensen@aarhus.dk"]]


def test_the_link_is_in_no_job() -> None:
    people.anna()
    ask(Client(), "anna.jensen@aarhus.dk")
    assert not any("glemt" in str(job.args) for job in ProcrastinateJob.objects.all())


@pytest.mark.parametrize("who", ["egon", "locked", "without a password"])
def test_no_link_is_sent_to_whom_it_would_not_let_in(who: str) -> None:
    person = people.egon() if who == "egon" else people.anna()
    if who == "locked":
        Person.objects.filter(pk=person.pk).update(locked_at="2026-01-01T00:00:00Z")
    if who == "without a password":
        person.set_unusable_password()
        person.save()
    ask(Client(), person.email)
    run_jobs()
    assert mail.outbox == []


def test_one_address_gets_at_most_three_mails_in_a_quarter_of_an_hour() -> None:
    people.anna()
    statuses = [ask(Client(), "Anna.jensen@aarhus.dk").status_code for _ in range(4)]
    assert statuses == [303, 303, 303, 429]


def test_a_made_up_link_is_refused_kindly() -> None:
    page = Client(headers={"accept-language": "da"}).get("/adgang/glemt-adgangskode/1-abc-def/")
    assert page.status_code == 200
    assert "Linket virker ikke mere" in page.text


@pytest.mark.parametrize(
    ("first", "second"),
    [("kort", "kort"), ("password123456", "x"), ("anna.jensen@aarhus.dk", "anna.jensen@aarhus.dk")],
)
def test_a_poor_password_is_refused(first: str, second: str) -> None:
    anna = people.anna()
    browser = people.client_for(anna)
    answer = browser.post(
        "/adgang/adgangskode/", {"oldpassword": people.PASSWORD, "password1": first, "password2": second}
    )
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    anna.refresh_from_db()
    assert anna.check_password(people.PASSWORD)


def test_a_changed_password_ends_every_other_session() -> None:
    anna = people.anna()
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/adgang/log-ind/", {"login": anna.email, "password": people.PASSWORD})
    assert Session.objects.count() == 2
    saved = here.post(
        "/adgang/adgangskode/", {"oldpassword": people.PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert saved["Location"] == "/adgang/konto/"
    assert here.get("/adgang/konto/").status_code == 200
    assert there.get("/adgang/konto/").status_code == 302
    run_jobs()
    assert mail.outbox[-1].to == [anna.email]
    assert Entry.objects.get(act="sign_in.password_changed").detail == {"sessions": 1}


def test_the_old_password_must_be_known() -> None:
    answer = people.client_for(people.anna()).post(
        "/adgang/adgangskode/", {"oldpassword": "forkert", "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 200
    assert "Skriv din nuværende adgangskode" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/adgang/adgangskode/",
        "/adgang/to-trin/app/",
        "/adgang/bekraeft/",
        "/adgang/to-trin/noedkoder/",
        "/adgang/adgangsnoegler/ny/",
    ],
)
def test_who_is_not_signed_in_is_sent_to_sign_in(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/adgang/log-ind/?next=")
