"""What `oiosaml` is told. Imported into the portal's settings."""

from pathlib import Path

from samtale import portal_configuration as configuration
from samtale.config_sections import OiosamlSection
from samtale.oiosaml import algorithms
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.conf import ProviderSettings, ServiceSettings

__all__ = ["OIOSAML"]

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
    providers={slug: _provider(section) for slug, section in _config.oiosaml.items()},
    require_https=not _config.demo,
)
