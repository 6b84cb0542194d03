"""Secrets that must be read again (TOTP seeds, recovery codes) are not in the database in the clear."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=4)
def _cipher(secret_key: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"samtale.identity.secrets_at_rest")
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret_key.encode())))


def sealed(text: str) -> str:
    """Encrypt with a key derived from the portal's secret key."""
    return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """The reverse of `sealed`.

    Raises:
        cryptography.fernet.InvalidToken: the text was changed, or sealed under another key.
    """
    return _cipher(settings.SECRET_KEY).decrypt(text.encode()).decode()
