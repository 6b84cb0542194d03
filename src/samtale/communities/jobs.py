"""What the worker does for communities."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from samtale.communities import actions, privileges, reconcile
from samtale.communities.models import Community, PrivilegeRequest
from samtale.identity.jobs import write_to
from samtale.identity.models import Organisation, Person

RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)


@app.task(name="communities.settle", retry=RETRY)
def settle(person_id: int, community_id: int) -> None:
    """Make Matrix agree with one person's membership of one community."""
    person = Person.objects.select_related("organisation").filter(pk=person_id).first()
    community = Community.objects.filter(pk=community_id).first()
    if person is not None and community is not None:
        actions.settle(person, community)


@app.task(name="communities.reconcile", retry=RETRY)
def reconcile_community(community_id: int) -> None:
    """Make Matrix agree with one community: names, channels, who has power."""
    community = Community.objects.filter(pk=community_id).first()
    if community is not None:
        reconcile.community(community)


@app.task(name="communities.agree_on_administrators", retry=RETRY)
def agree_on_administrators() -> None:
    """When Matrix has other administrators than the database, make all communities agree."""
    if reconcile.administrators_differ():
        for community in Community.objects.exclude(space_id=None):
            reconcile.community(community)


@app.task(name="communities.tell_of_request", retry=RETRY)
@transaction.atomic
def tell_of_request(community_id: int, organisation_id: int) -> None:
    """Mail whoever can approve an organisation's privilege for a community, if it still waits."""
    asking = PrivilegeRequest.objects.filter(community=community_id, person__organisation=organisation_id)
    if not asking.exists():
        return
    community = Community.objects.get(pk=community_id)
    context = {
        "community": community,
        "organisation": Organisation.objects.get(pk=organisation_id),
        "url": settings.CONFIG.public_url + reverse("approvals"),
    }
    for person in privileges.approvers(community):
        with override(person.language):
            subject = render_to_string("portal/mail/privilege_requested_subject.txt", context).strip()
            text = render_to_string("portal/mail/privilege_requested.txt", {**context, "person": person})
        write_to(person, subject, text)
