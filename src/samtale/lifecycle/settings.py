"""What `oiosaml` and `oidc` are told. Imported into the portal's settings."""

from pathlib import Path

from samtale import portal_configuration as configuration
from samtale.config_sections import BrokerSection, OidcSection, OiosamlSection, SamlSection
from samtale.oidc.conf import ClientSettings
from samtale.oidc.conf import ProviderSettings as OpenidProviderSettings
from samtale.oiosaml import algorithms
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.conf import ProviderSettings, ServiceSettings
from samtale.oiosaml.plain import Attributes

__all__ = ["OIDC", "OIOSAML"]

_config = configuration.load()
_ALGORITHMS = {"ch2": algorithms.CONTEXT_HANDLER_2, "profile": algorithms.PROFILE}


def _provider(section: OiosamlSection) -> ProviderSettings:
    return ProviderSettings(
        name=section.name,
        metadata=section.metadata,
        pinned=Path(section.pinned) if section.pinned else None,
        cvrs=None if section.cvr == "any" else frozenset(section.cvr),
        allowed=_ALGORITHMS[section.algorithms],
        least_level=Level[section.level.upper()],
        accept_old_level=section.accept_assurance_level,
    )


def _authority(section: SamlSection) -> ProviderSettings:
    return ProviderSettings(
        name=section.name,
        metadata=section.metadata,
        pinned=Path(section.pinned) if section.pinned else None,
        cvrs=frozenset(section.cvr),
        allowed=algorithms.PROFILE,
        attributes=Attributes(
            name=section.name_attribute,
            email=section.email_attribute,
            subject=section.subject,
            cvr=section.cvr_attribute,
            role=section.role_attribute,
            member_role=section.member_role,
        ),
        encrypted=section.encrypted,
    )


def _openid(section: OidcSection | BrokerSection) -> OpenidProviderSettings:
    return OpenidProviderSettings(
        issuer=section.issuer,
        client_id=section.client_id,
        secret_file=Path(section.secret_file),
        scopes=section.scopes,
    )


OIOSAML = ServiceSettings(
    base_url=_config.public_url,
    entity_id=_config.fka.entity_id,
    name="OS2samtale",
    host="samtale.lifecycle.municipal",
    logged_out_url="/adgang/logget-ud/",
    contact_company=_config.fka.contact_company,
    contact_email=_config.fka.contact_email or _config.mail.sender,
    signing_keys=[Path(one) for one in _config.fka.signing_keys],
    encryption_keys=[Path(one) for one in _config.fka.encryption_keys],
    password_file=Path(_config.fka.password_file) if _config.fka.password_file else None,
    providers={
        **{slug: _provider(section) for slug, section in _config.oiosaml.items()},
        **{slug: _authority(section) for slug, section in _config.saml.items()},
    },
    require_https=not _config.demo,
)

OIDC = ClientSettings(
    base_url=_config.public_url,
    providers={
        **{slug: _openid(section) for slug, section in _config.oidc.items()},
        **{slug: _openid(section) for slug, section in _config.broker.items()},
    },
)
