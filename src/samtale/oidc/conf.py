"""The app's one setting: ``OIDC`` in Django's settings, a :class:`ClientSettings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from samtale.oiosaml.refusal import Refused


class SecretProblem(Exception):
    """Our secret at a provider cannot be read; the text names the file, never what is in it."""


def read_secret(file: Path) -> str:
    """What a provider gave us to show who we are. Raises :class:`SecretProblem`."""
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretProblem(f"{file}: cannot be read: {type(error).__name__}") from error
    if not secret or not secret.isprintable():
        raise SecretProblem(f"{file}: must hold the client's secret on one line")
    return secret


@dataclass(frozen=True)
class ProviderSettings:
    """An OpenID Provider. ``scopes``: besides ``openid``."""

    issuer: str
    client_id: str
    secret_file: Path
    scopes: tuple[str, ...] = ()

    def secret(self) -> str:
        """Raises :class:`SecretProblem`."""
        return read_secret(self.secret_file)


@dataclass(frozen=True)
class ClientSettings:
    """``base_url``: scheme and host that people type. ``providers``: by slug, part of each person's key."""

    base_url: str
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)


def current() -> ClientSettings:
    """The setting."""
    found: ClientSettings = settings.OIDC
    return found


def provider(slug: str) -> ProviderSettings:
    """Raises :class:`Refused` for a slug that is none."""
    try:
        return current().providers[slug]
    except KeyError:
        raise Refused("provider", "no such provider") from None
