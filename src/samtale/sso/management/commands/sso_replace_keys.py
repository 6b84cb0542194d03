"""``sso_replace_keys``: sign with a new key at once, and let no older signature count any more."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from samtale.audit.log import record
from samtale.sso import keys


class Command(BaseCommand):
    help = "Withdraw every key that signs for other services, and make a new one."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            withdrawn = keys.replace(timezone.now())
            record("sso.keys_replaced", withdrawn=withdrawn)
        self.stdout.write(f"{withdrawn} keys are withdrawn, a new one signs; services fetch it themselves.")
