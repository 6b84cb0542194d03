"""The file that says which communities, channels and moderators there should be.

:func:`read` turns it into :class:`Desired`, or complains with file and line and gives nothing.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

import yaml

from samtale.communities.document import Complaint, Complaints, Entry, entry_of
from samtale.communities.hue import HUES, hue_of

Kind = Literal["open", "closed", "announcement"]
KINDS: tuple[Kind, ...] = ("open", "closed", "announcement")
ORGANISATION_KINDS = ("municipality", "region", "state", "supplier", "os2")
TOPIC_LEVELS = ("0", "50")

_TOP = ("templates", "communities", "rules")
_TEMPLATE = ("channels",)
_COMMUNITY = ("slug", "name", "summary", "homepage", "hue", "template", "channels", "moderators")
_CHANNEL = ("slug", "name", "kind", "default", "topic_level")
_RULE = ("when", "join", "role")
_WHEN = ("organisation.kind", "privilege")


@dataclass(frozen=True)
class ChannelWanted:
    slug: str
    name: str
    kind: Kind
    default: bool
    topic_level: Literal[0, 50]
    line: int


@dataclass(frozen=True)
class Pointer:
    """An address that points to a moderator; resolved once, see :mod:`samtale.communities.appointments`."""

    email: str
    line: int


@dataclass(frozen=True)
class CommunityWanted:
    slug: str
    name: str
    summary: str
    homepage: str
    hue: str
    channels: tuple[ChannelWanted, ...]
    moderators: tuple[Pointer, ...]
    line: int


@dataclass(frozen=True)
class RuleWanted:
    """Either people of ``organisation_kinds`` join ``join``, or a sign-in privilege gives a moderator's role.

    ``privilege``: the privilege's name; its constraint ``moderator_of`` names the communities.
    """

    organisation_kinds: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    privilege: str = ""
    moderator_of: str = ""

    def when(self) -> dict[str, object]:
        if self.privilege:
            return {"privilege": self.privilege}
        return {"organisation.kind": list(self.organisation_kinds)}

    def give(self) -> dict[str, object]:
        return {"role": {"moderator": self.moderator_of}} if self.privilege else {"join": list(self.join)}


@dataclass(frozen=True)
class Desired:
    """``source``: how the file is called in complaints."""

    source: str
    communities: tuple[CommunityWanted, ...]
    rules: tuple[RuleWanted, ...]


class FileRefused(Exception):
    """The file is wrong. ``complaints`` in the order of its lines; the text has one line for each."""

    def __init__(self, source: str, complaints: list[Complaint]) -> None:
        self.source = source
        self.complaints = sorted(complaints)
        super().__init__("\n".join(complaint.within(source) for complaint in self.complaints))


def read(path: Path) -> Desired:
    """Raises :class:`FileRefused`."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileRefused(str(path), [Complaint(1, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise FileRefused(str(path), [Complaint(1, "is not UTF-8")]) from error
    return parse(text, str(path))


def parse(text: str, source: str) -> Desired:
    """Raises :class:`FileRefused`."""
    complaints = Complaints()
    desired = _desired(text, source, complaints)
    if complaints.found or desired is None:
        raise FileRefused(source, complaints.found)
    return desired


def _desired(text: str, source: str, complaints: Complaints) -> Desired | None:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        complaints.add(line, f"is not YAML: {getattr(error, 'problem', None) or error}")
        return None
    if root is None:
        complaints.add(1, "is empty; must be a mapping with communities")
        return None
    top = entry_of(root, _TOP, "the file", complaints)
    if top is None:
        return None
    templates = _templates(top, complaints)
    communities = tuple(
        _community(entry, templates, complaints)
        for entry in top.entries("communities", _COMMUNITY, "community")
    )
    if not communities:
        complaints.add(top.line, "the file: communities is missing or empty")
    _no_doubles([(c.slug, c.line) for c in communities], "community", complaints)
    slugs = {community.slug for community in communities}
    rules = tuple(_rule(entry, slugs, complaints) for entry in top.entries("rules", _RULE, "rule"))
    return Desired(source, communities, rules)


def _templates(top: Entry, complaints: Complaints) -> dict[str, tuple[ChannelWanted, ...]]:
    templates: dict[str, tuple[ChannelWanted, ...]] = {}

    def one(name: str, node: yaml.Node) -> None:
        entry = entry_of(node, _TEMPLATE, f"template {name}", complaints)
        if entry is not None:
            templates[name] = _channels(entry, f"template {name}", complaints)

    top.named("templates", one)
    return templates


