"""Keys, and certificates that sign themselves, as tests need them."""

from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID


@cache
def rsa_key(owner: str) -> rsa.RSAPrivateKey:
    """A key for each name, made once: a run that forks for every mutant inherits them."""
    return rsa.generate_private_key(65537, 2048)


def self_signed(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    name: str,
    now: datetime,
    days: int,
    *,
    host: str | None = None,
    pss: bool = False,
) -> x509.Certificate:
    """Valid for some ``days`` from ``now`` on, which may be over; ``pss``: signed with RSASSA-PSS."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1000))
        .not_valid_after(now + timedelta(days=days))
    )
    if host is not None:
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        builder = builder.add_extension(names, critical=False)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if pss else None
    return builder.sign(key, hashes.SHA256(), rsa_padding=scheme)
