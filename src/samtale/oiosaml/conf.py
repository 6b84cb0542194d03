"""The app's one setting: ``OIOSAML`` in Django's settings, a :class:`ServiceSettings`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings

from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2, Allowed
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.plain import Attributes

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from samtale.oiosaml.principal import Principal


class Host(Protocol):
    """What the site that uses this app does with an answer. ``onward``: what was given to `sign_in.begin`."""

    def signed_in(self, request: "HttpRequest", principal: "Principal", onward: str) -> "HttpResponse":
        """Somebody is who the provider says; make the session."""

    def not_signed_in(
        self, request: "HttpRequest", provider: str, status: str, onward: str
    ) -> "HttpResponse":
        """Nobody was signed in, and nothing is wrong. ``status``: NoPassive, AuthnFailed, RequestDenied …"""


@dataclass(frozen=True)
class ProviderSettings:
    """An identity provider. ``metadata``: an address, or the path of a file.

    ``pinned``: PEM certificates of which one must have signed the metadata; none: no signature is asked for.
    ``cvrs``: the organisations that it may speak for, None: any. ``attributes``: of a provider that speaks
    plain SAML 2.0; None: it speaks OIOSAML. ``encrypted``: off for a plain one that cannot encrypt.
    """

    name: str
    metadata: str
    pinned: Path | None = None
    cvrs: frozenset[str] | None = frozenset()
    allowed: Allowed = CONTEXT_HANDLER_2
    least_level: Level = Level.SUBSTANTIAL
    accept_old_level: bool = False
    attributes: Attributes | None = None
    encrypted: bool = True


@dataclass(frozen=True)
class ServiceSettings:
    """``base_url``: scheme and host that people type; addresses are made of it, never of a request's Host.

    ``signing_keys``, ``encryption_keys``: PEM or PKCS#12 files, the current one first, then those of
    a rollover. ``password_file`` opens those that need it. ``host``: dotted path of a module that is a
    :class:`Host`.
    ``providers``: by slug, which is part of what identifies a person and can never change.
    ``require_https``: off only where nothing but this machine is reached.
    """

    base_url: str
    entity_id: str
    name: str
    host: str
    logged_out_url: str
    contact_company: str
    contact_email: str
    signing_keys: Sequence[Path]
    encryption_keys: Sequence[Path]
    password_file: Path | None = None
    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    require_https: bool = True


def current() -> ServiceSettings:
    """The setting."""
    found: ServiceSettings = settings.OIOSAML
    return found


def host() -> Host:
    """What `ServiceSettings.host` names."""
    return cast("Host", import_module(current().host))
