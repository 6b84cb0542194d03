"""Loading the demo: first what a newcomer sees, then the rest. Can be killed anywhere and started again."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from samtale.communities import apply, file, matrix, reconcile
from samtale.communities.models import Channel, Community
from samtale.demo import people as cast
from samtale.demo import private, script, standing
from samtale.demo.content import Named, media_type_of
from samtale.demo.ledger import Ledger
from samtale.demo.material import COMMUNITIES, Conversation, Material, Message, material
from samtale.demo.models import Load
from samtale.demo.rooms import Reading, Room
from samtale.demo.timeline import Timeline
from samtale.homeserver.media import UploadMedia
from samtale.identity.access import refusal
from samtale.identity.models import Person

#: What a newcomer sees: one product whole, and where Anna has something new.
FIRST_COMMUNITIES = ("os2display", "os2-faelles", "os2samtale")
FIRST_CHANNELS = ("os2-faelles/nyheder", "os2-faelles/arrangementer", "os2-faelles/kaffestuen")
#: Rooms at a time. Synapse does one thing at a time in each room, and is busy with six.
AT_A_TIME = 6
#: Everybody was there before the first word.
OPENING = timedelta(days=95)

Say = Callable[[str], None]


class Stopped(Exception):
    """The worker is to end; the loader goes on another time."""


def never() -> None:
    """For a loader that nobody stops."""


@dataclass
class Loader:
    """``say`` gets lines of progress; ``stop`` raises :class:`Stopped` when it is time to end."""

    say: Say
    stop: Callable[[], None] = never
    material: Material = field(default_factory=material)

    def prepare(self) -> None:
        """Organisations, people, communities in the database; people and `@samtale` in Matrix."""
        load, _ = Load.objects.get_or_create(pk=1, defaults={"today": timezone.now()})
        self.timeline = Timeline.of(self.material, load.today)
        cast.make_organisations(self.material)
        self.people = cast.make_people(self.material, now=load.today)
        apply.write(file.read(COMMUNITIES), archive=False, now=load.today)
        cast.make_memberships(self.material, self.people)
        self.inside = {email: person for email, person in self.people.items() if refusal(person) is None}
        self.named = {
            email: Named(matrix.user_id(person), person.name) for email, person in self.inside.items()
        }
        self.guests = frozenset(email for email, person in self.inside.items() if person.is_guest)
        matrix.register_samtale()
        self._each(standing.provision, self.inside.values())
        self.say(f"{len(self.inside)} people")

    def first(self) -> None:
        """What a newcomer sees, and the private chats."""
        self.prepare()
        mine = [c for c in self.material.conversations if _is_first(c)]
        self._load(Community.objects.filter(slug__in=FIRST_COMMUNITIES), mine)
        self._each(self._private_chat, self.material.private_chats)
        Load.objects.filter(pk=1, first_done_at=None).update(first_done_at=timezone.now())

    def rest(self) -> None:
        """Everything else."""
        self.prepare()
        theirs = [c for c in self.material.conversations if not _is_first(c)]
        lines = sum(1 + len(c.messages) + sum(len(m.reactions) for m in c.messages) for c in theirs)
        Load.objects.filter(pk=1).update(done=0, total=lines)
        self._load(Community.objects.all(), theirs)
        Load.objects.filter(pk=1).update(all_done_at=timezone.now(), done=F("total"))

    def _load(self, communities: Any, conversations: list[Conversation]) -> None:
        wanted = list(communities.prefetch_related("channels"))
        self._each(reconcile.community, wanted)
        self._each(self._space, wanted)
        self.say(f"{len(wanted)} communities")
        by_channel: dict[str, list[Conversation]] = {}
        for conversation in conversations:
            by_channel.setdefault(conversation.path, []).append(conversation)
        channels = [
            channel
            for channel in Channel.objects.filter(community__in=wanted).select_related("community")
            if f"{channel.community.slug}/{channel.slug}" in by_channel or self._is_silent(channel)
        ]
        # The longest first, so that the others fill the time beside it.
        channels.sort(key=lambda channel: -len(by_channel.get(_path(channel), ())))
        self._each(
            lambda channel: self._channel(channel, tuple(by_channel.get(_path(channel), ()))), channels
        )

    def _is_silent(self, channel: Channel) -> bool:
        """A default channel in which nobody of the demo has said anything."""
        return channel.default and all(c.path != _path(channel) for c in self.material.conversations)

    def _space(self, community: Community) -> None:
        if community.space_id is None:
            raise LookupError(f"{community} has no space in Matrix")
        members = Person.objects.filter(
            is_demo=True, memberships__community=community, memberships__left_at=None
        )
        room = Room(community.space_id, Ledger(community.slug), matrix.samtale(), self.stop)
        room.enter(members.order_by("pk"), self.timeline.loaded_at - OPENING, invited=lambda _: True)

    def _channel(self, channel: Channel, conversations: tuple[Conversation, ...]) -> None:
        room_id = reconcile.open_room(channel)
        ledger = Ledger(_path(channel))
        room = Room(room_id, ledger, matrix.samtale(), self.stop)
        members = self._members(channel, conversations)
        closed = channel.kind == Channel.Kind.CLOSED
        room.enter(
            members,
            self.timeline.loaded_at - OPENING + timedelta(hours=1),
            invited=lambda person: closed or person.is_guest,
        )
        lines = script.of_channel(
            conversations, self.timeline, self.named, self.guests, lambda message: _upload(ledger, message)
        )
        room.perform(lines, self.inside, _count)
        room.read([self._reading(conversation) for conversation in conversations], members)
        self.say(f"{_path(channel)}: {len(conversations)} topics")

    def _members(self, channel: Channel, conversations: Iterable[Conversation]) -> list[Person]:
        """Who is in the room: by membership of it, by the community's when it is a default one, by what they do."""
        wanted = Q(channel_memberships__channel=channel)
        if channel.default:
            wanted |= Q(memberships__community=channel.community, memberships__left_at=None)
        active = self.material.active_in().get(_path(channel), set())
        keys = {conversation.key for conversation in conversations}
        active |= {unread.person for unread in self.material.unread if unread.conversation in keys}
        members = Person.objects.filter(wanted | Q(email__in=active), is_demo=True).distinct()
        return list(members.order_by("pk"))

    def _reading(self, conversation: Conversation) -> Reading:
        return Reading(
            key=conversation.key,
            thread=f"{conversation.key}/root",
            messages=tuple((f"{conversation.key}/{m.key}", m.by) for m in conversation.messages),
            unread=self._unread(conversation.key),
        )

    def _unread(self, key: str) -> Mapping[str, int]:
        return {u.person: u.last for u in self.material.unread if u.conversation == key}

    def _private_chat(self, chat: Any) -> None:
        private.load(chat, self.timeline, self.inside, self.named, self._unread(chat.key), self.stop)

    def _each(self, work: Callable[[Any], Any], things: Iterable[Any]) -> None:
        """Do ``work`` for each, some at a time. The first failure ends it once the others are through."""

        def one(thing: Any) -> None:
            self.stop()
            try:
                work(thing)
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            for done in [pool.submit(one, thing) for thing in things]:
                done.result()


def _is_first(conversation: Conversation) -> bool:
    return conversation.community == "os2display" or conversation.path in FIRST_CHANNELS


def _path(channel: Channel) -> str:
    return f"{channel.community.slug}/{channel.slug}"


def _count(events: int) -> None:
    Load.objects.filter(pk=1).update(done=F("done") + events)


def _upload(ledger: Ledger, message: Message) -> str:
    """The file's address; uploaded once."""
    attachment = message.files[0]
    key = f"file {attachment.path.name}"
    known = ledger.get(key)
    if known is None:
        known = matrix.samtale().send(
            UploadMedia(attachment.path.read_bytes(), media_type_of(attachment.path), attachment.path.name)
        )
        ledger.note(key, known)
    return known
