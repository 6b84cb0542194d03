"""A real answer kept as a test case, with nothing of the person in it.

What a provider really sends differs from what its documents say: order, namespaces, how a key is named, how
many digits a second has. All of that stays. What is known to say nothing about a person stays, too; all else
is replaced by made-up letters and digits of the same kind and number, the same ones for the same word. What
was encrypted or signed is left out, since neither fits any more: a test signs and encrypts it anew.
"""

import base64
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from lxml import etree

from samtale.oiosaml import claims, decryption, documents, response
from samtale.oiosaml.algorithms import Allowed
from samtale.oiosaml.instants import instant
from samtale.oiosaml.names import DS, SAML, SAMLP, XENC
from samtale.oiosaml.refusal import Refused

#: When a recorded answer was made.
MADE = datetime(2026, 1, 1, 12, tzinfo=UTC)
_NSIS = "https://data.gov.dk/concept/core/nsis/"
#: Attributes that are about an organisation, or about the answer.
_KEPT_CLAIMS = ("cvr", "organisation", "nsis_level", "assurance_level", "spec_version", "kombit_version")
_KEPT_ATTRIBUTES = frozenset(name for claim in _KEPT_CLAIMS for name in claims.NAMES[claim]) | {
    f"{_NSIS}ial",
    f"{_NSIS}aal",
}
_PRIVILEGES = frozenset(claims.NAMES["privileges"])
_KEPT_TEXT = frozenset(
    f"{{{SAML}}}{name}" for name in ("Issuer", "Audience", "AuthnContextClassRef", "AuthenticatingAuthority")
)
_EMPTIED = frozenset(
    {f"{{{XENC}}}CipherValue"}
    | {f"{{{DS}}}{name}" for name in ("SignatureValue", "DigestValue", "X509Certificate")}
)
_KEPT_XML_ATTRIBUTES = frozenset(
    {"Algorithm", "Consent", "Destination", "Format", "FriendlyName", "Method", "Name", "NameFormat"}
    | {"PrefixList", "Recipient", "Type", "Value", "Version", "lang", "nil", "type"}
)
_TIMES = frozenset({"AuthnInstant", "IssueInstant", "NotBefore", "NotOnOrAfter", "SessionNotOnOrAfter"})
_SUBJECT = re.compile(
    r"(\s*C\s*=\s*DK\s*,\s*O\s*=\s*\d{8}\s*,\s*CN\s*=\s*)(.*)(,\s*Serial\s*=\s*)(.*)",
    re.IGNORECASE | re.DOTALL,
)
_CONSTRAINT = re.compile(r"([^<>]+)(?=</(?:[\w.-]+:)?Constraint\s*>)")
_SCOPE = re.compile(r"(?<=Identifier:)\d+")
_WORD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\w+", re.IGNORECASE)
_UUID_LENGTH = 36
#: They say what kind of number follows in the serial of an older certificate.
_KEPT_WORDS = frozenset({"CVR", "RID", "PID"})
_KINDS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "æøå",
    "ÆØÅ",
    "éèüöäñ",
    "ÉÈÜÖÄÑ",
)
_HEXADECIMAL = ("0123456789abcdef", "0123456789ABCDEF")
#: What is shorter may stand somewhere else by accident.
_SHORTEST = 5


@dataclass(frozen=True)
class Replaced:
    """``where``: the element or attribute; ``made_up``: what stands there now."""

    where: str
    made_up: str


@dataclass(frozen=True)
class Recording:
    """``document``: ``recorded`` with the Response in it, and after it the Assertion when there was one."""

    document: bytes
    replaced: tuple[Replaced, ...]


class NotScrubbed(Exception):
    """Something of the person would be left. The text says where it stood, not what it is."""


def record(field: str, keys: Sequence[RSAPrivateKey], allowed: Allowed) -> Recording:
    """``field``: SAMLResponse as the browser carried it; ``keys``: ours for decryption.

    Raises :class:`Refused` for what is no answer to us, and :class:`NotScrubbed`.
    """
    root = documents.parse(response.decoded(field), step=response.STEP, limit=response.LARGEST)
    if root.tag != f"{{{SAMLP}}}Response":
        raise Refused(response.STEP, "it is no SAML 2.0 response")
    whole = etree.Element("recorded")
    made = instant(root.get("IssueInstant", ""), step=response.STEP)
    opened = None
    if root.find(f"{{{SAML}}}EncryptedAssertion") is not None:
        opened = decryption.open_assertion(response.only_encrypted_assertion(root), keys, allowed)
    whole.append(root)
    if opened is not None:
        whole.append(documents.parse(opened, step=decryption.STEP, limit=response.LARGEST))
    scrubber = _Scrubber(shift=MADE - made.replace(microsecond=0))
    scrubber.scrub(whole)
    scrubber.check(whole)
    return Recording(etree.tostring(whole, xml_declaration=True, encoding="UTF-8"), tuple(scrubber.replaced))


