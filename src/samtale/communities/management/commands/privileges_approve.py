"""``privileges_approve CVR COMMUNITY [--withdraw]``: whose privilege »moderator« counts for a community."""

import re
from argparse import ArgumentParser
from difflib import get_close_matches
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samtale.communities import privileges
from samtale.communities.models import Community, PrivilegeApproval
from samtale.identity.models import Organisation

_CVR = re.compile(r"[0-9]{8}")


class Command(BaseCommand):
    help = "Let an organisation's privilege »moderator« count for a community, or no more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cvr")
        parser.add_argument("community")
        parser.add_argument("--withdraw", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = _organisation(options["cvr"])
        community = _community(options["community"])
        about = f"{organisation.name} and {community.slug}"
        if options["withdraw"]:
            approval = PrivilegeApproval.objects.filter(cvr=organisation.cvr, community=community).first()
            if approval is None:
                raise CommandError(f"nothing is approved for {about}")
            privileges.withdraw(approval, by=None)
            self.stdout.write(f"withdrawn for {about}: who moderated by the privilege does so no more")
            return
        if community.archived:
            raise CommandError(f"{community.slug} is archived: nobody moderates it")
        made = privileges.approve(organisation, community, by=None)
        self.stdout.write(f"approved for {about}" if made else f"it was approved for {about} already")


def _organisation(cvr: str) -> Organisation:
    if _CVR.fullmatch(cvr) is None:
        raise CommandError(f"CVR must have eight digits, got {cvr!r}")
    found = Organisation.objects.filter(cvr=cvr).first()
    if found is None:
        raise CommandError(f"no organisation here has the CVR number {cvr}: nobody of it has come yet")
    return found


def _community(slug: str) -> Community:
    found = Community.objects.filter(slug=slug).first()
    if found is None:
        known = list(Community.objects.values_list("slug", flat=True))
        like = get_close_matches(slug, known, n=3) or known[:5]
        raise CommandError(
            f"there is no community {slug!r}; there is {', '.join(like)}"
            if like
            else "there are no communities"
        )
    return found
