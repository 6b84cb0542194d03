"""``idp_test SLUG``: let somebody sign in with a way in, once, and tell what came and what it would give."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samtale.identity import ways_in
from samtale.lifecycle import trials

#: Seconds between two looks.
PAUSE = 0.5


class Command(BaseCommand):
    help = "Try a way in: prints an address to open, waits, and prints which claims came. Nothing is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its name in samtale.toml")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        if ways_in.find(slug) is None:
            known = ", ".join(way.slug for way in ways_in.every()) or "none"
            raise CommandError(f"there is no way in {slug!r}; those that samtale.toml names are: {known}")
        key, address = trials.begin(slug)
        self.stdout.write(
            f"Open this address within {trials.LIFETIME // 60} minutes, and sign in:\n\n  {address}\n"
        )
        self.stdout.flush()
        try:
            outcome = _wait(key)
        finally:
            trials.forget(key)
        for line in outcome.told:
            # What another system calls its claims must not steer the terminal.
            self.stdout.write("".join(one if one.isprintable() else "?" for one in line))
        if outcome.kind != "admitted":
            raise CommandError("nobody would have come in")


def _wait(key: str) -> trials.Outcome:
    until = time.monotonic() + trials.LIFETIME
    while time.monotonic() < until:
        outcome = trials.outcome(key)
        if outcome is not None:
            return outcome
        time.sleep(PAUSE)
    raise CommandError("nobody came back in time: begin anew")