@dataclass
class _Scrubber:
    """``shift``: from the real times to the made-up ones."""

    shift: timedelta
    replaced: list[Replaced] = field(default_factory=list)
    _words: dict[str, str] = field(default_factory=dict)
    _personal: list[tuple[str, str]] = field(default_factory=list)
    _kept: list[str] = field(default_factory=list)

    def scrub(self, whole: etree._Element) -> None:
        for element in whole.iter():
            self._scrub_attributes(element)
            text = element.text or ""
            if text.strip():
                element.text = self._text_of(element, text)
            if (element.tail or "").strip():
                element.tail = self._made_up(f"after {_local(element)}", element.tail or "")

    def check(self, whole: etree._Element) -> None:
        """Raises :class:`NotScrubbed` when something that was replaced stands somewhere nonetheless.

        What an organisation or a provider is called may be a part of somebody's address, and stays.
        """
        said = "\n".join(
            [*whole.itertext(), *(value for element in whole.iter() for value in element.attrib.values())]
        )
        kept = "\n".join(self._kept)
        for where, value in self._personal:
            if len(value) >= _SHORTEST and value in said and value not in kept:
                raise NotScrubbed(f"what stood in {where} stands somewhere else, too")

    def _text_of(self, element: etree._Element, text: str) -> str:
        if element.tag in _EMPTIED:
            return ""
        if element.tag in _KEPT_TEXT:
            return self._keep(text)
        if element.tag == f"{{{SAML}}}AttributeValue":
            return self._value_of(element, text)
        if element.tag == f"{{{SAML}}}NameID":
            return self._subject(text)
        return self._made_up(_local(element), text)

    def _value_of(self, element: etree._Element, text: str) -> str:
        parent = element.getparent()
        name = "" if parent is None else parent.get("Name", "")
        if name in _KEPT_ATTRIBUTES:
            return self._keep(text)
        if name in _PRIVILEGES:
            return self._privileges(name, text)
        return self._made_up(name, text)

    def _subject(self, text: str) -> str:
        """C, O, CN and Serial stay where they are, with the space around them."""
        parts = _SUBJECT.fullmatch(text)
        if parts is None:
            return self._made_up("NameID", text)
        before, name, between, serial = parts.groups()
        return before + self._made_up("NameID CN", name) + between + self._made_up("NameID Serial", serial)

    def _privileges(self, name: str, text: str) -> str:
        """Roles stay; what they are limited to, and a scope that is no organisation's, do not."""
        try:
            inner = documents.unbase64(text, Refused(response.STEP, "")).decode()
        except (Refused, UnicodeDecodeError):
            return self._made_up(name, text)
        inner = _CONSTRAINT.sub(lambda found: self._made_up(f"{name} Constraint", found[0]), inner)
        inner = re.sub(
            r"cprNumberIdentifier:\d+",
            lambda found: _SCOPE.sub(lambda number: self._made_up(f"{name} Scope", number[0]), found[0]),
            inner,
        )
        encode = base64.encodebytes if "\n" in text.strip() else base64.b64encode
        return encode(inner.encode()).decode()

    def _scrub_attributes(self, element: etree._Element) -> None:
        for name, value in element.items():
            local = etree.QName(name).localname
            where = f"{_local(element)} {local}"
            if local in _TIMES:
                element.set(name, self._time(where, value))
            elif local not in _KEPT_XML_ATTRIBUTES:
                element.set(name, self._made_up(where, value))

    def _time(self, where: str, value: str) -> str:
        try:
            then = instant(value, step=response.STEP) + self.shift
        except (Refused, OverflowError):
            return self._made_up(where, value)
        digits = len(value.partition(".")[2].rstrip("Z"))
        return f"{then:%Y-%m-%dT%H:%M:%S}{'.' if digits else ''}{'0' * digits}Z"

    def _keep(self, text: str) -> str:
        self._kept.append(text)
        return text

    def _made_up(self, where: str, text: str) -> str:
        made = _WORD.sub(lambda word: self._word(word[0]), text)
        if made != text:
            self.replaced.append(Replaced(where, made.strip()))
            self._personal.append((where, text.strip()))
        return made

    def _word(self, word: str) -> str:
        if word in _KEPT_WORDS or not any(character.isalnum() for character in word):
            return word
        kinds = (*_HEXADECIMAL, *_KINDS) if len(word) == _UUID_LENGTH and "-" in word else _KINDS
        while word not in self._words or self._words[word] == word:
            self._words[word] = "".join(_like(character, kinds) for character in word)
        return self._words[word]


def _like(character: str, kinds: Sequence[str]) -> str:
    """Another one of the same kind; what is neither letter nor digit stays."""
    for kind in kinds:
        if character in kind:
            return secrets.choice(kind)
    return "x" if character.isalnum() else character


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
