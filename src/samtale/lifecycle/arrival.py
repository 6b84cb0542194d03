"""Somebody as a way in describes them, whichever it was."""

from dataclasses import asdict, dataclass
from typing import Any

from samtale.oiosaml.sessions import Subject


@dataclass(frozen=True)
class Arrival:
    """Who is at the door.

    Attributes:
        source: the slug of the way in, in samtale.toml.
        subject: what the person is called there, for good.
        cvr: their organisation, which the way in may speak for.
        organisation: what the way in calls it.
        name: as it was sent; perhaps no name at all.
        email: as it was sent; never a key.
        member, administrator: privileges that came along, already bounded by what the source may give.
        products: slugs that the privilege »moderator« names.
        received: names of all that was sent, for whoever tries the way in; no values.
        logout: what the way in calls this sign-in, for a logout there (`oiosaml.sessions.Subject`).
    """

    source: str
    subject: str
    cvr: str
    organisation: str | None
    name: str
    email: str | None
    member: bool = False
    administrator: bool = False
    products: frozenset[str] = frozenset()
    received: tuple[str, ...] = ()
    logout: Subject | None = None

    @property
    def uid(self) -> str:
        """With ``source`` the person's key."""
        return f"{self.cvr}:{self.subject}"

    def to_json(self) -> dict[str, Any]:
        """Plain values; :meth:`from_json` makes an equal arrival of them."""
        return {**asdict(self), "products": sorted(self.products)}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Arrival":
        logout = plain["logout"]
        return cls(
            **{
                **plain,
                "products": frozenset(plain["products"]),
                "received": tuple(plain["received"]),
                "logout": Subject(**logout) if logout else None,
            }
        )
