"""What another authority's OpenID Provider says becomes somebody at the door.

It was added for organisations that are named, so it speaks for no other, gives nothing above a member, and
leads to no account by itself: not even the address that it sends does.
"""

from collections.abc import Mapping

from samtale.config_sections import OidcSection
from samtale.lifecycle import claims
from samtale.lifecycle.arrival import Arrival
from samtale.lifecycle.claims import Claims
from samtale.oiosaml.refusal import Refused


def arrival(slug: str, section: OidcSection, said: Claims) -> Arrival | None:
    """None: they may not come in, for want of the role that is asked for. Raises :class:`Refused`."""
    cvr = _cvr(section, said)
    subject = claims.subject(said, section.subject)
    if section.member_role and section.member_role not in claims.several(said, section.role_claim):
        return None
    return Arrival(
        source=slug,
        subject=subject,
        cvr=cvr,
        organisation=section.name if len(section.cvr) == 1 else None,
        name=claims.optional(said, section.name_claim) or "",
        email=claims.address(said, section.email_claim),
        member=True,
        received=tuple(said),
    )


def _cvr(section: OidcSection, said: Mapping[str, object]) -> str:
    if not section.cvr_claim:
        return section.cvr[0]
    cvr = claims.text(said, section.cvr_claim)
    if cvr not in section.cvr:
        raise Refused("CVR", "the provider may not speak for this organisation")
    return cvr
