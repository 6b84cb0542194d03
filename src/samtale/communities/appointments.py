"""From an address in the file to a person: once, and never to anybody else later."""

from collections.abc import Iterable
from dataclasses import dataclass

from samtale.communities.document import Complaint
from samtale.communities.file import Desired
from samtale.identity.models import Person


@dataclass(frozen=True)
class Resolved:
    """Whom each address means; an address that is missing here means nobody yet."""

    people: dict[str, Person]
    complaints: list[Complaint]


def resolve(desired: Desired, people: Iterable[Person]) -> Resolved:
    """``people``: everybody who has one of the file's addresses.

    Cases: nobody has it: an open appointment. One has it: that person; a guest cannot moderate.
    Two have it: an error, since an address must not choose between them.
    """
    having: dict[str, list[Person]] = {}
    for person in people:
        having.setdefault(str(person.email).lower(), []).append(person)
    found: dict[str, Person] = {}
    complaints = []
    for community in desired.communities:
        what = f"community {community.slug}"
        for pointer in community.moderators:
            candidates = having.get(pointer.email, [])
            if len(candidates) > 1:
                complaints.append(
                    Complaint(
                        pointer.line,
                        f"{what}: {len(candidates)} people have the address {pointer.email}; "
                        "appoint the right one in the portal and take the address out of the file",
                    )
                )
            elif candidates and candidates[0].is_guest:
                complaints.append(
                    Complaint(
                        pointer.line,
                        f"{what}: {pointer.email} is a guest; a moderator must be a member",
                    )
                )
            elif candidates:
                found[pointer.email] = candidates[0]
    return Resolved(found, complaints)
