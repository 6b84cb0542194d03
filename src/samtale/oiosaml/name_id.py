"""KOMBIT's subject: an X.509 subject name that carries a person's organisation, name and serial.

    C = DK, O = 19435075, CN = user1 oces3kombitidp, Serial = 555ed208-2ed1-4739-8d79-119908219311

Context Handler sends this in OIOSAML 3 too, where the profile itself has a UUID. The name is free text that
the municipality's own people choose, and it is not escaped: it may hold commas, equals signs, and what looks
like another part.
"""

import re
from dataclasses import dataclass

from samtale.oiosaml.refusal import Refused

FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
STEP = "NameID"
#: Longer than any name; what is longer was not made by an identity provider that means well.
LONGEST = 512

_WHOLE = re.compile(
    r"C\s*=\s*DK\s*,\s*O\s*=\s*(?P<cvr>[0-9]{8})\s*,\s*CN\s*=\s*(?P<name>.*?)\s*,\s*Serial\s*=\s*"
    r"(?P<serial>[^\s,=][^,=]{0,127})",
    re.IGNORECASE | re.ASCII,
)
#: A second one of these means that the name pretends to be more than a name.
_PARTS = re.compile(r"(?:^|,)\s*(C|O|CN|Serial)\s*=", re.IGNORECASE | re.ASCII)
#: Also without a comma before it: no part of the pattern may be able to begin inside the name.
_SERIAL = re.compile(r"Serial\s*=", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Subject:
    """``cvr``: eight digits; ``name``: only to be shown; (``cvr``, ``serial``) is the person's key."""

    cvr: str
    name: str
    serial: str


def parse(value: str) -> Subject:
    """Raises :class:`Refused` for whatever could be read in two ways."""
    if len(value) > LONGEST:
        raise Refused(STEP, f"longer than {LONGEST} characters")
    if not value.isprintable():
        raise Refused(STEP, "it has characters that cannot be printed")
    parts = [part.upper() for part in _PARTS.findall(value)]
    if parts != ["C", "O", "CN", "SERIAL"] or len(_SERIAL.findall(value)) != 1:
        raise Refused(STEP, "it must have C, O, CN and Serial, each once and in this order")
    match = _WHOLE.fullmatch(value.strip())
    if match is None:
        raise Refused(STEP, "C must be DK, O eight digits, and Serial without comma and equals sign")
    return Subject(match["cvr"], match["name"], match["serial"].strip())
