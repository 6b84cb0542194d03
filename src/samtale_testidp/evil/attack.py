"""What an attack is, and what it is made of: a right answer, changed at one place on its way out."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from samtale_testidp.answers import (
    CONTEXT_HANDLER_2,
    PLACE,
    Answer,
    Keys,
    Person,
    Sealing,
    encrypted,
    form_value,
    signed,
)

Change = Callable[[str], str]


@dataclass(frozen=True)
class Earlier:
    """An answer that was accepted before: its form value, and its assertion's id."""

    saml_response: str
    assertion_id: str


def same(text: str) -> str:
    """No change."""
    return text


@dataclass(frozen=True)
class Scene:
    """What an attacker has.

    ``answer``: right, about the attacker; ``keys``: the provider's; ``stranger``: a key that no metadata
    names; ``to``: the service's key for encryption; ``victim``: whom the attacker would like to be.
    ``earlier``: None when nobody has signed in yet.
    """

    answer: Answer
    keys: Keys
    stranger: Keys
    to: RSAPublicKey
    victim: Person
    how: Sealing = CONTEXT_HANDLER_2
    earlier: Earlier | None = None

    def send(
        self,
        answer: Answer | None = None,
        *,
        keys: Keys | None = None,
        how: Sealing | None = None,
        before_signing: Change = same,
        after_signing: Change = same,
        sealed: Change = same,
        envelope: Change = same,
        algorithm: str = "rsa-sha256",
        digest: str = "sha256",
    ) -> str:
        """The value of the form field; without a change it is right."""
        answer = answer or self.answer
        assertion = signed(
            before_signing(answer.assertion()), keys or self.keys, algorithm=algorithm, digest=digest
        )
        box = sealed(encrypted(after_signing(assertion), self.to, how or self.how))
        return form_value(envelope(answer.response(box)))

    def signed_assertion(self) -> str:
        """The attacker's own, rightly signed."""
        return signed(self.answer.assertion(), self.keys)

    def forged_assertion(self, assertion_id: str = "_forged") -> str:
        """What the attacker would like to say, unsigned."""
        forged = self.answer.but(person=self.victim, assertion_id=assertion_id)
        return forged.assertion().replace(PLACE, "")

    def sealed(self, assertion: str) -> str:
        """Anybody can encrypt for the service."""
        return encrypted(assertion, self.to, self.how)


@dataclass(frozen=True)
class Attack:
    """``slug``: in forms, tests and tables; ``da``, ``en``: what is wrong, in one line.

    ``make``: the value of the form field. ``needs_earlier``: it uses an answer that was accepted before.
    """

    slug: str
    da: str
    en: str
    make: Callable[[Scene], str]
    needs_earlier: bool = False


def changed(slug: str, da: str, en: str, **changes: object) -> Attack:
    """A right answer with the named changes of `Scene.send`."""
    return Attack(slug, da, en, lambda scene: scene.send(**changes))  # type: ignore[arg-type]


def sub(pattern: str, new: str) -> Change:
    """Replace the first match. An attack that changes nothing would be none, so there must be one."""

    def change(text: str) -> str:
        made, count = re.subn(pattern, new, text, count=1, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"nothing matches {pattern}")
        return made

    return change


def twice(pattern: str) -> Change:
    """Say the first match two times."""
    return sub(f"({pattern})", r"\1\1")
