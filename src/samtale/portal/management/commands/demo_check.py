"""``demo_check``: fails when the database holds the demo's made-up people, who are never served in earnest.

It is here and not with the demo, since an installation in earnest does not load the demo's code.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samtale.identity.models import Person


class Command(BaseCommand):
    help = "Fail when the database holds the demo's made-up people."

    def handle(self, *args: Any, **options: Any) -> None:
        if Person.objects.filter(is_demo=True).exists():
            raise CommandError(
                "This database holds the demo's people and conversations, which are made up and served on "
                "this machine alone. Start with an empty data folder (--data DIR), or run it with --demo."
            )
