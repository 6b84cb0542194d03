"""What communities do when something happens to a person elsewhere."""

from functools import partial
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver

from samtale.communities import actions, jobs, rules
from samtale.identity.models import Person
from samtale.identity.signals import person_changed


@receiver(user_logged_in)
def on_signed_in(user: Person, **_: Any) -> None:
    """The first sign-in brings what is due by rule, and each later one what a new rule gives."""
    actions.join_defaults(user, rules.default_communities(user))


@receiver(person_changed)
def on_person_changed(person: Person, **_: Any) -> None:
    """A new administrator has power in every room, and one who is none any more loses it; so has a guest."""
    actions.keep_guest_to_invitations(person)
    transaction.on_commit(partial(jobs.agree_on_administrators.defer))
