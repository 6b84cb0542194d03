"""Who signed in, as the rest of a site needs it and as it can wait in the database for some seconds.

Of the assertion's attributes only the known ones are here; whatever else was sent is gone.
"""

from dataclasses import asdict, dataclass
from typing import Any

from samtale.oiosaml.assurance import Level
from samtale.oiosaml.privileges import Group
from samtale.oiosaml.response import SignedIn
from samtale.oiosaml.sessions import Subject


@dataclass(frozen=True)
class Principal:
    """``(provider, cvr, serial)`` is the person's key: ``provider`` is the slug in the settings.

    ``common_name``: of the NameID, the only name that is always there. ``authority``: the entity id of the
    organisation's own provider behind a broker. ``subject``: for the logout. ``level``: None from a provider
    that speaks plain SAML 2.0. ``received``: the names of all attributes that came, for who sets it up.
    """

    provider: str
    cvr: str
    serial: str
    common_name: str
    full_name: str | None
    email: str | None
    organisation: str | None
    level: Level | None
    groups: tuple[Group, ...]
    authority: str | None
    subject: Subject
    received: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values; :func:`from_json` makes an equal principal of them."""
        plain = asdict(self)
        plain["level"] = None if self.level is None else int(self.level)
        plain["groups"] = [
            {
                "scope": group.scope,
                "privileges": sorted(group.privileges),
                "constraints": {name: sorted(values) for name, values in group.constraints.items()},
            }
            for group in self.groups
        ]
        return plain


def of(provider: str, signed_in: SignedIn) -> Principal:
    """``provider``: the slug."""
    claims, statement = signed_in.claims, signed_in.statement
    parts = [part for part in (claims.first_name, claims.last_name) if part]
    return Principal(
        provider=provider,
        cvr=signed_in.subject.cvr,
        serial=signed_in.subject.serial,
        common_name=signed_in.subject.name,
        full_name=claims.full_name or (" ".join(parts) if len(parts) == 2 else None),
        email=claims.email,
        organisation=claims.organisation,
        level=signed_in.level,
        groups=signed_in.groups,
        authority=statement.authority,
        subject=Subject(statement.name_id, statement.name_id_format, statement.session_index),
        received=tuple(name for name, _ in statement.attributes),
    )


def from_json(plain: dict[str, Any]) -> Principal:
    """The reverse of :meth:`Principal.to_json`."""
    groups = tuple(
        Group(
            group["scope"],
            frozenset(group["privileges"]),
            {name: frozenset(values) for name, values in group["constraints"].items()},
        )
        for group in plain["groups"]
    )
    return Principal(
        **{
            **plain,
            "level": None if plain["level"] is None else Level(plain["level"]),
            "received": tuple(plain["received"]),
            "groups": groups,
            "subject": Subject(**plain["subject"]),
        }
    )
