"""The demo's page, its links and its mails."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import people
import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from samtale.demo import links, mails
from samtale.demo.models import Load, SignInLink
from samtale.identity.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Person:
    person = people.anna()
    Person.objects.update(is_demo=True)
    return person


def path_of(address: str) -> str:
    return address.removeprefix("http://localhost:18400")


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_link_signs_in_once(anna: Person) -> None:
    path = path_of(links.make(anna, now=timezone.now()))
    browser = Client()
    answer = browser.get(path)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert "no-store" in answer["Cache-Control"]
    assert signed_in_as(browser) == str(anna.pk)
    again = Client()
    answer = again.get(path)
    assert answer.status_code == 410
    assert "virker ikke mere" in answer.content.decode()
    assert signed_in_as(again) is None


def test_only_its_hash_is_kept(anna: Person) -> None:
    token = links.make(anna, now=timezone.now()).rpartition("/")[2]
    assert token not in str(SignInLink.objects.values())
    assert len(token) >= 43


def test_a_link_lasts_a_day(anna: Person) -> None:
    path = path_of(links.make(anna, now=timezone.now() - timedelta(hours=24, seconds=1)))
    assert Client().get(path).status_code == 410


def test_a_look_ahead_does_not_use_it_up(anna: Person) -> None:
    path = path_of(links.make(anna, now=timezone.now()))
    assert Client().get(path, headers={"Sec-Purpose": "prefetch"}).status_code == 503
    assert Client().head(path).status_code == 405
    assert Client().get(path).status_code == 303


def test_a_link_is_for_the_demos_people_alone() -> None:
    path = path_of(links.make(people.anna(), now=timezone.now()))
    assert Client().get(path).status_code == 410


def test_a_made_up_link() -> None:
    assert Client().get("/adgang/demo/ind/nix").status_code == 410


def test_the_button_signs_in(anna: Person) -> None:
    browser = Client()
    answer = browser.post(f"/adgang/demo/som/{anna.pk}")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert signed_in_as(browser) == str(anna.pk)
    assert Client().get(f"/adgang/demo/som/{anna.pk}").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"/adgang/demo/som/{anna.pk}").status_code == 403


def test_the_button_is_for_the_demos_people_alone(anna: Person) -> None:
    assert Client().post(f"/adgang/demo/som/{people.person('Z', 'z@x.dk', None).pk}").status_code == 404


def test_egon_gets_no_further_than_everybody_of_his_organisation(anna: Person) -> None:
    egon = people.egon()
    Person.objects.filter(pk=egon.pk).update(is_demo=True)
    browser = Client()
    answer = browser.post(f"/adgang/demo/som/{egon.pk}")
    assert answer["Location"].startswith("/adgang/ikke-med-endnu/")
    assert signed_in_as(browser) is None


def test_the_page_shows_people_and_what_to_try(anna: Person) -> None:
    page = Client().get("/adgang/demo").content.decode()
    assert "opdigtede" in page
    assert "Anna Jensen" in page
    assert page.count("<li>") >= 5
    english = Client().get("/adgang/demo", headers={"Accept-Language": "en"}).content.decode()
    assert "made up" in english
    for danish in ("Prøv selv", "Begynd forfra", "Personer", "opdigtede", "Luk demoen"):
        assert danish not in english


def test_the_page_tells_how_far_the_loader_is(anna: Person) -> None:
    Load.objects.create(pk=1, today=timezone.now(), done=12, total=345)
    assert "12 af 345" in Client().get("/adgang/demo").content.decode()
    Load.objects.update(all_done_at=timezone.now())
    assert "12 af 345" not in Client().get("/adgang/demo").content.decode()


def test_the_page_tells_what_to_type_to_begin_anew(anna: Person, settings: Any) -> None:
    from dataclasses import replace

    commands = "cd /srv/samtale\n.venv/bin/samtale down --erase --data /srv/demo"
    settings.CONFIG = replace(settings.CONFIG, start_over=commands)
    assert f"<code>{commands}</code>" in Client().get("/adgang/demo").content.decode()


def test_mails_are_shown_newest_first(anna: Person, tmp_path: Path, settings: Any) -> None:
    from dataclasses import replace

    settings.CONFIG = replace(settings.CONFIG, mail_dir=tmp_path)
    assert "ingen endnu" in Client().get("/adgang/demo").content.decode()
    backend = EmailBackend(file_path=str(tmp_path))
    for number in (1, 2):
        text = f"Hej <Anna>\nhttps://x.example/{number}"
        backend.send_messages([EmailMessage(f"Ny adgangskode {number}", text, "a@b.dk", ["anna@x.dk"])])
    found = mails.newest(tmp_path)
    assert [mail.subject for mail in found] == ["Ny adgangskode 2", "Ny adgangskode 1"]
    assert found[0].to == "anna@x.dk"
    assert found[0].at is not None
    assert abs(timezone.now() - found[0].at) < timedelta(minutes=5)
    page = Client().get("/adgang/demo").content.decode()
    assert "Hej &lt;Anna&gt;" in page
    assert '<a href="https://x.example/2"' in page


def test_the_command_makes_links_for_three(capsys: pytest.CaptureFixture[str], anna: Person) -> None:
    with pytest.raises(CommandError, match="not loaded yet"):
        call_command("demo_links")
    people.bo()
    people.freja()
    Person.objects.update(is_demo=True)
    call_command("demo_links", "--json")
    made = json.loads(capsys.readouterr().out)
    assert [link["key"] for link in made] == ["anna", "bo", "freja"]
    browser = Client()
    assert browser.get(path_of(made[1]["url"])).status_code == 303
    assert signed_in_as(browser) == str(people.bo().pk)
