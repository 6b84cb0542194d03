"""The provider's own key: made once for a data folder, and known to nobody else."""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from samtale_testidp.answers import Keys

_FILE = "signing.pem"
_DAYS = 3 * 365  # as long as an OCES3 certificate


def load_or_create(data: Path) -> Keys:
    """From ``signing.pem`` in the folder, which holds the key and its certificate, mode 0600.

    Raises ValueError or OSError when the file is there and cannot be used.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = data / _FILE
    if file.exists():
        content = file.read_bytes()
        private = serialization.load_pem_private_key(content, None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError(f"{file}: must hold an RSA key")
        return Keys(private, x509.load_pem_x509_certificate(content))
    made = make(datetime.now(UTC))
    pem = made.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # A provider that is stopped meanwhile must not leave half a key behind.
    begun = file.with_suffix(".new")
    begun.unlink(missing_ok=True)
    with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing:
        writing.write(pem + made.pem)
    begun.replace(file)
    return made


@cache
def strangers() -> Keys:
    """A key that no metadata names."""
    return make(datetime.now(UTC), bits=2048)


def make(now: datetime, *, bits: int = 3072) -> Keys:
    """A key with a certificate signed by itself with RSASSA-PSS, as OCES3 certificates are."""
    private = rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OS2samtale test identity provider")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .sign(private, hashes.SHA256(), rsa_padding=padding.PSS(padding.MGF1(hashes.SHA256()), 32))
    )
    return Keys(private, certificate)
