"""What the portal is told of the services that sign people in with us: all but their secrets."""

import hashlib
import re

from samtale.config import Config
from samtale.config_sections import SsoSection
from samtale.portal_configuration import ServiceConfig

#: Unreserved characters (RFC 3986), so that a client that encodes the secret and one that does not send the
#: same (RFC 6749, section 2.3.1). So many that nobody finds it by trying, hashed or not.
_SECRET = re.compile(r"[A-Za-z0-9._~-]{32,200}")


class ServiceError(Exception):
    """A secret cannot be used; the text names the key, never the secret."""


def services(config: Config) -> dict[str, ServiceConfig]:
    """By client id.

    Raises:
        ServiceError: a file with a secret cannot be read, or what is in it is none.
    """
    return {slug: _service(config, slug, section) for slug, section in config.sso.items()}


def _service(config: Config, slug: str, section: SsoSection) -> ServiceConfig:
    return ServiceConfig(
        name=section.name,
        redirect_uris=section.redirect_uris,
        post_logout_redirect_uris=section.post_logout_redirect_uris,
        backchannel_logout_uri=section.backchannel_logout_uri,
        secret_sha256="" if section.public else _fingerprint(config, slug, section.secret_file),
        trusted=section.trusted,
        scopes=section.scopes,
        roles=section.roles,
        organisations=section.organisations,
    )


def _fingerprint(config: Config, slug: str, file: str) -> str:
    where = config.where(f"sso.{slug}.secret_file")
    try:
        secret = config.path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ServiceError(f"{where}: {file} cannot be read: {type(error).__name__}") from error
    if not _SECRET.fullmatch(secret):
        raise ServiceError(
            f"{where}: {file} must hold one line of 32 to 200 letters, digits, dots, hyphens, underscores or "
            "tildes, such as `openssl rand -hex 32` prints"
        )
    return hashlib.sha256(secret.encode()).hexdigest()
