"""``privileges_approved [--json]``: whose privilege »moderator« counts for which community, and who waits."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from samtale.communities.models import PrivilegeApproval, PrivilegeRequest
from samtale.identity.models import Organisation


class Command(BaseCommand):
    help = "List whose privilege »moderator« counts for which community, and who waits for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json",
            action="store_true",
            help='[{"community", "cvr", "organisation", "by", "at", "waiting"}]',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = _found()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for each in found:
            how = (
                f"{each['waiting']} wait" if each["at"] is None else f"approved by {each['by']}, {each['at']}"
            )
            self.stdout.write(f"{each['community']:<24} {each['cvr']}  {each['organisation']}: {how}")
        if not found:
            self.stdout.write("nothing is approved, and nobody waits")


def _found() -> list[dict[str, Any]]:
    """By community; ``by`` and ``at`` are None for people who wait."""
    names = dict(Organisation.objects.exclude(cvr=None).values_list("cvr", "name"))
    approvals = PrivilegeApproval.objects.select_related("community", "by")
    requests = PrivilegeRequest.objects.values("person__organisation__cvr", "community__slug")
    rows = [
        (each.community.slug, each.cvr, each.by.name if each.by else "the operator", f"{each.at:%Y-%m-%d}", 0)
        for each in approvals
    ] + [
        (each["community__slug"], each["person__organisation__cvr"], None, None, each["people"])
        for each in requests.annotate(people=Count("person"))
    ]
    return [
        {
            "community": community,
            "cvr": cvr,
            "organisation": names.get(cvr, ""),
            "by": by,
            "at": at,
            "waiting": waiting,
        }
        for community, cvr, by, at, waiting in sorted(rows, key=lambda row: row[:2])
    ]
