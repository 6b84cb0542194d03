"""The demo's organisations, people and what each of them belongs to."""

import csv
import json
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import transaction

from samtale.communities import matrix, rules
from samtale.communities.models import (
    Channel,
    ChannelMembership,
    Community,
    Membership,
    Moderation,
    PrivilegeApproval,
)
from samtale.config_sections import DEMO_AUTHORITY, DEMO_PROVIDER
from samtale.demo.material import ORGANISATIONS, Cast, Material
from samtale.identity import names
from samtale.identity.access import refusal
from samtale.identity.models import Organisation, Person
from samtale.lifecycle import conduct
from samtale_testidp import people as testidp

#: Whose organisation has not joined.
OUTSIDER = "egon@outsider.example"
WHOM_TO_ASK = "Freja Lund <freja.lund@os2.eu>"
#: Who answers for each guest.
SPONSORS = {
    "dorthe.holm@supplier.example": "bo.ek@aarhus.dk",
    "liam.oconnor@koderiet.example": "jonas.friis@balk.dk",
}
GUEST_TIME = timedelta(days=365)


@transaction.atomic
def make_organisations(material: Material) -> None:
    """All organisations of the list, and the suppliers that have no CVR number. The cast's take part."""
    with ORGANISATIONS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    Organisation.objects.bulk_create(
        (
            Organisation(
                cvr=row["cvr"],
                name=row["name"],
                kind=row["kind"],
                short=row["short"],
                email_domain=row["email_domain"],
                search_key=names.search_key(f"{row['name']} {row['short']}"),
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )
    for person in material.people:
        state = Organisation.State.INVITED if person.email == OUTSIDER else Organisation.State.JOINED
        if person.cvr is not None:
            Organisation.objects.filter(cvr=person.cvr).update(state=state)
        else:
            Organisation.objects.get_or_create(
                name=person.organisation,
                cvr=None,
                defaults={
                    "short": person.organisation,
                    "kind": Organisation.Kind.SUPPLIER,
                    "state": state,
                    "email_domain": person.email.partition("@")[2],
                    "contact": WHOM_TO_ASK if person.email == OUTSIDER else "",
                },
            )


@transaction.atomic
def make_people(material: Material, *, now: datetime) -> dict[str, Person]:
    """The cast, by e-mail address. Who is there already stays as they are."""
    people = {str(person.email): person for person in Person.objects.filter(is_demo=True)}
    passwords = kept_passwords()
    for cast in material.people:
        passwords.setdefault(cast.email, secrets.token_urlsafe(12))
    for cast in material.people:
        if cast.email in people:
            continue
        organisation = Organisation.objects.get(
            **({"cvr": cast.cvr} if cast.cvr else {"name": cast.organisation, "cvr": None})
        )
        person = Person.objects.create_person(
            email=cast.email,
            name=cast.name,
            organisation=organisation,
            role=_role(cast),
            is_demo=True,
            confirmed_at=now,
        )
        person.password = _hashed(passwords[cast.email])
        if person.is_guest:
            person.sponsor = people[SPONSORS[cast.email]] if cast.email in SPONSORS else None
            person.expires_at = now + GUEST_TIME
        person.welcomed_at = now
        person.accepted_conduct = conduct.VERSION
        person.save()
        people[cast.email] = person
    for guest, sponsor in SPONSORS.items():
        Person.objects.filter(email=guest, sponsor=None).update(sponsor=people[sponsor])
    _let_in_by_their_authority(people)
    write_file(material, people, passwords)
    return people


def _let_in_by_their_authority(people: dict[str, Person]) -> None:
    """The demo's identity provider leads to the cast, as if each had signed in with it before."""
    ways = {DEMO_PROVIDER: testidp.EMPLOYEES, DEMO_AUTHORITY: testidp.OFFICIALS}
    for provider, employee in ((slug, one) for slug, employees in ways.items() for one in employees):
        if employee.email in people:
            SocialAccount.objects.get_or_create(
                provider=provider,
                uid=f"{employee.organisation.cvr}:{employee.serial}",
                defaults={"user": people[employee.email]},
            )


def _hashed(password: str) -> str:
    """A slow hash protects what people think up. These are random; the first sign-in makes it a slow one."""
    hasher = ScryptPasswordHasher()
    return str(hasher.encode(password, hasher.salt(), n=1024))


def _role(cast: Cast) -> str:
    if cast.role in (Person.Role.GUEST, Person.Role.ADMINISTRATOR):
        return cast.role
    return Person.Role.MEMBER


@transaction.atomic
def make_memberships(material: Material, people: dict[str, Person]) -> None:
    """A person is in each community where they write, react, have something new, moderate, or have a closed
    channel, and by rule.

    Who moderates does so as from a privilege of their sign-in. A guest is in channels alone.
    """
    communities = {community.slug: community for community in Community.objects.all()}
    channels = {
        f"{channel.community.slug}/{channel.slug}": channel
        for channel in Channel.objects.select_related("community")
    }
    places: dict[str, set[str]] = {}
    for path, active in material.active_in().items():
        for email in active:
            places.setdefault(email, set()).add(path.partition("/")[0])
    community_of = {conversation.key: conversation.community for conversation in material.conversations}
    for unread in material.unread:
        if unread.conversation in community_of:
            places.setdefault(unread.person, set()).add(community_of[unread.conversation])
    for cast in material.people:
        person = people[cast.email]
        if refusal(person) is not None:
            continue
        for path in (*cast.closed_channels, *cast.invited_to):
            ChannelMembership.objects.get_or_create(person=person, channel=channels[path])
        if person.is_guest:
            continue
        slugs = places.get(cast.email, set()) | set(cast.moderates)
        slugs |= {path.partition("/")[0] for path in cast.closed_channels}
        slugs |= {community.slug for community in rules.default_communities(person)}
        for slug in sorted(slugs):
            Membership.objects.get_or_create(person=person, community=communities[slug])
        for slug in cast.moderates:
            PrivilegeApproval.objects.get_or_create(cvr=cast.cvr, community=communities[slug])
            Moderation.objects.get_or_create(
                person=person, community=communities[slug], source=Moderation.Source.PRIVILEGE
            )


def keys(material: Material) -> dict[str, str]:
    """A short name for each person: ``anna``, and ``peter-viborg`` for whose first name is taken."""
    found: dict[str, str] = {}
    for cast in material.people:
        local, _, domain = cast.email.partition("@")
        key = local.partition(".")[0]
        found[cast.email] = key if key not in found.values() else f"{key}-{domain.partition('.')[0]}"
    return found


def kept_passwords() -> dict[str, str]:
    """By address, from the demo's file; empty when there is none yet."""
    path = settings.CONFIG.demo_file
    if path is None or not path.exists():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    return {person["email"]: person["password"] for person in content["people"]}


def write_file(material: Material, people: dict[str, Person], passwords: dict[str, str]) -> None:
    """Names and passwords for whoever has the data folder (mode 0600). Nothing when no file is configured."""
    path: Path | None = settings.CONFIG.demo_file
    if path is None:
        return
    short = keys(material)
    entries: list[dict[str, Any]] = [
        {
            "key": short[cast.email],
            "name": people[cast.email].name,
            "email": cast.email,
            "password": passwords.get(cast.email),
            "matrix_id": None if cast.email == OUTSIDER else matrix.user_id(people[cast.email]),
            "role": None if cast.role == "none" else cast.role,
        }
        for cast in material.people
    ]
    content = json.dumps({"url": settings.CONFIG.public_url, "people": entries}, ensure_ascii=False, indent=2)
    half_written = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(half_written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(content + "\n")
    half_written.replace(path)
