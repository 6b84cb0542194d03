"""Loading the demo: first what a newcomer sees, then the rest. Can be killed anywhere and started again."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from samtale.communities import apply, file, matrix, reconcile
from samtale.communities.models import Channel, Community
from samtale.demo import people as cast
from samtale.demo import private, script, standing
from samtale.demo.content import Named, media_type_of
from samtale.demo.lanes import Lanes
from samtale.demo.ledger import Ledger
from samtale.demo.material import COMMUNITIES, Attachment, Conversation, Material, PrivateChat, material
from samtale.demo.models import Load
from samtale.demo.rooms import Performance, Reading, Room
from samtale.demo.timeline import Timeline
from samtale.homeserver.media import UploadMedia
from samtale.homeserver.personal import PutPushRule
from samtale.identity.access import refusal
from samtale.identity.models import Person

#: What a newcomer sees: one product whole, and where Anna has something new.
FIRST_COMMUNITIES = ("os2display", "os2-faelles")
FIRST_CHANNELS = ("os2-faelles/nyheder", "os2-faelles/arrangementer", "os2-faelles/kaffestuen")
#: Reactions to what is older come with the rest, and with them who only reacts.
RECENT = timedelta(days=4)
#: Everybody was there before the first word.
OPENING = timedelta(days=95)

Say = Callable[[str], None]


class Loader:
    """``say`` gets lines of progress; ``stop`` says when to end: then ``lanes.Stopped`` is raised."""

    def __init__(self, say: Say, stop: Callable[[], bool] = lambda: False) -> None:
        self._say = say
        self._stop = stop
        self._material: Material = material()
        self._progress = Progress()
        self._active = self._material.active_in()
        self._new = self._material.new()
        # Who signs in to the demo, and so must find new what is new, and nothing else.
        self._readers = {unread.person for unread in self._material.unread}

    def first(self) -> None:
        """What a newcomer sees, and the private chats."""
        with Lanes(self._stop) as lanes:
            self._prepare(lanes)
            communities = list(Community.objects.filter(slug__in=FIRST_COMMUNITIES))
            lanes.each(reconcile.community, communities)
            conversations = [c for c in self._material.conversations if _is_first(c)]
            # People come into a space one after the other; what needs no space fills the time beside it.
            for community in communities:
                lanes.add(self._space, community, lanes, False)
            said = _by_path(conversations)
            for channel in Channel.objects.select_related("community"):
                if str(channel) in said:
                    lanes.add(reconcile.open_room, channel)
            lanes.each(lambda chat: self._private_chat(chat, lanes), self._material.private_chats)
            self._say("communities and their people, private chats")
            self._channels(conversations, lanes, everybody=False)
        Load.objects.filter(pk=1, first_done_at=None).update(first_done_at=timezone.now())

    def rest(self) -> None:
        """Everything else."""
        conversations = list(self._material.conversations)
        with Lanes(self._stop) as lanes:
            self._prepare(lanes)
            self._progress.begin(sum(map(_lines, conversations)))
            communities = list(Community.objects.all())
            lanes.each(reconcile.community, communities)
            lanes.each(lambda community: self._space(community, lanes, True), communities)
            self._say("communities and their people")
            self._channels(conversations, lanes, everybody=True)
        self._progress.end()

    def _prepare(self, lanes: Lanes) -> None:
        """Organisations, people, communities in the database; people and `@samtale` in Matrix."""
        load, _ = Load.objects.get_or_create(pk=1, defaults={"today": timezone.now()})
        self._timeline = Timeline.of(self._material, load.today)
        cast.make_organisations(self._material)
        people = cast.make_people(self._material, now=load.today)
        apply.write(file.read(COMMUNITIES), archive=False, now=load.today)
        cast.make_memberships(self._material, people)
        self._people = {email: person for email, person in people.items() if refusal(person) is None}
        self._named = {
            email: Named(matrix.user_id(person), person.name) for email, person in self._people.items()
        }
        matrix.register_samtale()
        lanes.each(standing.provision, self._people.values())
        lanes.each(self._silence, self._people.values())
        self._say(f"{len(self._people)} people")

    def _silence(self, person: Person) -> None:
        """What everybody has read rings for nobody."""
        ledger = Ledger("people")
        if ledger.get(f"quiet {person.email}") is None:
            rule = PutPushRule("override", script.QUIET_RULE_ID, script.QUIET_RULE)
            matrix.as_person(person).send(rule)
            ledger.note(f"quiet {person.email}", "")

    def _space(self, community: Community, lanes: Lanes, everybody: bool) -> None:
        if community.space_id is None:
            raise LookupError(f"{community} has no space in Matrix")
        members = Person.objects.filter(
            is_demo=True, memberships__community=community, memberships__left_at=None
        )
        if not everybody:
            needed = {
                email
                for path, emails in self._active.items()
                if _is_first_path(path) and path.startswith(f"{community.slug}/")
                for email in emails
            }
            members = members.filter(email__in=needed | self._readers)
        room = Room(community.space_id, Ledger(community.slug), matrix.samtale(), lanes)
        # Beside each other: whoever is in no space yet keeps all channels waiting.
        opening = self._timeline.loaded_at - OPENING
        for number, person in enumerate(members.order_by("pk")):
            lanes.add(room.let_in, person, opening + timedelta(seconds=number), True)

    def _channels(self, conversations: list[Conversation], lanes: Lanes, *, everybody: bool) -> None:
        """Those with conversations; with ``everybody`` also default channels where nobody said a word."""
        said = _by_path(conversations)
        channels = [
            channel
            for channel in Channel.objects.select_related("community")
            if str(channel) in said or (everybody and channel.default)
        ]
        # The longest first: the others fill the time beside it.
        for channel in sorted(channels, key=lambda channel: -len(said.get(str(channel), ()))):
            lanes.add(self._channel, channel, tuple(said.get(str(channel), ())), lanes, everybody)
        lanes.wait()

    def _channel(
        self, channel: Channel, conversations: tuple[Conversation, ...], lanes: Lanes, everybody: bool
    ) -> None:
        ledger = Ledger(str(channel))
        room = Room(reconcile.open_room(channel), ledger, matrix.samtale(), lanes)
        guests = frozenset(email for email, person in self._people.items() if person.is_guest)
        lines = script.of_channel(
            conversations,
            self._timeline,
            self._named,
            guests=guests,
            new=self._new,
            address=lambda file: _upload(ledger, file),
        )
        if not everybody:
            recent = self._timeline.loaded_at - RECENT
            lines = [line for line in lines if not line.is_reaction or line.at > recent]
        active = {line.by for line in lines}
        members = self._members(channel, conversations, active, everybody=everybody)
        closed = channel.kind == Channel.Kind.CLOSED
        room.enter(
            members,
            self._timeline.loaded_at - OPENING + timedelta(hours=1),
            invited=lambda person: closed or person.is_guest,
        )
        room.catch_up()

        readings = {conversation.key: self._reading(conversation) for conversation in conversations}
        readers = [person for person in members if person.email in self._readers]

        def sent(line: script.Line) -> None:
            self._progress.step()
            if line.late:
                reading = readings[line.topic]
                having_read = [person for person in readers if reading.has_read(str(person.email), line.key)]
                room.read(line.key, having_read, f"{line.topic}/root")

        def done() -> None:
            if everybody and lines:
                lanes.add(room.read_all, [p for p in members if p.email not in self._readers])
            self._say(f"{channel}: {len(conversations)} topics")

        performance = Performance(
            room, self._people, lanes, before_late=lambda: room.read_all(readers), sent=sent, done=done
        )
        performance.begin(lines)

    def _members(
        self,
        channel: Channel,
        conversations: Iterable[Conversation],
        active: set[str],
        *,
        everybody: bool,
    ) -> list[Person]:
        """Who is in the room: who may be in it and does something there or has something new.

        ``everybody``: also whom a default channel has as a member of the community, and who is invited.
        """
        keys = {conversation.key for conversation in conversations}
        emails = set(active)
        emails |= {unread.person for unread in self._material.unread if unread.conversation in keys}
        belonging = {str(email) for email in channel.memberships.values_list("person__email", flat=True)}
        if channel.default:
            inside = channel.community.memberships.filter(left_at=None)
            belonging |= {str(email) for email in inside.values_list("person__email", flat=True)}
        emails |= belonging if everybody else belonging & self._readers
        return [self._people[email] for email in sorted(emails) if email in self._people]

    def _reading(self, conversation: Conversation) -> Reading:
        messages = tuple(f"{conversation.key}/{message.key}" for message in conversation.messages)
        return Reading(messages, self._unread(conversation.key))

    def _unread(self, key: str) -> Mapping[str, int]:
        return {u.person: u.last for u in self._material.unread if u.conversation == key}

    def _private_chat(self, chat: PrivateChat, lanes: Lanes) -> None:
        private.load(
            chat,
            timeline=self._timeline,
            people=self._people,
            named=self._named,
            unread=self._unread(chat.key),
            new=self._new,
            lanes=lanes,
        )


class Progress:
    """How many lines of conversations are in Matrix, written to the database now and then."""

    EVERY = 20

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unwritten = 0

    def begin(self, total: int) -> None:
        Load.objects.filter(pk=1).update(done=0, total=total)

    def step(self) -> None:
        with self._lock:
            self._unwritten += 1
            if self._unwritten < self.EVERY:
                return
            steps, self._unwritten = self._unwritten, 0
        Load.objects.filter(pk=1).update(done=F("done") + steps)

    def end(self) -> None:
        Load.objects.filter(pk=1).update(done=F("total"), all_done_at=timezone.now())


def _lines(conversation: Conversation) -> int:
    reactions = sum(len(message.reactions) for message in conversation.messages)
    return 1 + len(conversation.messages) + reactions + conversation.resolved


def _by_path(conversations: Iterable[Conversation]) -> dict[str, list[Conversation]]:
    found: dict[str, list[Conversation]] = {}
    for conversation in conversations:
        found.setdefault(conversation.path, []).append(conversation)
    return found


def _is_first(conversation: Conversation) -> bool:
    return _is_first_path(conversation.path)


def _is_first_path(path: str) -> bool:
    return path.startswith("os2display/") or path in FIRST_CHANNELS


def _upload(ledger: Ledger, attachment: Attachment) -> str:
    """The file's address; uploaded once."""
    key = f"file {attachment.path.name}"
    known = ledger.get(key)
    if known is None:
        content, name = attachment.path.read_bytes(), attachment.path.name
        known = matrix.samtale().send(UploadMedia(content, media_type_of(attachment.path), name))
        ledger.note(key, known)
    return known
