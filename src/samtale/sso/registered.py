"""The services' rows, as the configuration has them."""

from typing import Any

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.utils import timezone

from samtale.portal_configuration import ServiceConfig
from samtale.sso import keys
from samtale.sso.models import Service


def ensure(**_: Any) -> None:
    """Make each service of the configuration, take the others away with all they have.

    After each migration, which also runs when the configuration is another.
    """
    for client_id, config in settings.CONFIG.sso.items():
        Service.objects.update_or_create(id=client_id, defaults=_row(config))
    Service.objects.exclude(id__in=list(settings.CONFIG.sso)).delete()
    if settings.CONFIG.sso:
        keys.rotate(timezone.now())


def _row(config: ServiceConfig) -> dict[str, Any]:
    return {
        "name": config.name,
        "type": Client.Type.CONFIDENTIAL if config.secret_sha256 else Client.Type.PUBLIC,
        "secret": config.secret_sha256,
        "scopes": "\n".join(("openid", *config.scopes)),
        "default_scopes": "",
        "grant_types": "\n".join((Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN)),
        "response_types": Client.ResponseType.CODE.value,
        "redirect_uris": "\n".join(config.redirect_uris),
        "skip_consent": config.trusted,
    }
