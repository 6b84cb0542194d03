"""The metadata of each provider that is configured: fetched, checked, kept.

A sign-in uses what is kept. When the newest cannot be used the older one stays, and what was wrong is said in
`StoredMetadata.problem`.
"""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from samtale.oiosaml import conf, fetching, provider_metadata
from samtale.oiosaml.conf import ProviderSettings
from samtale.oiosaml.models import StoredMetadata
from samtale.oiosaml.provider_metadata import Metadata
from samtale.oiosaml.refusal import Refused

logger = logging.getLogger(__name__)
#: Until a provider whose metadata were never there is asked again: each try keeps a thread waiting, and
#: anybody can begin a sign-in.
PATIENCE = timedelta(seconds=15)


class Unknown(Exception):
    """No slug of the settings, or a provider whose metadata was never there."""


def settings_of(slug: str) -> ProviderSettings:
    """Raises :class:`Unknown`."""
    try:
        return conf.current().providers[slug]
    except KeyError:
        raise Unknown(slug) from None


def current(slug: str) -> Metadata:
    """What is kept; fetched when there is none yet.

    Raises:
        Unknown: no such provider, or its metadata could never be had.
        Refused: it has run out.
    """
    provider = settings_of(slug)
    kept = _kept(slug)
    if kept is None:
        raise Unknown(slug)
    # The signature was checked before it was kept.
    return provider_metadata.read(
        bytes(kept.document), now=timezone.now(), pinned=(), allowed=provider.allowed
    )


def by_entity_id(entity_id: str) -> tuple[str, Metadata] | None:
    """The provider that calls itself so, among those that can be used now."""
    for slug in conf.current().providers:
        try:
            metadata = current(slug)
        except (Unknown, Refused):
            continue
        if metadata.entity_id == entity_id:
            return slug, metadata
    return None


def refresh(slug: str) -> str:
    """Fetch and keep the newest. Returns what is wrong with it, in one sentence, or the empty text."""
    provider = settings_of(slug)
    now = timezone.now()
    try:
        document = fetching.fetch(provider.metadata, require_https=conf.current().require_https)
        pinned = provider_metadata.pinned_in(provider.pinned.read_bytes()) if provider.pinned else []
        provider_metadata.read(document, now=now, pinned=pinned, allowed=provider.allowed)
    except (Refused, fetching.Unreachable, OSError) as error:
        return _keep_the_old(slug, str(error), now)
    StoredMetadata.objects.update_or_create(
        provider=slug,
        defaults={"document": document, "fetched_at": now, "tried_at": now, "problem": ""},
    )
    return ""


def refresh_all() -> dict[str, str]:
    """Each provider's problem, by slug; empty where there is none."""
    return {slug: refresh(slug) for slug in conf.current().providers}


def _kept(slug: str) -> StoredMetadata | None:
    found = StoredMetadata.objects.filter(provider=slug).first()
    if found is None or (found.fetched_at is None and timezone.now() - found.tried_at > PATIENCE):
        refresh(slug)
        found = StoredMetadata.objects.get(provider=slug)
    return found if found.fetched_at else None


def _keep_the_old(slug: str, problem: str, now: datetime) -> str:
    logger.warning("the metadata of %s cannot be used: %s", slug, problem)
    StoredMetadata.objects.update_or_create(
        provider=slug,
        defaults={"tried_at": now, "problem": problem},
        create_defaults={"document": b"", "tried_at": now, "problem": problem},
    )
    return problem
