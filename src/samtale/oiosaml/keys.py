"""Our private keys with their certificates, from PEM or PKCS#12 files."""

import errno
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from cryptography.x509 import Certificate, load_pem_x509_certificates

from samtale.oiosaml import conf
from samtale.oiosaml.metadata import KeyPair

LEAST_BITS = 2048


class KeyProblem(Exception):
    """A file cannot be used; the text names it and says why, without anything of what is in it."""


def signing() -> list[KeyPair]:
    """The current one first. Raises :class:`KeyProblem`."""
    return _all(conf.current().signing_keys)


def encryption() -> list[KeyPair]:
    """The current one first. Raises :class:`KeyProblem`."""
    return _all(conf.current().encryption_keys)


def _all(paths: Sequence[Path]) -> list[KeyPair]:
    password = conf.current().password_file
    if not paths:
        raise KeyProblem("no key is configured")
    changed = [(path, _changed(path)) for path in paths]
    if changed[0][1] is None:
        raise KeyProblem(f"{paths[0]}: {os.strerror(errno.ENOENT)}")
    return [_loaded(path, password, at) for path, at in changed if at is not None]


def _changed(path: Path) -> int | None:
    """None: it is not there."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyProblem(f"{path}: {error.strerror}") from None


@lru_cache(maxsize=16)
def _loaded(path: Path, password_file: Path | None, changed: int) -> KeyPair:  # noqa: ARG001 - tells files apart
    """Read again only when the file changed: opening PKCS#12 takes a tenth of a second on purpose."""
    return load(path, password_file)


def load(path: Path, password_file: Path | None) -> KeyPair:
    """``password_file``: its first line opens the key, when the key needs one. Raises :class:`KeyProblem`."""
    try:
        data = path.read_bytes()
        password = password_file.read_bytes().splitlines()[0] if password_file else None
    except OSError as error:
        raise KeyProblem(f"{error.filename}: {error.strerror}") from None
    except IndexError:
        raise KeyProblem(f"{password_file}: is empty") from None
    try:
        private, certificate = _pem(data, password) if b"-----BEGIN" in data else _pkcs12(data, password)
    except (ValueError, TypeError):
        # The library's own words differ from version to version, and may quote.
        raise KeyProblem(
            f"{path}: cannot be read: is it PEM or PKCS#12, and is the password right?"
        ) from None
    if not isinstance(private, RSAPrivateKey) or private.key_size < LEAST_BITS:
        raise KeyProblem(f"{path}: must hold an RSA key of at least {LEAST_BITS} bits")
    if certificate is None or certificate.public_key() != private.public_key():
        raise KeyProblem(f"{path}: must hold the key's own certificate")
    return KeyPair(private, certificate)


def _pem(data: bytes, password: bytes | None) -> tuple[object, Certificate | None]:
    """The first certificate is the key's; the others are its issuers."""
    encrypted = b"ENCRYPTED" in data
    private = load_pem_private_key(data, password if encrypted else None)
    certificates = load_pem_x509_certificates(data) if b"BEGIN CERTIFICATE" in data else []
    return private, certificates[0] if certificates else None


def _pkcs12(data: bytes, password: bytes | None) -> tuple[object, Certificate | None]:
    private, certificate, _ = pkcs12.load_key_and_certificates(data, password)
    return private, certificate
