"""``fka_keys_changed ACT FINGERPRINT …``: what `samtale fka keys` did to our keys goes into the audit log."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from samtale.audit.log import record


class Command(BaseCommand):
    help = "Note in the audit log what was done to the keys for the federation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=("made", "rollover_begun", "switched", "retired"))
        parser.add_argument("fingerprints", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        record(f"federation_keys.{options['act']}", fingerprints=list(options["fingerprints"]))