def _channels(entry: Entry, what: str, complaints: Complaints) -> tuple[ChannelWanted, ...]:
    channels = tuple(
        ChannelWanted(
            slug=channel.slug(),
            name=channel.text("name", most=80),
            kind=cast("Kind", channel.choice("kind", KINDS)),
            default=channel.flag("default", default=False),
            topic_level=50 if channel.choice("topic_level", TOPIC_LEVELS, default="0") == "50" else 0,
            line=channel.line,
        )
        for channel in entry.entries("channels", _CHANNEL, f"{what}, channel")
    )
    for channel in channels:
        if channel.default and channel.kind == "closed":
            complaints.add(
                channel.line, f"{what}, channel {channel.slug}: a closed channel cannot be default"
            )
    _no_doubles([(c.slug, c.line) for c in channels], f"{what}, channel", complaints)
    return channels


def _community(
    entry: Entry, templates: dict[str, tuple[ChannelWanted, ...]], complaints: Complaints
) -> CommunityWanted:
    slug = entry.slug()
    what = f"community {slug}" if slug else "community"
    named = replace(entry, what=what)
    inherited: tuple[ChannelWanted, ...] = ()
    if named.has("template"):
        template = named.text("template", most=60)
        inherited = templates.get(template, ())
        if template and template not in templates:
            complaints.add(
                named.line_at("template"),
                f"{what}: no template {template!r}; there are {', '.join(sorted(templates)) or 'none'}",
            )
    own = _channels(named, what, complaints)
    taken = {channel.slug for channel in inherited}
    for channel in own:
        if channel.slug and channel.slug in taken:
            complaints.add(channel.line, f"{what}, channel {channel.slug}: its template has it already")
    pointers = tuple(Pointer(email.lower(), line) for email, line in named.texts("moderators"))
    for pointer in pointers:
        if pointer.email.count("@") != 1 or " " in pointer.email:
            complaints.add(
                pointer.line, f"{what}: moderators must hold e-mail addresses, got {pointer.email!r}"
            )
    _no_doubles([(p.email, p.line) for p in pointers], f"{what}, moderator", complaints)
    return CommunityWanted(
        slug=slug,
        name=named.text("name", most=80),
        summary=named.text("summary", most=300, default=""),
        homepage=_homepage(named, complaints),
        hue=named.choice("hue", HUES, default=hue_of(slug)),
        channels=inherited + own,
        moderators=pointers,
        line=entry.line,
    )


def _homepage(entry: Entry, complaints: Complaints) -> str:
    homepage = entry.text("homepage", most=200, default="")
    if homepage and not homepage.startswith("https://"):
        complaints.add(
            entry.line_at("homepage"), f"{entry.what}: homepage must begin with https://, got {homepage!r}"
        )
    return homepage


def _rule(entry: Entry, slugs: set[str], complaints: Complaints) -> RuleWanted:
    when = entry.entry("when", _WHEN, "rule, when")
    if when is None:
        complaints.add(entry.line, "rule: when is missing")
        return RuleWanted()
    if when.has("privilege"):
        when.choice("privilege", ("moderator",))
        role = entry.entry("role", ("moderator",), "rule, role")
        if role is None or when.has("organisation.kind") or entry.has("join"):
            complaints.add(entry.line, "rule: a privilege goes with role: {moderator: constraint.NAME} alone")
            return RuleWanted()
        constraint = role.text("moderator", most=80)
        if constraint and not constraint.startswith("constraint."):
            complaints.add(role.line, f"rule, role: moderator must be constraint.NAME, got {constraint!r}")
        return RuleWanted(privilege="moderator", moderator_of=constraint)
    kinds = tuple(when.texts("organisation.kind"))
    for kind, line in kinds:
        if kind not in ORGANISATION_KINDS:
            complaints.add(
                line,
                f"rule, when: organisation.kind must be of {', '.join(ORGANISATION_KINDS)}, got {kind!r}",
            )
    joins = tuple(entry.texts("join"))
    for slug, line in joins:
        if slug not in slugs:
            complaints.add(line, f"rule: join names the community {slug!r}, which the file does not have")
    if not kinds or not joins or entry.has("role"):
        complaints.add(
            entry.line, "rule: when: {organisation.kind: [KIND]} goes with join: [COMMUNITY] alone"
        )
    return RuleWanted(
        organisation_kinds=tuple(kind for kind, _ in kinds), join=tuple(slug for slug, _ in joins)
    )


def _no_doubles(seen: list[tuple[str, int]], what: str, complaints: Complaints) -> None:
    first: dict[str, int] = {}
    for name, line in seen:
        if name and name in first:
            complaints.add(line, f"{what} {name}: is in the file twice, first in line {first[name]}")
        first.setdefault(name, line)
