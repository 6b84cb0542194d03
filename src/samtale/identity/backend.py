"""How Django gets at the person of a session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from samtale.identity.access import refusal
from samtale.identity.models import Person


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's backend, save that a session is worth nothing once its person may no longer be in."""

    def get_user(self, user_id: Any) -> Person | None:
        person = Person.objects.select_related("organisation").filter(pk=user_id).first()
        return person if person is not None and refusal(person) is None else None

    def _authenticate_by_email(self, email: str, password: str) -> Person | None:
        # allauth would also take addresses that the person had once.
        person: Person | None = self._check_password(Person.objects.with_email(email), password)
        return person
