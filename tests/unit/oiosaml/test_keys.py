"""Our keys from files: what is taken, and in which words what cannot be used is refused."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certificates import self_signed
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from federation import write_key
from oiosaml_site import service
from right_answer import NOW

from samtale.oiosaml import keys
from samtale.oiosaml.keys import KeyProblem
from samtale_testidp.answers import Keys

PASSWORD = b"gr\xc3\xb8n hest"


def private_pem(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes = b"") -> bytes:
    encryption: Any = serialization.NoEncryption()
    if password:
        encryption = serialization.BestAvailableEncryption(password)
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def bundle(mine: Keys, password: bytes = PASSWORD) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"os2samtale", mine.private, mine.certificate, None, serialization.BestAvailableEncryption(password)
    )


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_bytes(PASSWORD + b"\nsecond line\n")
    return file


def test_pem(tmp_path: Path, idp_keys: Keys) -> None:
    pair = keys.load(write_key(tmp_path / "key.pem", idp_keys), None)
    assert pair.private.private_numbers() == idp_keys.private.private_numbers()
    assert pair.certificate == idp_keys.certificate


def test_pem_with_a_password(tmp_path: Path, idp_keys: Keys, password_file: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(private_pem(idp_keys.private, PASSWORD) + idp_keys.pem)
    assert keys.load(file, password_file).certificate == idp_keys.certificate


def test_a_password_does_not_matter_to_a_key_that_needs_none(
    tmp_path: Path, idp_keys: Keys, password_file: Path
) -> None:
    file = write_key(tmp_path / "key.pem", idp_keys)
    assert keys.load(file, password_file).certificate == idp_keys.certificate


def test_the_issuers_may_follow_the_certificate(tmp_path: Path, idp_keys: Keys, evil_keys: Keys) -> None:
    file = write_key(tmp_path / "key.pem", idp_keys)
    file.write_bytes(file.read_bytes() + evil_keys.pem)
    assert keys.load(file, None).certificate == idp_keys.certificate


def test_pkcs12(tmp_path: Path, idp_keys: Keys, password_file: Path) -> None:
    file = tmp_path / "key.p12"
    file.write_bytes(bundle(idp_keys))
    assert keys.load(file, password_file).certificate == idp_keys.certificate


Content = Callable[[Keys, Keys], bytes]
UNREADABLE = "is it PEM or PKCS#12, and is the password right"
OWN_CERTIFICATE = "must hold the key's own certificate"
WRONG: dict[str, tuple[Content, str]] = {
    "wrong password": (lambda mine, _: bundle(mine, b"other"), UNREADABLE),
    "wrong password of a PEM": (lambda mine, _: private_pem(mine.private, b"other") + mine.pem, UNREADABLE),
    "empty": (lambda _, __: b"", UNREADABLE),
    "something else": (lambda _, __: b"hello", UNREADABLE),
    "no key": (lambda mine, _: mine.pem, UNREADABLE),
    "no certificate": (lambda mine, _: private_pem(mine.private), OWN_CERTIFICATE),
    "a foreign certificate": (lambda mine, other: private_pem(mine.private) + other.pem, OWN_CERTIFICATE),
    "half a certificate": (
        lambda mine, _: private_pem(mine.private) + mine.pem[:200] + b"\n-----END CERTIFICATE-----\n",
        UNREADABLE,
    ),
    "no certificate in PKCS#12": (
        lambda mine, _: pkcs12.serialize_key_and_certificates(
            None, mine.private, None, None, serialization.BestAvailableEncryption(PASSWORD)
        ),
        OWN_CERTIFICATE,
    ),
    "no RSA": (
        lambda _, __: (
            private_pem(curve := ec.generate_private_key(ec.SECP256R1()))
            + self_signed(curve, "x", NOW, 10).public_bytes(serialization.Encoding.PEM)
        ),
        "must hold an RSA key of at least 2048 bits",
    ),
    "too small": (
        lambda _, __: (
            private_pem(weak := rsa.generate_private_key(65537, 1024))  # noqa: S505
            + self_signed(weak, "x", NOW, 10).public_bytes(serialization.Encoding.PEM)
        ),
        "must hold an RSA key of at least 2048 bits",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_used(
    tmp_path: Path, idp_keys: Keys, evil_keys: Keys, password_file: Path, name: str
) -> None:
    content, sentence = WRONG[name]
    file = tmp_path / "key"
    file.write_bytes(content(idp_keys, evil_keys))
    with pytest.raises(KeyProblem) as problem:
        keys.load(file, password_file)
    assert sentence in str(problem.value)
    assert str(file) in str(problem.value)
    assert PASSWORD.decode() not in str(problem.value)
    assert problem.value.__cause__ is None, "nothing of the library's own words, which may quote"


def test_a_key_that_needs_a_password_and_gets_none(tmp_path: Path, idp_keys: Keys) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(private_pem(idp_keys.private, PASSWORD) + idp_keys.pem)
    with pytest.raises(KeyProblem, match="is the password right"):
        keys.load(file, None)


@pytest.mark.parametrize("missing", ["key", "password"])
def test_a_missing_file_is_named(tmp_path: Path, idp_keys: Keys, missing: str) -> None:
    files = {"key": write_key(tmp_path / "key.pem", idp_keys), "password": tmp_path / "password"}
    files["password"].write_text("x")
    files[missing].unlink()
    with pytest.raises(KeyProblem, match=f"{files[missing]}: No such file"):
        keys.load(files["key"], files["password"])


def test_an_empty_password_file_is_named(tmp_path: Path, idp_keys: Keys) -> None:
    password = tmp_path / "password"
    password.touch()
    with pytest.raises(KeyProblem, match=f"{password}: is empty"):
        keys.load(write_key(tmp_path / "key.pem", idp_keys), password)


def test_the_settings_name_the_current_one_first(
    settings: Any, tmp_path: Path, idp_keys: Keys, evil_keys: Keys
) -> None:
    files = [write_key(tmp_path / "new.pem", idp_keys), write_key(tmp_path / "old.pem", evil_keys)]
    settings.OIOSAML = service(tmp_path, *files)
    for pairs in (keys.signing(), keys.encryption()):
        assert [pair.certificate for pair in pairs] == [idp_keys.certificate, evil_keys.certificate]


def test_a_file_that_changed_is_read_again(
    settings: Any, tmp_path: Path, idp_keys: Keys, evil_keys: Keys
) -> None:
    file = write_key(tmp_path / "key.pem", idp_keys)
    settings.OIOSAML = service(tmp_path, file)
    assert keys.signing()[0] is keys.signing()[0], "opened once"
    write_key(file, evil_keys)
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))
    assert keys.signing()[0].certificate == evil_keys.certificate
    file.unlink()
    with pytest.raises(KeyProblem, match=f"{file}: No such file"):
        keys.signing()


def test_a_key_of_a_rollover_need_not_be_there_and_one_that_cannot_be_reached_is_named(
    settings: Any, tmp_path: Path, idp_keys: Keys
) -> None:
    file = write_key(tmp_path / "key.pem", idp_keys)
    settings.OIOSAML = service(tmp_path, file, tmp_path / "next.pem")
    assert [pair.certificate for pair in keys.signing()] == [idp_keys.certificate]
    settings.OIOSAML = service(tmp_path, file, file / "next.pem")
    with pytest.raises(KeyProblem, match=r"key\.pem/next\.pem: Not a directory"):
        keys.signing()


def test_without_a_key_nothing_can_be_signed(settings: Any, tmp_path: Path) -> None:
    settings.OIOSAML = service(tmp_path)
    with pytest.raises(KeyProblem, match="no key is configured"):
        keys.signing()
