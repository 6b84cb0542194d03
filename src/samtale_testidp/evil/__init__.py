"""Answers that no service provider may accept, each by a name of its own.

One list for everybody: the page where a person tries one, the platform's self-test and the tests.
"""

from dataclasses import dataclass

from samtale_testidp.answers import CONTEXT_HANDLER_2, Sealing
from samtale_testidp.evil import assertion, encryption, envelope, form, person, signature, wrapping
from samtale_testidp.evil.attack import Attack


@dataclass(frozen=True)
class Kind:
    """Attacks on one part of an answer. ``da``, ``en``: a heading."""

    slug: str
    da: str
    en: str
    attacks: tuple[Attack, ...]


_ENCRYPTION = Kind("encryption", "Krypteringen", "The encryption", encryption.ATTACKS)
KINDS = (
    Kind("form", "Formularen", "The form", form.ATTACKS),
    Kind("envelope", "Svaret", "The response", envelope.ATTACKS),
    _ENCRYPTION,
    Kind("signature", "Underskriften", "The signature", signature.ATTACKS),
    Kind("wrapping", "Ompakning", "Signature wrapping", wrapping.ATTACKS),
    Kind("assertion", "Udsagnet", "The assertion", assertion.ATTACKS),
    Kind("person", "Personen", "The person", person.ATTACKS),
)
ATTACKS = tuple(attack for kind in KINDS for attack in kind.attacks)


def kinds_for(how: Sealing) -> tuple[Kind, ...]:
    """Those that mean something to a service that expects this encryption.

    What is wrong about an encryption is said of Context Handler 2's; who expects another refuses all of it.
    """
    return tuple(kind for kind in KINDS if how == CONTEXT_HANDLER_2 or kind is not _ENCRYPTION)


def find(slug: str) -> Attack | None:
    """The attack of that name."""
    return next((attack for attack in ATTACKS if attack.slug == slug), None)
