"""``oiosaml_metadata``: prints our metadata, as they are published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samtale.oiosaml import published
from samtale.oiosaml.keys import KeyProblem
from samtale.oiosaml.metadata import AddressProblem


class Command(BaseCommand):
    help = "Print the service provider's metadata."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(published.document().decode())
        except (KeyProblem, AddressProblem) as error:
            raise CommandError(str(error)) from error
