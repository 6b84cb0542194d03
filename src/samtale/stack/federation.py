"""What the portal is told about who may say who somebody is, and the keys that it shows them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from samtale.config import Config
from samtale.config_sections import DEMO_PROVIDER, FkaSection, OiosamlSection
from samtale.stack.folders import Folders
from samtale.stack.privilege import Account, give
from samtale.stack.secrets import write_private

#: Whom the demo's identity provider may speak for: Aarhus, Ballerup, Fanø (which has not joined), Odense,
#: OS2, Silkeborg, Syddjurs.
DEMO_CVRS = ("55133018", "58271713", "31210917", "35209115", "41849983", "29189641", "29189978")
BITS = 3072
YEARS = 3


def fka(config: Config, folders: Folders) -> FkaSection:
    """With whole paths, and our own keys where none are named."""
    section = config.fka
    return replace(
        section,
        entity_id=section.entity_id or config.public_url,
        signing_keys=_paths(config, section.signing_keys, folders, "signing"),
        encryption_keys=_paths(config, section.encryption_keys, folders, "encryption"),
        password_file=str(config.path(section.password_file)) if section.password_file else "",
    )


def providers(config: Config) -> dict[str, OiosamlSection]:
    """Those of the file with whole paths, and the demo's own."""
    found = {
        slug: replace(
            section,
            metadata=section.metadata if "://" in section.metadata else str(config.path(section.metadata)),
            pinned=str(config.path(section.pinned)) if section.pinned else "",
        )
        for slug, section in config.oiosaml.items()
    }
    if config.demo:
        found[DEMO_PROVIDER] = OiosamlSection(
            name="din kommune",
            metadata=f"http://127.0.0.1:{config.ports.testidp}/metadata",
            cvr=DEMO_CVRS,
        )
    return found


def make_keys(config: Config, folders: Folders) -> None:
    """Keys in the data folder, with certificates that sign themselves, where they are needed and missing."""
    if not providers(config):
        return
    for use, named in (("signing", config.fka.signing_keys), ("encryption", config.fka.encryption_keys)):
        path = own_key(folders, use)
        if not named and not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            give(path.parent, folders.accounts.programs)
            write_key(path, f"{config.portal.hostname} {use}", folders.accounts.programs)


def own_key(folders: Folders, use: str) -> Path:
    """Where ours lies. ``use``: signing or encryption."""
    return folders.portal / "fka" / f"{use}.pem"


def write_key(path: Path, name: str, account: Account | None) -> None:
    """A new RSA key and its certificate, in one PEM file with mode 0600."""
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


def _paths(config: Config, named: tuple[str, ...], folders: Folders, use: str) -> tuple[str, ...]:
    return tuple(str(config.path(one)) for one in named) or (str(own_key(folders, use)),)
