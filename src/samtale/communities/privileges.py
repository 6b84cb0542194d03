"""Moderators by the privileges that their organisation gives them at sign-in.

A privilege counts at once for an organisation and a community that were approved; otherwise it is a request
to the community's moderators.
"""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from samtale.audit.log import record
from samtale.communities import access
from samtale.communities.actions import agree_later
from samtale.communities.models import Community, Moderation, PrivilegeApproval, PrivilegeRequest
from samtale.identity.models import Organisation, Person

PRIVILEGE = Moderation.Source.PRIVILEGE


@transaction.atomic
def follow(person: Person, communities: Collection[Community]) -> None:
    """Make the person moderate by privilege exactly these, as far as they are approved. Matrix follows later.

    What they moderate for another reason stays.
    """
    wanted = {community.pk: community for community in communities}
    for moderation in _moderations(person).exclude(community__in=wanted).select_related("community"):
        _take(moderation, why="the sign-in does not say so any more")
    PrivilegeRequest.objects.filter(person=person).exclude(community__in=wanted).delete()
    approved = set(
        PrivilegeApproval.objects.filter(cvr=_cvr(person), community__in=wanted).values_list(
            "community_id", flat=True
        )
    )
    for community in wanted.values():
        if community.pk in approved:
            _give(person, community)
        elif not _moderations(person).filter(community=community).exists():
            _, made = PrivilegeRequest.objects.get_or_create(person=person, community=community)
            if made:
                record("moderator.requested", by=person, on=person, subject=community.slug)


@transaction.atomic
def approve(
    organisation: Organisation, community: Community, *, by: Person | None, address: str | None = None
) -> bool:
    """Let the organisation's privilege count, for those who wait and those who come. False: it did already.

    Raises:
        access.Forbidden: ``by`` does not moderate the community. None is the operator at the command line.
    """
    _check(by, community)
    _, made = PrivilegeApproval.objects.get_or_create(
        cvr=organisation.cvr, community=community, defaults={"by": by}
    )
    if not made:
        return False
    record(
        "privilege.approved",
        by=by,
        subject=community.slug,
        address=address,
        cvr=organisation.cvr,
        organisation=organisation.name,
    )
    waiting = PrivilegeRequest.objects.filter(community=community, person__organisation=organisation)
    for request in waiting.select_related("person"):
        _give(request.person, community)
    return True


@transaction.atomic
def withdraw(approval: PrivilegeApproval, *, by: Person | None, address: str | None = None) -> None:
    """The organisation's privilege counts no more: who moderates by it becomes one who asks.

    Raises:
        access.Forbidden: ``by`` does not moderate the community.
    """
    community = approval.community
    _check(by, community)
    approval.delete()
    record("privilege.withdrawn", by=by, subject=community.slug, address=address, cvr=approval.cvr)
    moderating = Moderation.objects.filter(
        source=PRIVILEGE, community=community, person__organisation__cvr=approval.cvr
    )
    for moderation in moderating.select_related("person", "community"):
        _take(moderation, why="the approval was withdrawn")
        PrivilegeRequest.objects.get_or_create(person=moderation.person, community=community)


def _check(by: Person | None, community: Community) -> None:
    if by is not None and not access.moderates(by, community):
        raise access.Forbidden


def _cvr(person: Person) -> str | None:
    return person.organisation.cvr if person.organisation else None


def _moderations(person: Person) -> "QuerySet[Moderation]":
    return Moderation.objects.filter(person=person, source=PRIVILEGE)


def _give(person: Person, community: Community) -> None:
    PrivilegeRequest.objects.filter(person=person, community=community).delete()
    _, made = Moderation.objects.get_or_create(person=person, community=community, source=PRIVILEGE)
    if made:
        record("moderator.added", on=person, subject=community.slug, privilege=True)
        transaction.on_commit(partial(agree_later, community))


def _take(moderation: Moderation, *, why: str) -> None:
    moderation.delete()
    record("moderator.removed", on=moderation.person, subject=moderation.community.slug, why=why)
    transaction.on_commit(partial(agree_later, moderation.community))
