"""Our metadata as the settings have it."""

from functools import lru_cache

from samtale.oiosaml import claims, conf, keys, metadata
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.metadata import Contact, ServiceProvider
from samtale.oiosaml.sign_in import address_of

#: What we ask for: the OIOSAML 3 name of each claim, and whether nobody can come in without it.
ASKED = (
    (claims.NAMES["spec_version"][0], True),
    (claims.NAMES["kombit_version"][0], True),
    (claims.NAMES["nsis_level"][0], True),
    (claims.NAMES["cvr"][0], True),
    (claims.NAMES["organisation"][0], True),
    (claims.NAMES["privileges"][0], False),
    (claims.NAMES["email"][0], False),
    (claims.NAMES["full_name"][0], False),
)


def service_provider() -> ServiceProvider:
    """Raises keys.KeyProblem."""
    settings = conf.current()
    allowed = [provider.allowed for provider in settings.providers.values()] or [Allowed()]
    return ServiceProvider(
        entity_id=settings.entity_id,
        acs_url=address_of("acs"),
        slo_url=address_of("slo"),
        name=settings.name,
        contact=Contact(settings.contact_company, settings.contact_email),
        signing=tuple(pair.certificate for pair in keys.signing()),
        encryption=tuple(pair.certificate for pair in keys.encryption()),
        attributes=ASKED,
        allowed=Allowed(
            key_transports=frozenset[str]().union(*(one.key_transports for one in allowed)),
            blocks=frozenset[str]().union(*(one.blocks for one in allowed)),
        ),
    )


def document() -> bytes:
    """Signed, with the keys of now.

    Raises:
        keys.KeyProblem: our keys cannot be used.
        metadata.AddressProblem: our address is not HTTPS.
    """
    return _signed(service_provider(), require_https=conf.current().require_https)


@lru_cache(maxsize=1)
def _signed(provider: ServiceProvider, *, require_https: bool) -> bytes:
    """Once for each process, and again when a key changed: a signature takes time, and anybody can ask."""
    return metadata.signed(provider, keys.signing()[0], require_https=require_https)
