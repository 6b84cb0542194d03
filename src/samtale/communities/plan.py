"""What would change: the difference between the file and what is there. Pure; reads and writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from samtale.communities.document import Complaint
from samtale.communities.file import ChannelWanted, CommunityWanted, Desired

Verb = Literal["add", "change", "archive"]


@dataclass(frozen=True)
class Change:
    """One line of the plan. ``path``: ``os2display`` or ``os2display/support``; ``detail``: what differs."""

    verb: Verb
    path: str
    detail: str = ""


@dataclass(frozen=True)
class ChannelNow:
    slug: str
    name: str
    kind: str
    default: bool
    topic_level: int
    archived: bool
    order: int


@dataclass(frozen=True)
class CommunityNow:
    """``pointers``: the addresses its moderators were appointed by."""

    slug: str
    name: str
    summary: str
    homepage: str
    hue: str
    archived: bool
    order: int
    channels: tuple[ChannelNow, ...] = ()
    pointers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Now:
    """``rules``: pairs of when and give, as in :class:`~samtale.communities.file.RuleWanted`."""

    communities: tuple[CommunityNow, ...] = ()
    rules: tuple[tuple[dict[str, object], dict[str, object]], ...] = field(default=())


def plan(desired: Desired, now: Now) -> tuple[Change, ...]:
    """All that differs, in the order of the file; what leaves the file comes last."""
    return tuple(_changes(desired, now))


def refusals(desired: Desired, now: Now, *, archive: bool) -> list[Complaint]:
    """What may not be done with the data that is there.

    Cases: a channel between closed and another kind, since its history would be shown to others; a community
    or a channel that leaves the file, unless ``archive``: nobody shall lose it by a slip of the pen.
    """
    complaints = []
    there = {community.slug: community for community in now.communities}
    for community in desired.communities:
        known = there.get(community.slug)
        if known is None:
            continue
        channels = {channel.slug: channel for channel in known.channels}
        for wanted in community.channels:
            was = channels.get(wanted.slug)
            if was is not None and (was.kind == "closed") != (wanted.kind == "closed"):
                complaints.append(
                    Complaint(
                        wanted.line,
                        f"community {community.slug}, channel {wanted.slug}: cannot go from {was.kind} to "
                        f"{wanted.kind}, since others would get to read what is in it; make a new channel",
                    )
                )
    if not archive:
        lines = {community.slug: community.line for community in desired.communities}
        for change in plan(desired, now):
            if change.verb == "archive":
                line = lines.get(change.path.partition("/")[0], 1)
                complaints.append(
                    Complaint(
                        line,
                        f"{change.path} is not in the file any more; with --archive it is closed for new "
                        "messages and kept, without it must stay in the file",
                    )
                )
    return complaints


def _changes(desired: Desired, now: Now) -> Iterator[Change]:
    there = {community.slug: community for community in now.communities}
    for order, wanted in enumerate(desired.communities):
        known = there.pop(wanted.slug, None)
        if known is None:
            yield Change("add", wanted.slug, wanted.name)
        else:
            differs = _differs(wanted, known, order, "name", "summary", "homepage", "hue")
            if differs:
                yield Change("change", wanted.slug, ", ".join(differs))
        yield from _channel_changes(wanted, known)
        yield from _moderator_changes(wanted, known)
    if tuple((rule.when(), rule.give()) for rule in desired.rules) != now.rules:
        yield Change("change", "rules", "who joins what by itself")
    for slug, known in there.items():
        if not known.archived:
            yield Change("archive", slug, known.name)


def _differs(
    wanted: CommunityWanted | ChannelWanted, was: CommunityNow | ChannelNow, order: int, *keys: str
) -> list[str]:
    differs = [
        f"{key}: {getattr(was, key)} → {getattr(wanted, key)}"
        for key in keys
        if getattr(was, key) != getattr(wanted, key)
    ]
    if was.order != order:
        differs.append("place")
    if was.archived:
        differs.append("out of the archive")
    return differs


def _channel_changes(wanted: CommunityWanted, known: CommunityNow | None) -> Iterator[Change]:
    there = {channel.slug: channel for channel in known.channels} if known else {}
    for order, channel in enumerate(wanted.channels):
        path = f"{wanted.slug}/{channel.slug}"
        was = there.pop(channel.slug, None)
        if was is None:
            yield Change("add", path, channel.name)
        else:
            differs = _differs(channel, was, order, "name", "kind", "default", "topic_level")
            if differs:
                yield Change("change", path, ", ".join(differs))
    for slug, was in there.items():
        if not was.archived:
            yield Change("archive", f"{wanted.slug}/{slug}", was.name)


def _moderator_changes(wanted: CommunityWanted, known: CommunityNow | None) -> Iterator[Change]:
    there = known.pointers if known else frozenset()
    emails = {pointer.email for pointer in wanted.moderators}
    for email in sorted(emails - there):
        yield Change("add", wanted.slug, f"moderator {email}")
    for email in sorted(there - emails):
        yield Change("change", wanted.slug, f"no longer moderator: {email}")
