"""A sign-in: from the service provider's request to the form that carries our answer back."""

from dataclasses import dataclass
from datetime import UTC, datetime

from samtale_testidp import keys, sign_in_request
from samtale_testidp.answers import Answer, Person, encrypted, form_value, signed
from samtale_testidp.evil.attack import Attack, Earlier, Scene
from samtale_testidp.people import ANNA, FREJA, Employee
from samtale_testidp.provider import Provider
from samtale_testidp.rejected import Rejected
from samtale_testidp.service_provider import ServiceProvider
from samtale_testidp.sessions import Session
from samtale_testidp.sign_in_request import SignInRequest


@dataclass(frozen=True)
class Form:
    """What the browser posts to ``action``."""

    action: str
    saml_response: str
    relay_state: str | None


@dataclass(frozen=True)
class Asked:
    """A request that is in order, and whom it is from."""

    request: SignInRequest
    service: ServiceProvider
    provider: Provider

    def silently(self, session: Session | None) -> Form | None:
        """An answer without a question to the person; None when there must be one."""
        if session is not None and not self.request.force and self.is_enough(session.employee):
            return self.person(session)
        return self.nobody("NoPassive") if self.request.passive else None

    def is_enough(self, employee: Employee) -> bool:
        """Whether somebody signs in as surely as was asked for."""
        return employee.level in self.request.levels

    def person(self, session: Session) -> Form:
        """Who has signed in."""
        employee = session.employee
        subject = employee.subject(self.service.host)
        answer = self._answer(subject).but(level=employee.level, session_index=session.index)
        assertion = signed(answer.assertion(), self.provider.keys)
        sealed = encrypted(assertion, self.service.encryption, self.provider.how)
        saml_response = form_value(answer.response(sealed))
        self.provider.earlier = Earlier(saml_response, answer.assertion_id)
        return self._form(saml_response)

    def nobody(self, status: str) -> Form:
        """Why there is no person in the answer: a second-level status code."""
        return self._form(form_value(self._answer(Person("", {})).without_person(status)))

    def attack(self, attack: Attack) -> Form:
        """An answer that must be refused: Anna would like to be Freja. Raises Rejected."""
        if attack.needs_earlier and self.provider.earlier is None:
            raise Rejected("somebody must sign in first, so that there is an answer to use again")
        scene = Scene(
            answer=self._answer(ANNA.subject(self.service.host)),
            keys=self.provider.keys,
            stranger=keys.strangers(),
            to=self.service.encryption,
            victim=FREJA.subject(self.service.host),
            how=self.provider.how,
            earlier=self.provider.earlier,
        )
        return self._form(attack.make(scene))

    def _form(self, saml_response: str) -> Form:
        """With what the service provider wants to have back."""
        return Form(self.request.acs_url, saml_response, self.request.relay_state)

    def _answer(self, person: Person) -> Answer:
        return Answer(
            issuer=self.provider.entity_id,
            recipient=self.request.acs_url,
            audience=self.service.entity_id,
            request_id=self.request.id,
            person=person,
            now=datetime.now(UTC),
        )


def asked(provider: Provider, query: str) -> Asked:
    """``query``: as it was sent. Raises Rejected and Unreachable."""
    service = provider.service.current()
    return Asked(sign_in_request.read(query, service, provider.sso_url), service, provider)
