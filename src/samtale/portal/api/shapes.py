"""What the client's API answers. The client's TypeScript types are made from these dataclasses.

Every field is JSON as it stands: strings, booleans, numbers, lists and other shapes; None is null.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["member", "guest", "administrator", "owner"]
Language = Literal["da", "en"]
ChannelKind = Literal["open", "closed", "announcement"]
Hue = Literal["rav", "korn", "mos", "skov", "hav", "fjord", "himmel", "bolge", "viol", "lyng"]


@dataclass(frozen=True)
class OrganisationShape:
    """``cvr``: eight digits; null for an organisation without one."""

    name: str
    short: str
    cvr: str | None


@dataclass(frozen=True)
class Me:
    """`GET /api/me`. ``id``: the Matrix user id; ``demo``: all is made up; ``moderates``: slugs."""

    id: str
    name: str
    email: str
    role: Role
    organisation: OrganisationShape | None
    language: Language
    demo: bool
    server_name: str
    moderates: list[str]


@dataclass(frozen=True)
class ChannelShape:
    """``room_id``: null until somebody opens the channel for the first time."""

    slug: str
    name: str
    kind: ChannelKind
    room_id: str | None
    joined: bool
    may_join: bool
    archived: bool
    default: bool


@dataclass(frozen=True)
class CommunityShape:
    """``moderator``: the person who asks moderates it."""

    slug: str
    name: str
    summary: str
    hue: Hue
    space_id: str | None
    joined: bool
    moderator: bool
    channels: list[ChannelShape]


@dataclass(frozen=True)
class Communities:
    """`GET /api/communities`: only what the person may know of."""

    communities: list[CommunityShape]


@dataclass(frozen=True)
class Joined:
    """`POST /api/communities/SLUG/join` and `/leave`."""

    joined: bool


@dataclass(frozen=True)
class Opened:
    """`POST /api/channels/COMMUNITY/CHANNEL/open`: the person is in the room."""

    room_id: str


@dataclass(frozen=True)
class PersonShape:
    """``name``: the bare name; a guest is shown as "Navn (gæst, Organisation)". ``moderates``: slugs."""

    id: str
    name: str
    organisation: str | None
    organisation_name: str | None
    role: Role
    guest: bool
    moderates: list[str]


@dataclass(frozen=True)
class People:
    """`GET /api/people?q=` and `?id=`."""

    people: list[PersonShape]


@dataclass(frozen=True)
class Failure:
    """Every answer that is not 2xx. ``message``: a sentence for the person; ``field``: which input."""

    error: str
    message: str
    field: str | None


#: In the order they stand in the TypeScript file.
SHAPES: tuple[type, ...] = (
    OrganisationShape,
    Me,
    ChannelShape,
    CommunityShape,
    Communities,
    Joined,
    Opened,
    PersonShape,
    People,
    Failure,
)
ALIASES = {"Role": Role, "Language": Language, "ChannelKind": ChannelKind, "Hue": Hue}
