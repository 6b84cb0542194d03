"""`GET /api/me`."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest

from samtale.identity.models import Organisation, Person
from samtale.portal.api import shapes
from samtale.portal.api.endpoint import Caller, endpoint
from samtale.portal.api.rate import Rate


def matrix_id(person: Person) -> str:
    return f"@{person.localpart}:{settings.CONFIG.server_name}"


def _organisation(organisation: Organisation | None) -> shapes.OrganisationShape | None:
    if organisation is None:
        return None
    return shapes.OrganisationShape(organisation.name, organisation.short, organisation.cvr)


@endpoint("GET", Rate(120))
def me(_: HttpRequest, caller: Caller) -> shapes.Me:
    person = caller.person
    return shapes.Me(
        id=matrix_id(person),
        name=person.name,
        email=person.email or "",
        role=cast("shapes.Role", person.role),
        organisation=_organisation(person.organisation),
        language=cast("shapes.Language", person.language),
        demo=settings.CONFIG.demo,
        server_name=settings.CONFIG.server_name,
        moderates=sorted(set(person.moderations.values_list("community__slug", flat=True))),
    )
