"""``communities_apply FILE``: make the database, then Matrix, say what the file says."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from samtale.communities import apply, file, matrix, reconcile
from samtale.communities.models import Community
from samtale.homeserver.sender import HomeserverError


class Command(BaseCommand):
    help = "Make communities, channels and moderators be what a file says. Can be repeated at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--archive", action="store_true", help="close what left the file for new messages; it is kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        matrix.wait_longer()
        try:
            desired = file.read(options["file"])
            changes = apply.write(desired, archive=options["archive"], now=timezone.now())
        except file.FileRefused as error:
            raise CommandError(str(error)) from error
        for change in changes:
            self.stdout.write(f"{change.verb:8}{change.path}  {change.detail}")
        self.stdout.write(f"database: {len(changes)} changes")
        try:
            self._reconcile()
        except HomeserverError as error:
            raise CommandError(
                f"Synapse: {error}. What was done stays; the same command goes on from here."
            ) from error

    def _reconcile(self) -> None:
        started = time.monotonic()
        matrix.register_samtale()
        # An archived one that never was in Matrix stays out of it.
        communities = list(Community.objects.exclude(archived=True, space_id=None))
        sent = 0
        for number, community in enumerate(communities, 1):
            new = community.space_id is None
            changed = reconcile.community(community)
            sent += changed
            if new or changed:
                self.stdout.write(f"matrix: {number}/{len(communities)} {community.slug}")
                self.stdout.flush()
        seconds = time.monotonic() - started
        self.stdout.write(
            f"matrix: {len(communities)} communities agree, {sent} differences, {seconds:.1f} s"
        )
