"""The demo's people as Matrix users, before any of them has signed in."""

from samtale.homeserver.sender import HomeserverUnreachable
from samtale.identity.models import Person
from samtale.matrixauth import provisioning
from samtale.matrixauth.models import Account


def provision(person: Person) -> None:
    """Make the user, as signing in does. Raises HomeserverUnreachable when Synapse could not be told."""
    account, _ = Account.objects.get_or_create(person=person)
    if account.provisioned and not account.dirty:
        return
    Account.objects.filter(pk=account.pk).update(dirty=True)
    if not provisioning.make_match(person.pk):
        account.refresh_from_db()
        raise HomeserverUnreachable(account.last_error)
