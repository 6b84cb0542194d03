"""What a broker passes on from the municipalities' federation becomes somebody at the door.

The same rules as for the federation itself: the organisation is one that the broker may speak for, the level
of assurance is enough, and a privilege gives no more than it would have given there.
"""

import re
import uuid

from samtale.config_sections import BrokerSection
from samtale.lifecycle import claims, grants
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.claims import Claims
from samtale.lifecycle.grants import Grants
from samtale.oiosaml import assurance, privileges
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.refusal import Refused

_CVR = re.compile(r"\d{8}", re.ASCII)


def arrival(slug: str, section: BrokerSection, said: Claims) -> tuple[Arrival, Grants]:
    """Who it is, and what their privileges give. Raises :class:`Refused`."""
    cvr = claims.text(said, section.cvr_claim)
    if _CVR.fullmatch(cvr) is None:
        raise Refused("CVR", "it has not eight digits")
    if section.cvr != "any" and cvr not in section.cvr:
        raise Refused("CVR", "the broker may not speak for this organisation")
    subject = _uuid(claims.text(said, section.uuid_claim))
    _check_level(claims.text(said, section.level_claim), Level[section.level.upper()])
    groups = privileges.parse(claims.optional(said, section.privileges_claim))
    given = grants.of(groups, cvr=cvr)
    made = Arrival(
        source=slug,
        subject=subject,
        cvr=cvr,
        organisation=claims.optional(said, section.organisation_claim),
        name=claims.optional(said, section.name_claim) or "",
        email=claims.address(said, section.email_claim),
        member=given.member,
        administrator=given.administrator,
        products=given.products,
        received=tuple(said),
    )
    return made, given


def _uuid(value: str) -> str:
    """One way to write it, so that one person has one key."""
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise Refused("claims", "the person's key is no UUID") from None


def _check_level(stated: str, least: Level) -> None:
    """NSIS, as a word or as the address that stands for it."""
    is_address = "://" in stated
    level = assurance.level(
        attribute=None if is_address else stated,
        context=stated if is_address else None,
        old=None,
        accept_old=False,
    )
    assurance.demand(level, least)
