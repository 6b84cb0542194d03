"""The keys that sign: made, published ahead, taken into use and withdrawn by themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.idp.oidc.models import PrivateKey
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import transaction

from samtale.identity import secrets_at_rest
from samtale.sso.models import SigningKey

#: How long a key signs.
IN_USE = timedelta(days=90)
#: How long before it signs a key is published: services look for new ones daily at the least.
AHEAD = timedelta(days=7)
#: How long after it has signed a key is still published: an old ID token may come back as `id_token_hint`.
AFTER = timedelta(days=7)
_BITS = 3072


@dataclass(frozen=True)
class Rotation:
    """What a call of `rotate` did."""

    made: bool
    withdrawn: int


@transaction.atomic
def rotate(now: datetime) -> Rotation:
    """Make the next key when it is time to publish it, and delete what is published no longer.

    As long as nobody calls this the newest key goes on signing.
    """
    withdrawn, _ = SigningKey.objects.filter(published_until__lt=now).delete()
    newest = SigningKey.objects.select_for_update().last()
    if newest is None:
        _make(now, signs_from=now)
        return Rotation(made=True, withdrawn=withdrawn)
    ends = newest.signs_from + IN_USE
    if now < ends - AHEAD:
        return Rotation(made=False, withdrawn=withdrawn)
    successor = _make(now, signs_from=max(ends, now + AHEAD))
    newest.published_until = successor.signs_from + AFTER
    newest.save(update_fields=["published_until"])
    return Rotation(made=True, withdrawn=withdrawn)


@transaction.atomic
def replace(now: datetime) -> int:
    """Withdraw every key and sign with a new one at once. Returns how many are withdrawn."""
    withdrawn, _ = SigningKey.objects.all().delete()
    _make(now, signs_from=now)
    return withdrawn


def published() -> list[PrivateKey]:
    """Every key, as allauth has them."""
    return [
        PrivateKey(
            pem=secrets_at_rest.opened(key.sealed),
            not_before=key.signs_from,
            issued_at=key.signs_from,
            expires_at=key.published_until,
        )
        for key in SigningKey.objects.all()
    ]


def _make(now: datetime, *, signs_from: datetime) -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return SigningKey.objects.create(sealed=secrets_at_rest.sealed(pem), made_at=now, signs_from=signs_from)
