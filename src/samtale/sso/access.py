"""Who may use which service."""

from django.conf import settings

from samtale.identity.access import refusal
from samtale.identity.models import Person
from samtale.sso.models import Consent, Service


def find(client_id: object) -> Service | None:
    """The service by its client id. One that left the configuration is none, whatever the database says."""
    if not isinstance(client_id, str) or client_id not in settings.CONFIG.sso:
        return None
    found: Service | None = Service.objects.filter(pk=client_id).first()
    return found


def admits(service: Service, person: Person) -> bool:
    """Whether the person may be signed in to the service now."""
    rules = service.config
    if refusal(person) is not None or person.role not in rules.roles:
        return False
    kind = person.organisation.kind if person.organisation else None
    return not rules.organisations or kind in rules.organisations


def agreed(service: Service, person: Person, scopes: list[str]) -> bool:
    """Whether the person need not be asked whether the service may learn this."""
    if service.config.trusted:
        return True
    consent = Consent.objects.filter(service=service, person=person).first()
    return consent is not None and set(scopes) <= set(consent.scopes)
