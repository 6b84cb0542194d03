"""``demo_load --first``: what a newcomer sees. ``demo_load --rest``: everything else, by the worker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samtale.communities import matrix
from samtale.communities.file import FileRefused
from samtale.demo import jobs
from samtale.demo.load import Loader
from samtale.demo.models import Load
from samtale.homeserver.sender import HomeserverError

#: Seconds between two looks at how far the worker is.
LOOK = 1.0


class Command(BaseCommand):
    help = "Load the made-up people and conversations. Can be repeated at any time and doubles nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--first", action="store_true", help="OS2display and what Anna sees first")
        which.add_argument("--rest", action="store_true", help="hand the rest to the worker")
        which.add_argument("--all", action="store_true", help="everything, here and now")
        parser.add_argument("--wait", action="store_true", help="with --rest: until the worker is through")

    def handle(self, *args: Any, **options: Any) -> None:
        matrix.wait_longer()
        started = time.monotonic()
        try:
            if options["first"] or options["all"]:
                Loader(self._say).first()
            if options["all"]:
                Loader(self._say).rest()
        except FileRefused as error:
            raise CommandError(str(error)) from error
        except HomeserverError as error:
            raise CommandError(
                f"Synapse: {error}. What was loaded stays; the same command goes on from here."
            ) from error
        if options["rest"]:
            jobs.enqueue_rest()
            if options["wait"]:
                self._follow()
        self._say(f"done in {time.monotonic() - started:.1f} s")

    def _follow(self) -> None:
        shown = -1
        while True:
            load = Load.objects.filter(pk=1).first()
            if load is not None and load.all_done_at is not None:
                return
            if load is not None and load.done != shown:
                shown = load.done
                self._say(f"{load.done} of {load.total} events")
            time.sleep(LOOK)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
