"""Moderators by the privileges that their organisation gives them at sign-in.

A privilege counts at once for an organisation and a community that were approved; otherwise it is a request
to the community's moderators.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet

from samtale.audit.log import record
from samtale.communities import access
from samtale.communities.actions import agree_later
from samtale.communities.models import Community, Moderation, PrivilegeApproval, PrivilegeRequest
from samtale.identity import people
from samtale.identity.models import Organisation, Person

PRIVILEGE = Moderation.Source.PRIVILEGE


@dataclass(frozen=True)
class Asking:
    """An organisation whose privilege does not count for a community yet, and who waits for it to."""

    organisation: Organisation
    community: Community
    requests: tuple[PrivilegeRequest, ...]


@transaction.atomic
def follow(person: Person, communities: Collection[Community]) -> None:
    """Make the person moderate by privilege exactly these, as far as they are approved. Matrix follows later.

    What they moderate for another reason stays.
    """
    wanted = {community.pk: community for community in communities}
    PrivilegeRequest.objects.filter(person=person).exclude(community__in=wanted).delete()
    approved = set(
        PrivilegeApproval.objects.filter(cvr=_cvr(person), community__in=wanted).values_list(
            "community_id", flat=True
        )
    )
    # Also what was approved for the organisation that they come from no more.
    for moderation in _moderations(person).exclude(community__in=approved).select_related("community"):
        _take(moderation, why="the sign-in does not say so any more")
    for community in wanted.values():
        if community.pk in approved:
            _give(person, community)
        elif not PrivilegeRequest.objects.filter(person=person, community=community).exists():
            _ask(person, community)


@transaction.atomic
def approve(
    organisation: Organisation, community: Community, *, by: Person | None, address: str | None = None
) -> bool:
    """Let the organisation's privilege count, for those who wait and those who come. False: it did already.

    Raises:
        access.Forbidden: ``by`` does not moderate the community. None is the operator at the command line.
    """
    _check(by, community)
    _one_at_a_time(community)
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
    for request in _requests().filter(community=community, person__organisation=organisation):
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
    moderating = list(moderating_by(approval))
    if not PrivilegeApproval.objects.filter(pk=approval.pk).delete()[0]:
        return
    record("privilege.withdrawn", by=by, subject=community.slug, address=address, cvr=approval.cvr)
    for moderation in moderating:
        _take(moderation, why="the approval was withdrawn")
        PrivilegeRequest.objects.get_or_create(person=moderation.person, community=community)


def waiting_for(person: Person) -> list[Asking]:
    """What the person can approve, by community and organisation; whoever asked first stands first."""
    known = _requests().filter(person__organisation__cvr__isnull=False)
    requests = known.filter(community__in=access.moderated_by(person)).order_by(
        "community__order",
        "community__slug",
        "person__organisation__name",
        "person__organisation_id",
        "at",
        "pk",
    )
    by_pair = groupby(requests, key=lambda one: (one.community, one.person.organisation))
    return [
        Asking(organisation, community, tuple(asking))
        for (community, organisation), asking in by_pair
        if organisation is not None
    ]


def approvals_for(person: Person) -> "QuerySet[PrivilegeApproval]":
    """What the person can withdraw, the newest first."""
    approvals = PrivilegeApproval.objects.filter(community__in=access.moderated_by(person))
    return approvals.select_related("community", "by").order_by("-at", "-pk")


def moderating_by(approval: PrivilegeApproval) -> "QuerySet[Moderation]":
    """Whoever moderates because of it."""
    moderations = Moderation.objects.filter(
        source=PRIVILEGE, community=approval.community, person__organisation__cvr=approval.cvr
    )
    return moderations.select_related("person", "community").order_by("person__sort_key")


def approvers(community: Community) -> list[Person]:
    """Whom to write to when somebody asks: its moderators, or the administrators when it has none."""
    within = people.reachable().exclude(role=Person.Role.GUEST).exclude(email=None)
    moderators = list(within.filter(moderations__community=community).distinct())
    return moderators or list(within.filter(role__in=[Person.Role.ADMINISTRATOR, Person.Role.OWNER]))


def _check(by: Person | None, community: Community) -> None:
    if by is not None and not access.moderates(by, community):
        raise access.Forbidden


def _one_at_a_time(community: Community) -> None:
    """Until the transaction ends: of two who ask at once one is the first, and an approval misses neither."""
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)


def _requests() -> "QuerySet[PrivilegeRequest]":
    """A guest moderates nothing; one who became a guest may still have one."""
    return PrivilegeRequest.objects.exclude(person__role=Person.Role.GUEST).select_related(
        "community", "person__organisation"
    )


def _ask(person: Person, community: Community) -> None:
    _one_at_a_time(community)
    if PrivilegeApproval.objects.filter(cvr=_cvr(person), community=community).exists():
        _give(person, community)
        return
    organisation = person.organisation
    first = not _requests().filter(community=community, person__organisation=organisation).exists()
    _, made = PrivilegeRequest.objects.get_or_create(person=person, community=community)
    if not made:
        return
    record("moderator.requested", by=person, on=person, subject=community.slug)
    if first and organisation is not None:
        transaction.on_commit(partial(_tell_later, community, organisation))


def _tell_later(community: Community, organisation: Organisation) -> None:
    from samtale.communities import jobs  # noqa: PLC0415 - jobs imports us

    jobs.tell_of_request.defer(community_id=community.pk, organisation_id=organisation.pk)


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
