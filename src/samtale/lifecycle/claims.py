"""Claims of an ID token, read as what they must be.

Each raises :class:`Refused` for a claim that is missing where it must be there, or is something else.
"""

from collections.abc import Mapping

from samtale.oiosaml.refusal import Refused

Claims = Mapping[str, object]
STEP = "claims"
#: With the CVR number before it, what fits into a row of django-allauth's.
LONGEST_SUBJECT = 180


def text(claims: Claims, name: str) -> str:
    """A claim that must be there, without the space around it."""
    found = optional(claims, name)
    if found is None:
        raise Refused(STEP, f"{name} is missing or empty")
    return found


def optional(claims: Claims, name: str) -> str | None:
    """A claim that need not be there."""
    value = claims.get(name) if name else None
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refused(STEP, f"{name} is no text")
    return value.strip() or None


def several(claims: Claims, name: str) -> frozenset[str]:
    """A claim that is a text or a list of them; none when it is not there."""
    value = claims.get(name, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise Refused(STEP, f"{name} is no list of texts")
    return frozenset(values)


def subject(claims: Claims, name: str) -> str:
    """What names a person for good: exactly as it came, so that no two are one."""
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise Refused(STEP, f"{name} is missing, or no text that can be printed")
    if len(value) > LONGEST_SUBJECT:
        raise Refused(STEP, f"{name} has more than {LONGEST_SUBJECT} characters")
    return value


def address(claims: Claims, name: str) -> str | None:
    """A mail address, unless the provider itself says that it is not proven (Core 1.0, section 5.1)."""
    return None if claims.get("email_verified") in (False, "false") else optional(claims, name)
