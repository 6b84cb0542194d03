"""What a provider says that speaks SAML 2.0 without the OIOSAML profile: Entra ID, AD FS, Keycloak …

All that makes an answer believable is the same. What its attributes are called differs, there is no level of
assurance and there are no privileges.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from samtale.oiosaml.assertion import Statement
from samtale.oiosaml.claims import Claims
from samtale.oiosaml.name_id import Subject
from samtale.oiosaml.refusal import Refused

STEP = "attributes"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
LONGEST_SUBJECT = 180
_CVR = re.compile(r"\d{8}", re.ASCII)


@dataclass(frozen=True)
class Attributes:
    """What they are called; the empty text: there is none.

    ``subject``: names a person for good; without it the NameID does. ``cvr``: says which organisation;
    without it the provider speaks for one. ``role``: must hold ``member_role``, when there is one.
    """

    name: str
    email: str = ""
    subject: str = ""
    cvr: str = ""
    role: str = ""
    member_role: str = ""


def read(statement: Statement, names: Attributes, cvrs: frozenset[str]) -> tuple[Subject, Claims] | None:
    """``cvrs``: the organisations that the provider may speak for.

    None: they do not have the role that is asked for. Raises :class:`Refused`.
    """
    values = _by_name(statement)
    cvr = _cvr(values, names, cvrs)
    subject = _one(values, names.subject) if names.subject else _name_id(statement)
    if subject is None or not subject.isprintable() or len(subject) > LONGEST_SUBJECT:
        raise Refused(
            STEP, f"what names the person must have 1 to {LONGEST_SUBJECT} characters that can be printed"
        )
    if names.member_role and names.member_role not in values.get(names.role, ()):
        return None
    name = _one(values, names.name) or ""
    return Subject(cvr, name, subject), Claims(cvr=cvr, email=_one(values, names.email))


def _by_name(statement: Statement) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, values in statement.attributes:
        found[name] = found.get(name, ()) + tuple(value.strip() for value in values if value.strip())
    return found


def _one(values: Mapping[str, tuple[str, ...]], name: str) -> str | None:
    found = set(values.get(name, ())) if name else set()
    if len(found) > 1:
        raise Refused(STEP, f"{name} has values that differ")
    return found.pop() if found else None


def _cvr(values: Mapping[str, tuple[str, ...]], names: Attributes, cvrs: frozenset[str]) -> str:
    said = _one(values, names.cvr) if names.cvr else next(iter(cvrs)) if len(cvrs) == 1 else None
    if said is None or _CVR.fullmatch(said) is None:
        raise Refused(STEP, "the CVR number must be there, with eight digits")
    if said not in cvrs:
        raise Refused("CVR", "the provider may not speak for this organisation")
    return said


def _name_id(statement: Statement) -> str | None:
    if statement.name_id_format == TRANSIENT:
        raise Refused("NameID", "it is another one at each sign-in")
    return statement.name_id.strip() or None
