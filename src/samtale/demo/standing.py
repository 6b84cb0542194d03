"""The demo's people as Matrix users."""

from samtale.communities import matrix
from samtale.homeserver.module import SetStanding
from samtale.identity.models import Person
from samtale.matrixauth import provisioning
from samtale.matrixauth.models import Account


def provision(person: Person) -> None:
    """Make the user, as signing in does, and tell the module whether it is a guest's."""
    account, _ = Account.objects.get_or_create(person=person)
    if not account.provisioned:
        Account.objects.filter(pk=account.pk).update(dirty=True)
        provisioning.make_match(person.pk)
    matrix.samtale().send(
        SetStanding(matrix.samtale_user_id(), matrix.user_id(person), guest=person.is_guest)
    )
