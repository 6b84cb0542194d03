"""The self-test never touches a database with people in it. What it finds is tested on a scratch one."""

from typing import Any

import people
import pytest
from django.core.management import CommandError, call_command
from federation import Municipality

from samtale.identity.models import Person
from samtale.lifecycle import selftest
from samtale.lifecycle.tried import SLUG, Case


def test_with_the_providers_of_an_installation(municipality: Municipality) -> None:
    with pytest.raises(selftest.NotForThis, match="run it with `samtale fka selftest`"):
        next(selftest.run())


def test_with_people(municipality: Municipality, settings: Any) -> None:
    people.anna()
    settings.OIOSAML.providers[SLUG] = settings.OIOSAML.providers.pop("kommune")
    with pytest.raises(selftest.NotForThis):
        next(selftest.run())
    assert Person.objects.count() == 1


def test_the_command_says_so_in_one_sentence(
    municipality: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "samtale.lifecycle.management.commands.fka_selftest.call_command", lambda *_, **__: None
    )
    with pytest.raises(CommandError, match="fills the database"):
        call_command("fka_selftest")


@pytest.mark.parametrize(("got", "good"), [("refused", True), ("signed in", False), ("answer 500", False)])
def test_a_case_is_good_when_it_came_as_it_must(got: str, good: bool) -> None:
    assert Case("replay", "refused", got).good is good
