"""OIO Basic Privilege Profile 1.2: what an organisation's administrators say that a person may do.

Groups are alternatives. Within one, every constraint limits every privilege; several values of one constraint
are alternatives.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from samtale.oiosaml import documents
from samtale.oiosaml.refusal import Refused

STEP = "privileges"
#: Bytes of XML; the largest seen are some kilobytes.
LARGEST = 256 * 1024
_NAMESPACES = frozenset(
    {
        "http://digst.dk/oiosaml/basic_privilege_profile",  # 1.2
        "http://itst.dk/oiosaml/basic_privilege_profile",  # 1.0 and 1.1, still sent by many
    }
)
_CVR_SCOPE = re.compile(r"urn:dk:gov:saml:cvrNumberIdentifier:([0-9]{8})")
#: It is written to logs, so it must be what the profile says: a URI.
_NAME = re.compile(r"[!-~]{1,256}")


@dataclass(frozen=True)
class Group:
    """``scope``: where it holds, as it was sent; ``constraints``: values by the constraint's name."""

    scope: str
    privileges: frozenset[str]
    constraints: Mapping[str, frozenset[str]]

    @property
    def cvr(self) -> str | None:
        """The organisation it holds for, None when the scope is something else."""
        match = _CVR_SCOPE.fullmatch(self.scope)
        return match[1] if match else None


@dataclass(frozen=True)
class Grant:
    """One privilege with what limits it."""

    privilege: str
    constraints: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Granted:
    """``left_out``: for the log, why a group gave nothing; neither names nor values of a person in it."""

    grants: tuple[Grant, ...]
    left_out: tuple[str, ...]


def parse(value: str | None) -> tuple[Group, ...]:
    """The attribute's value: base64 of an XML document, or the document itself. None or empty: no groups.

    Raises :class:`Refused` for anything that cannot be read whole: half of somebody's rights is a guess.
    """
    if value is None or not value.strip():
        return ()
    root = documents.parse(_document(value.strip()), step=STEP, limit=LARGEST)
    name = etree.QName(root)
    if name.localname != "PrivilegeList" or name.namespace not in _NAMESPACES:
        raise Refused(STEP, "the document is no PrivilegeList of the profile")
    return tuple(_group(element) for element in _children(root, {"PrivilegeGroup"}))


def granted(
    groups: Iterable[Group],
    *,
    cvr: str,
    known_constraints: Collection[str],
    known_privileges: Collection[str],
) -> Granted:
    """What holds for somebody of the organisation ``cvr``.

    A group gives nothing when it is meant for another organisation or has a constraint that we do not know,
    and so could not keep. Privileges are compared whole, never by a part of them.
    """
    grants: list[Grant] = []
    left_out: list[str] = []
    for number, group in enumerate(groups, start=1):
        unknown = sorted(set(group.constraints) - set(known_constraints))
        if group.cvr != cvr:
            left_out.append(f"group {number}: its scope is not the person's own organisation")
        elif unknown:
            left_out.append(f"group {number}: constraint {', '.join(unknown)} is not known")
        else:
            known = sorted(group.privileges & set(known_privileges))
            grants += [Grant(privilege, group.constraints) for privilege in known]
            if len(known) < len(group.privileges):
                left_out.append(f"group {number}: a privilege is not known")
    return Granted(tuple(grants), tuple(left_out))


def _document(value: str) -> bytes:
    if value.startswith(("<", "\ufeff<")):
        return value.encode()
    if len(value) > 2 * LARGEST:
        raise Refused(STEP, f"more than {LARGEST} bytes")
    return documents.unbase64(value, Refused(STEP, "neither XML nor base64"))


def _group(element: etree._Element) -> Group:
    scope = (element.get("Scope") or "").strip()
    if not scope:
        raise Refused(STEP, "a PrivilegeGroup has no Scope")
    privileges: set[str] = set()
    constraints: dict[str, set[str]] = {}
    for child in _children(element, {"Privilege", "Constraint"}):
        said = documents.text_of(child)
        if not said or len(child):
            raise Refused(STEP, "a Privilege or Constraint is not plain text")
        if etree.QName(child).localname == "Privilege":
            privileges.add(said)
            continue
        name = (child.get("Name") or "").strip()
        if _NAME.fullmatch(name) is None:
            raise Refused(STEP, "a Constraint has no Name, or one that is no URI")
        values = constraints.setdefault(name, set())
        values |= {one.strip() for one in said.split(",") if one.strip()}
    if not privileges:
        raise Refused(STEP, "a PrivilegeGroup has no Privilege")
    return Group(
        scope, frozenset(privileges), {name: frozenset(values) for name, values in constraints.items()}
    )


def _children(element: etree._Element, allowed: set[str]) -> Iterator[etree._Element]:
    """In no namespace, or in the profile's: producers differ."""
    for child in element:
        name = etree.QName(child)
        if name.localname not in allowed or name.namespace not in _NAMESPACES | {None}:
            raise Refused(STEP, f"an element has no place in {etree.QName(element).localname}")
        yield child
