"""What the portal is told about who may say who somebody is, and about the keys that it shows them."""

from dataclasses import replace
from pathlib import Path

from samtale.config import Config
from samtale.config_sections import DEMO_PROVIDER, FkaSection, OiosamlSection
from samtale.stack import federation_keys
from samtale.stack.folders import Folders

#: Whom the demo's identity provider may speak for: Aarhus, Ballerup, Fanø (which has not joined), Odense,
#: OS2, Silkeborg, Syddjurs.
DEMO_CVRS = ("55133018", "58271713", "31210917", "35209115", "41849983", "29189641", "29189978")


def fka(config: Config, folders: Folders) -> FkaSection:
    """With whole paths, and our own keys where none are named; those of a rollover need not exist."""
    section = config.fka
    return replace(
        section,
        entity_id=section.entity_id or config.public_url,
        signing_keys=_paths(config, folders, "signing"),
        encryption_keys=_paths(config, folders, "encryption"),
        password_file=str(config.path(section.password_file)) if section.password_file else "",
    )


def with_keys_of_now(section: FkaSection) -> FkaSection:
    """Without the keys that a rollover has not made yet, or no more: for who looks at each that there is."""
    signing, encryption = (
        tuple(path for number, path in enumerate(paths) if number == 0 or Path(path).exists())
        for paths in (section.signing_keys, section.encryption_keys)
    )
    return replace(section, signing_keys=signing, encryption_keys=encryption)


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
    """Keys in the data folder where they are needed, missing, and not named in samtale.toml."""
    if (providers(config) or config.saml) and federation_keys.missing(config, folders):
        federation_keys.new(config, folders)


def _paths(config: Config, folders: Folders, use: str) -> tuple[str, ...]:
    given = tuple(str(config.path(one)) for one in federation_keys.named(config, use))
    return given or tuple(str(one) for one in federation_keys.files(folders, use).every)
