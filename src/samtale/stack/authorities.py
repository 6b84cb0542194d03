"""What the portal is told about the ways in beside OIOSAML: with whole paths, and the demo's region."""

from dataclasses import replace

from samtale.config import Config
from samtale.config_sections import DEMO_AUTHORITY, BrokerSection, OidcSection, SamlSection
from samtale.stack import testidp
from samtale.stack.folders import Folders


def oidc(config: Config, folders: Folders) -> dict[str, OidcSection]:
    """By slug."""
    found = {
        slug: replace(section, secret_file=str(config.path(section.secret_file)))
        for slug, section in config.oidc.items()
    }
    if config.demo:
        found[DEMO_AUTHORITY] = OidcSection(
            name="Region Midtjylland",
            issuer=testidp.issuer(config),
            client_id=testidp.CLIENT_ID,
            secret_file=str(testidp.client_secret(folders)),
            cvr=("29190925",),
            sign_out=True,
        )
    return found


def broker(config: Config) -> dict[str, BrokerSection]:
    """By slug."""
    return {
        slug: replace(section, secret_file=str(config.path(section.secret_file)))
        for slug, section in config.broker.items()
    }


def saml(config: Config) -> dict[str, SamlSection]:
    """By slug."""
    return {
        slug: replace(
            section,
            metadata=section.metadata if "://" in section.metadata else str(config.path(section.metadata)),
            pinned=str(config.path(section.pinned)) if section.pinned else "",
        )
        for slug, section in config.saml.items()
    }
