"""What is taken out of an assertion's attributes. Everything else is dropped here, CPR numbers among it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from samtale.oiosaml.refusal import Refused

STEP = "attributes"
_EID = "https://data.gov.dk/model/core/eid/"
_CORE = "https://data.gov.dk/model/core/"
_OLD = "dk:gov:saml:attribute:"
#: Each claim by the names it has: OIOSAML 3, then what OIOSAML 2 and KOMBIT call it.
NAMES: Mapping[str, tuple[str, ...]] = {
    "cvr": (f"{_EID}professional/cvr", f"{_OLD}CvrNumberIdentifier"),
    "organisation": (f"{_EID}professional/orgName", "urn:oid:2.5.4.10"),
    "full_name": (f"{_EID}fullName", "urn:oid:2.5.4.3"),
    "first_name": (f"{_EID}firstName",),
    "last_name": (f"{_EID}lastName", "urn:oid:2.5.4.4"),
    "email": (f"{_EID}email", "urn:oid:0.9.2342.19200300.100.1.3"),
    "nsis_level": ("https://data.gov.dk/concept/core/nsis/loa",),
    "assurance_level": (f"{_OLD}AssuranceLevel",),
    "spec_version": (f"{_CORE}specVersion", f"{_OLD}SpecVer"),
    "kombit_version": (f"{_OLD}KombitSpecVer", f"{_CORE}kombitSpecVer"),
    "privileges": (f"{_EID}privilegesIntermediate", f"{_OLD}Privileges_intermediate"),
}
_CLAIM_OF = {name: claim for claim, names in NAMES.items() for name in names}
#: The first value holds; several that differ are refused for every other claim.
_SEVERAL = frozenset({"email"})
_CVR = re.compile(r"\d{8}", re.ASCII)
SPEC_VERSIONS = frozenset({"OIO-SAML-3.0", "DK-SAML-2.0"})
KOMBIT_VERSIONS = frozenset({"1.0", "2.0"})


@dataclass(frozen=True)
class Claims:
    """Each as it was sent, without the space around it; None where nothing was sent."""

    cvr: str
    organisation: str | None = None
    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    nsis_level: str | None = None
    assurance_level: str | None = None
    spec_version: str | None = None
    kombit_version: str | None = None
    privileges: str | None = None


def read(attributes: Iterable[tuple[str, tuple[str, ...]]]) -> Claims:
    """``attributes``: names with their values. Raises :class:`Refused`.

    Both vocabularies may be there beside each other; where they say different things nobody is believed.
    """
    found: dict[str, list[str]] = {}
    for name, values in attributes:
        claim = _CLAIM_OF.get(name)
        if claim is not None:
            found.setdefault(claim, []).extend(value.strip() for value in values if value.strip())
    claims = {claim: _one(claim, values) for claim, values in found.items() if values}
    cvr = claims.pop("cvr", None)
    if cvr is None or _CVR.fullmatch(cvr) is None:
        raise Refused(STEP, "the CVR number must be there, with eight digits")
    return Claims(cvr=cvr, **claims)


def check_versions(claims: Claims, *, kombit: bool) -> None:
    """``kombit``: Context Handler states its own version as well. Raises :class:`Refused`."""
    if claims.spec_version not in SPEC_VERSIONS:
        raise Refused("specVersion", f"must be one of {', '.join(sorted(SPEC_VERSIONS))}")
    if kombit and claims.kombit_version not in KOMBIT_VERSIONS:
        raise Refused("KombitSpecVer", f"must be one of {', '.join(sorted(KOMBIT_VERSIONS))}")


def _one(claim: str, values: list[str]) -> str:
    if claim not in _SEVERAL and len(set(values)) > 1:
        raise Refused(STEP, f"{claim} has values that differ")
    return values[0]
