"""Nobody takes away their own last way in."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from samtale.identity import second_factor, ways_in
from samtale.identity.models import Person

REFUSAL = _("Det er din eneste måde at logge ind på. Føj en anden til, før du fjerner den.")


def is_left(person: Person, *, without: SocialAccount | Authenticator) -> bool:
    """Whether the person could still sign in when this one is gone.

    Two that are taken away at once must not each count on the other: ask with the person's row locked, in the
    transaction that takes it away. What counts:

    - a sign-in that somebody vouches for, as long as they are in samtale.toml;
    - a passkey that signs in alone;
    - a password, with an address to type. Who must have a second factor needs that as well: a password alone
      would let anybody who knows it choose the factor.
    """
    return _is_vouched_for(person, without) or _has_passkey(person, without) or _has_password(person, without)


def _is_vouched_for(person: Person, without: SocialAccount | Authenticator) -> bool:
    accounts = SocialAccount.objects.filter(
        user_id=person.pk, provider__in=[way.slug for way in ways_in.every()]
    )
    if isinstance(without, SocialAccount):
        accounts = accounts.exclude(pk=without.pk)
    return bool(accounts.exists())


def _has_passkey(person: Person, without: SocialAccount | Authenticator) -> bool:
    keys = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.WEBAUTHN)
    if isinstance(without, Authenticator):
        keys = keys.exclude(pk=without.pk)
    # None: the browser did not say whether the key can.
    return any(key.wrap().is_passwordless is not False for key in keys)


def _has_password(person: Person, without: SocialAccount | Authenticator) -> bool:
    factor = without if isinstance(without, Authenticator) else None
    return (
        person.has_usable_password()
        and bool(person.email)
        and not second_factor.is_missing(person, without=factor)
    )
