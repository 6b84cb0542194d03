"""What runs out: our certificates, and each provider's metadata and certificates."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from samtale.oiosaml import conf, keys, provider_metadata
from samtale.oiosaml.models import StoredMetadata


class Kind(StrEnum):
    SIGNING = "signing"
    ENCRYPTION = "encryption"
    METADATA = "metadata"
    PROVIDER = "provider"


@dataclass(frozen=True)
class Ending:
    """``provider``: the slug; empty for what is ours. What was renewed has another ``at``."""

    kind: Kind
    provider: str
    at: datetime


def ours() -> list[Ending]:
    """Of the certificates in use, and of none that waits for its turn or was replaced.

    Raises keys.KeyProblem.
    """
    return [
        Ending(Kind.SIGNING, "", keys.signing()[0].certificate.not_valid_after_utc),
        Ending(Kind.ENCRYPTION, "", keys.encryption()[0].certificate.not_valid_after_utc),
    ]


def theirs() -> list[Ending]:
    """Of each provider whose metadata were ever there."""
    known = StoredMetadata.objects.filter(provider__in=conf.current().providers)
    return [ending for kept in known if kept.fetched_at for ending in _of(kept, kept.fetched_at)]


def _of(kept: StoredMetadata, fetched_at: datetime) -> list[Ending]:
    allowed = conf.current().providers[kept.provider].allowed
    # As of when it came: what has run out since must be said, too.
    metadata = provider_metadata.read(bytes(kept.document), now=fetched_at, pinned=(), allowed=allowed)
    found = [Ending(Kind.PROVIDER, kept.provider, metadata.certificates_until)]
    if metadata.valid_until is not None:
        found.append(Ending(Kind.METADATA, kept.provider, metadata.valid_until))
    return found
