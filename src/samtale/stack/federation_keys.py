"""The keys that we show the municipalities' federation, as far as they lie in the data folder.

Each use has one current key. A rollover goes in three steps, since the federation must know a key before it
is used, and may use the old one until it has read about the new: the next key is made and published beside
the current one; it becomes the current one; the previous one goes. Each that is there opens what comes. The
portal knows the names of all three and sees them come and go, so that no process works on with what was.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from samtale.config import Config
from samtale.stack.folders import Folders
from samtale.stack.log_files import RotatingFile
from samtale.stack.privilege import Account, give
from samtale.stack.secrets import write_private

USES = ("signing", "encryption")
BITS = 3072
YEARS = 3


class KeysError(Exception):
    """What was asked for cannot be done now; the text says why and what to do."""


@dataclass(frozen=True)
class Files:
    """Where the keys of one use lie, there or not."""

    folder: Path
    use: str

    @property
    def current(self) -> Path:
        return self.folder / f"{self.use}.pem"

    @property
    def next(self) -> Path:
        return self.folder / f"{self.use}.next.pem"

    @property
    def previous(self) -> Path:
        return self.folder / f"{self.use}.previous.pem"

    @property
    def every(self) -> tuple[Path, ...]:
        """There or not, the current one first."""
        return (self.current, self.next, self.previous)


@dataclass(frozen=True)
class Changed:
    """A file, and which certificate is or was in it."""

    path: Path
    fingerprint: str


def files(folders: Folders, use: str) -> Files:
    """``use``: one of `USES`."""
    return Files(folders.portal / "fka", use)


def named(config: Config, use: str) -> tuple[str, ...]:
    """The files that samtale.toml names for this use; none: ours are used."""
    return config.fka.signing_keys if use == "signing" else config.fka.encryption_keys


def ours(config: Config, folders: Folders) -> list[Files]:
    """The uses whose keys are not named in samtale.toml.

    Raises:
        KeysError: all of them are.
    """
    found = [files(folders, use) for use in USES if not named(config, use)]
    if not found:
        raise KeysError(
            "fka.signing_keys and fka.encryption_keys name files of your own, and this command leaves them "
            "alone: make the new ones as you made those, and name two of each, the current one first"
        )
    return found


def missing(config: Config, folders: Folders) -> list[Path]:
    """The keys that are needed here, are not there, and are not named in samtale.toml."""
    unnamed = [files(folders, use).current for use in USES if not named(config, use)]
    return [path for path in unnamed if not path.exists()]


def new(config: Config, folders: Folders) -> list[Changed]:
    """Make what is missing. Never overwrites. Returns them.

    Raises:
        KeysError: nothing is missing.
    """
    ours(config, folders)
    wanted = missing(config, folders)
    if not wanted:
        raise KeysError("there are keys already: `samtale fka keys rollover` makes the next ones")
    return _make(wanted, config, folders)


def begin_rollover(config: Config, folders: Folders) -> list[Changed]:
    """Make the next keys, to be published beside the current ones. Returns them.

    Raises:
        KeysError: there are none yet, or a rollover is under way.
    """
    mine = ours(config, folders)
    if not all(each.current.exists() for each in mine):
        raise KeysError("there are no keys yet: `samtale fka keys new` makes them")
    if any(each.previous.exists() for each in mine):
        raise KeysError(
            "the last rollover is not over: `samtale fka keys retire` drops the keys of before it"
        )
    wanted = [each.next for each in mine if not each.next.exists()]
    if not wanted:
        raise KeysError(
            "the next keys are published already: once the federation has read them, "
            "`samtale fka keys rollover --switch` uses them"
        )
    return _make(wanted, config, folders)


def switch(config: Config, folders: Folders) -> list[Changed]:
    """Let the next keys be the current ones; those of before are kept. Returns the current ones.

    Raises:
        KeysError: there are no next ones.
    """
    waiting = [each for each in ours(config, folders) if each.next.exists()]
    if not waiting:
        raise KeysError("there are no next keys to switch to: `samtale fka keys rollover` makes them")
    for each in waiting:
        # The current file is there at every moment.
        each.previous.unlink(missing_ok=True)
        os.link(each.current, each.previous)
        each.next.replace(each.current)
        # What reads keys notices a change by the file's time, and the next one was made long ago.
        each.current.touch()
    return [_seen(each.current) for each in waiting]


def retire(config: Config, folders: Folders) -> list[Changed]:
    """Delete the keys of before the switch. Returns which.

    Raises:
        KeysError: there are none.
    """
    mine = ours(config, folders)
    old = [each.previous for each in mine if each.previous.exists()]
    if not old:
        begun = any(each.next.exists() for each in mine)
        raise KeysError(
            "the next keys are not in use yet: `samtale fka keys rollover --switch` comes first"
            if begun
            else "there are no old keys"
        )
    changed = [_seen(path) for path in old]
    for path in old:
        path.unlink()
    return changed


def fingerprint(certificate: x509.Certificate) -> str:
    """Its SHA-256, as tools print it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def note(folders: Folders, line: str) -> None:
    """A line in the log ``fka``, also when no part runs."""
    log = RotatingFile(folders.logs / "fka.log")
    log.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {line}\n".encode())
    log.close()


def _seen(path: Path) -> Changed:
    return Changed(path, fingerprint(x509.load_pem_x509_certificate(path.read_bytes())))


def _make(paths: Sequence[Path], config: Config, folders: Folders) -> list[Changed]:
    for path in paths:
        use = path.name.partition(".")[0]
        path.parent.mkdir(mode=0o700, exist_ok=True)
        give(path.parent, folders.accounts.programs)
        _write(path, f"{config.portal.hostname} {use}", folders.accounts.programs)
    return [_seen(path) for path in paths]


def _write(path: Path, name: str, account: Account | None) -> None:
    """A new RSA key and a certificate that it signs itself, in one PEM file with mode 0600."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(path, (private + certificate.public_bytes(serialization.Encoding.PEM)).decode())
    give(path, account)
