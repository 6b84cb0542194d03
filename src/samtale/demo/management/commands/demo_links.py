"""``demo_links [--json]``: links that sign in as Anna, Bo and Freja, each once and for a day."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from samtale.demo import links, people
from samtale.demo.material import material
from samtale.identity.models import Person


class Command(BaseCommand):
    help = "Make links that sign in as the demo's main people, each once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help='[{"key", "name", "url"}]')

    def handle(self, *args: Any, **options: Any) -> None:
        keys = people.keys(material())
        found = {person.email: person for person in Person.objects.filter(is_demo=True)}
        if any(email not in found for email in links.PEOPLE):
            raise CommandError("The demo's people are not loaded yet: run demo_load --first.")
        now = timezone.now()
        made = [
            {"key": keys[email], "name": found[email].name, "url": links.make(found[email], now=now)}
            for email in links.PEOPLE
        ]
        if options["json"]:
            self.stdout.write(json.dumps(made, ensure_ascii=False))
            return
        for link in made:
            self.stdout.write(f"{link['name']:<16} {link['url']}")
