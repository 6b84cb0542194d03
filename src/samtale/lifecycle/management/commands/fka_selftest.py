"""``fka_selftest``: the whole sign-in, tried; `samtale fka selftest` gives it a database to throw away."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from samtale.lifecycle import selftest
from samtale.oiosaml.keys import KeyProblem


class Command(BaseCommand):
    help = "Try every answer of the test identity provider; prints a list of objects as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        try:
            cases = list(selftest.run())
        except (selftest.NotForThis, KeyProblem, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(json.dumps([asdict(case) for case in cases]))
