"""OS2display as the portal makes it, with the people who are in it."""

import secrets
from dataclasses import dataclass
from typing import Protocol

from lone_synapse import LoneSynapse, Person

from samtale.config import Config
from samtale.homeserver.acting_as import ActingAs
from samtale.homeserver.events import SendEvent
from samtale.homeserver.recipe import ChannelRoom, CommunitySpace, Kind, Staff, TopicLevel
from samtale.homeserver.rooms import CreateRoom, Invite, Join
from samtale.homeserver.sender import Sender

#: State that is the portal's alone, in a form that Synapse would take from whoever has the power.
PORTALS: list[tuple[str, dict[str, object]]] = [
    ("m.room.name", {"name": "Mit navn"}),
    ("m.room.topic", {"topic": "Mit emne"}),
    ("m.room.avatar", {"url": "mxc://localhost/x"}),
    ("m.room.power_levels", {"users_default": 100}),
    ("m.room.join_rules", {"join_rule": "public"}),
    ("m.room.history_visibility", {"history_visibility": "world_readable"}),
    ("m.room.canonical_alias", {"alias": "#min:localhost"}),
    ("m.room.tombstone", {"body": "væk", "replacement_room": "!x:localhost"}),
    ("m.room.server_acl", {"allow": ["*"]}),
    ("m.space.child", {"via": ["localhost"]}),
    ("im.vector.modular.widgets", {"url": "https://example.org"}),
    ("dk.os2.channel", {"kind": "open"}),
    ("dk.os2.community", {"community": "x"}),
    ("dk.os2.invented.later", {}),
]


class Synapse(Protocol):
    """A Synapse with our module, and the portal's ways to it."""

    config: Config
    portal: Sender
    mas: Sender
    server_user: str

    def acting_as(self, person: Person) -> ActingAs: ...


@dataclass
class OS2display:
    """Anna is a member, Bo a moderator, Carla an administrator, Dorthe a guest. Egon is in nothing of it."""

    homeserver: Synapse
    slug: str
    space_id: str
    anna: Person
    bo: Person
    carla: Person
    dorthe: Person
    egon: Person

    def channel(
        self,
        slug: str = "generelt",
        kind: Kind = "open",
        *,
        topic_level: TopicLevel = 0,
        also: tuple[Person, ...] = (),
    ) -> str:
        """A channel with Anna, Bo and Carla in it, and whoever else is named; its room id."""
        recipe = ChannelRoom(
            server_name=self.homeserver.config.server_name,
            space_id=self.space_id,
            community=self.slug,
            channel=slug,
            name=slug.capitalize(),
            kind=kind,
            topic_level=topic_level,
            staff=self.staff,
        )
        room_id = self.homeserver.portal.send(CreateRoom(recipe.create_body()))
        for person in (self.anna, self.bo, self.carla, *also):
            self.let_in(room_id, person)
        return room_id

    @property
    def staff(self) -> Staff:
        return Staff.of([self.bo.user_id], [self.carla.user_id])

    def let_in(self, room_id: str, person: Person) -> None:
        """As the portal does: invite, and accept for the person."""
        self.homeserver.portal.send(Invite(room_id, person.user_id))
        self.homeserver.acting_as(person).send(Join(room_id))

    def heading(self, room_id: str, by: Person, name: str = "Release 2.4") -> str:
        response = by.send(room_id, heading(name))
        assert response.status_code == 200, response.text
        return str(response.json()["event_id"])

    def portal_says(self, room_id: str, content: dict[str, object], transaction: str = "p1") -> str:
        return self.homeserver.portal.send(SendEvent(room_id, "m.room.message", content, transaction))


def heading(name: object = "Release 2.4", **more: object) -> dict[str, object]:
    return {
        "msgtype": "m.notice",
        "body": str(name),
        "dk.os2.topic": {"name": name},
        "m.mentions": {},
        **more,
    }


def in_thread(root: str) -> dict[str, object]:
    return {"m.relates_to": {"rel_type": "m.thread", "event_id": root}}


def found(homeserver: LoneSynapse) -> OS2display:
    people = {name: homeserver.person(name) for name in ("Anna", "Bo", "Carla", "Egon")}
    dorthe = homeserver.person("Dorthe", guest=True)
    slug = f"os2display-{secrets.token_hex(4)}"
    staff = Staff.of([people["Bo"].user_id], [people["Carla"].user_id])
    space = CommunitySpace(homeserver.config.server_name, slug, "OS2display", "Informationsskærme", staff)
    community = OS2display(
        homeserver=homeserver,
        slug=slug,
        space_id=homeserver.portal.send(CreateRoom(space.create_body())),
        anna=people["Anna"],
        bo=people["Bo"],
        carla=people["Carla"],
        dorthe=dorthe,
        egon=people["Egon"],
    )
    for person in (community.anna, community.bo, community.carla):
        community.let_in(community.space_id, person)
    return community
