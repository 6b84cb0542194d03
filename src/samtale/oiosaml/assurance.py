"""How sure the identity provider is (NSIS), and whether that is enough."""

from enum import IntEnum

from samtale.oiosaml.refusal import Refused

STEP = "level of assurance"
_URL = "https://data.gov.dk/concept/core/nsis/loa/"


class Level(IntEnum):
    """NSIS levels; Danish: lav, betydelig, høj."""

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


_BY_NAME = {"Low": Level.LOW, "Substantial": Level.SUBSTANTIAL, "High": Level.HIGH}
#: ``dk:gov:saml:attribute:AssuranceLevel`` as KOMBIT maps it.
_BY_OLD_NUMBER = {"1": Level.LOW, "2": Level.LOW, "3": Level.SUBSTANTIAL, "4": Level.HIGH}


def level(*, attribute: str | None, context: str | None, old: str | None, accept_old: bool) -> Level:
    """The level that an assertion states.

    ``attribute``: the NSIS attribute, a short name. ``context``: AuthnContextClassRef, which counts when it
    is an NSIS address. When both are there the lower one holds. ``old``: AssuranceLevel, which is looked at
    only with ``accept_old`` and only when there is no NSIS level. Raises :class:`Refused` when nothing states
    one, or states one that does not exist.
    """
    stated = []
    if attribute is not None:
        stated.append(_known(_BY_NAME, attribute))
    if context is not None and context.startswith(_URL):
        stated.append(_known(_BY_NAME, context.removeprefix(_URL)))
    if not stated and accept_old and old is not None:
        stated.append(_known(_BY_OLD_NUMBER, old))
    if not stated:
        raise Refused(STEP, "none is stated")
    return min(stated)


def demand(stated: Level, least: Level) -> None:
    """Raises :class:`Refused` below ``least``; whatever was asked for in the request does not matter here."""
    if stated < least:
        raise Refused(STEP, f"{stated.name} is below {least.name}")


def _known(levels: dict[str, Level], value: str) -> Level:
    found = levels.get(value)
    if found is None:
        raise Refused(STEP, "it is none that NSIS knows")
    return found
