"""What must hold for whatever a provider, or somebody in its place, says: read in one way, or refused."""

import base64
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from certificates import rsa_key, self_signed
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from hypothesis import strategies as made_up
from lxml import etree
from properties import AT_LENGTH, BRIEFLY, hold, name_of
from right_answer import ACS, IDP, NOW, SP

from samtale.oiosaml import (
    algorithms,
    claims,
    documents,
    name_id,
    privileges,
    provider_metadata,
    redirect,
    response,
)
from samtale.oiosaml.algorithms import CONTEXT_HANDLER_2
from samtale.oiosaml.claims import Claims
from samtale.oiosaml.instants import instant
from samtale.oiosaml.name_id import Subject
from samtale.oiosaml.privileges import Grant, Group
from samtale.oiosaml.refusal import Refused
from samtale_testidp.answers import Keys

KEY = rsa_key("idp")
IDP_KEYS = Keys(KEY, self_signed(KEY, "idp", NOW, 1000))
PROVIDER = response.Provider(IDP, [IDP_KEYS.pem], frozenset({"55133018"}))
REQUEST = response.Request("_request", ACS, SP, NOW)
CVRS = made_up.from_regex(r"[0-9]{8}", fullmatch=True)
SPACES = made_up.sampled_from(["", " ", "  "])


def refused(act: Callable[[], object]) -> object:
    """What ``act`` gives, None when it refuses; anything else that goes wrong goes on."""
    try:
        return act()
    except Refused:
        return None


# NameID.

#: What a name could be made of that wants to be read as more than a name.
PIECES = (
    made_up.sampled_from(
        [*'CO=,+/; "#\n\0Æ\u037e\uff0c\uff1d\u202e', "CN", "Serial", "serial", "\u017ferial", "\\,"]
    )
    | made_up.sampled_from(["DK", "55133018", "19435075", "victim", "Bob", "e\u0301"])
    | made_up.text(max_size=3)
)
NAMES = made_up.lists(PIECES, max_size=12).map("".join)
PARTS = made_up.tuples(made_up.lists(SPACES, min_size=8, max_size=8), CVRS, NAMES, NAMES)


def written(spaces: list[str], cvr: str, name: str, serial: str) -> str:
    """A NameID with that much space between its parts."""
    a, b, c, d, e, f, g, h = spaces
    return f"C{a}={b}DK{c},{d}O{e}={f}{cvr},CN{g}={h}{name},Serial={serial}"


def readings(value: str) -> set[tuple[str, str, str]]:
    """Every way to read it: each O= after a comma could be the organisation's, each Serial= the person's."""
    organisations = re.findall(r"(?ia)(?:^|,)\s*O\s*=\s*([0-9]{8})\s*(?=,)", value)
    names = [found.end() for found in re.finditer(r"(?ia)(?:^|,)\s*CN\s*=", value)]
    serials = [(found.start(), found.end()) for found in re.finditer(r"(?ia)serial\s*=", value)]
    return {
        (cvr, value[name:before].rstrip().removesuffix(",").strip(), value[after:].strip())
        for cvr, name, (before, after) in product(organisations, names, serials)
        if name <= before
    }


def a_subject_has_one_reading(parts: tuple[list[str], str, str, str]) -> None:
    value = written(*parts)
    found = refused(lambda: name_id.parse(value))
    if found is None:
        return
    assert isinstance(found, Subject)
    _, cvr, name, serial = parts
    assert (found.cvr, found.name, found.serial) == (cvr, name.strip(), serial.strip())
    assert readings(value) == {(found.cvr, found.name, found.serial)}


def a_plain_name_is_read_back(parts: tuple[list[str], str, str, str]) -> None:
    spaces, cvr, name, serial = parts
    found = name_id.parse(written(spaces, cvr, name, serial))
    assert (found.cvr, found.name, found.serial) == (cvr, name.strip(), serial)


def a_text_is_a_subject_or_refused(text: str) -> None:
    found = refused(lambda: name_id.parse(text))
    if found is not None:
        assert isinstance(found, Subject)
        assert len(text) <= name_id.LONGEST
        assert re.fullmatch("[0-9]{8}", found.cvr)
        assert found.serial in text
        assert found.name in text


PLAIN_PARTS = made_up.tuples(
    made_up.lists(SPACES, min_size=8, max_size=8),
    CVRS,
    made_up.from_regex(r"[a-zA-ZæøåÆØÅé .'-]{0,60}", fullmatch=True),
    made_up.from_regex(r"[a-zA-Z0-9:-]{1,60}", fullmatch=True),
)

# OIO BPP.

XML_TEXT = made_up.text(
    made_up.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    max_size=20,
)
SAID = XML_TEXT.filter(lambda text: bool(text.strip()))
SCOPES = CVRS.map(lambda cvr: f"urn:dk:gov:saml:cvrNumberIdentifier:{cvr}") | SAID.map(str.strip)
VALUES = SAID.filter(lambda text: "," not in text).map(str.strip)
URIS = made_up.sampled_from([f"http://example.dk/{name}/1" for name in ("a", "b", "c")])
GROUPS = made_up.builds(
    Group,
    SCOPES,
    made_up.frozensets(URIS | SAID.map(str.strip), min_size=1, max_size=3),
    made_up.dictionaries(URIS, made_up.frozensets(VALUES, min_size=1, max_size=3), max_size=3),
)
NAMESPACES = made_up.sampled_from(
    [f"http://{who}.dk/oiosaml/basic_privilege_profile" for who in ("digst", "itst")]
)
LISTS = made_up.tuples(made_up.lists(GROUPS, max_size=4), NAMESPACES, made_up.booleans(), made_up.randoms())


def document(groups: list[Group], namespace: str, qualified: bool, random: Any) -> bytes:
    """As a producer writes it: children in any order, values together or apart, prefixed or not."""

    def tag(name: str) -> str:
        return f"{{{namespace}}}{name}" if qualified else name

    root = etree.Element(
        f"{{{namespace}}}PrivilegeList", nsmap={random.choice(["bpp", None]) if qualified else "b": namespace}
    )
    for group in groups:
        element = etree.SubElement(root, tag("PrivilegeGroup"), Scope=group.scope)
        said: list[tuple[str, dict[str, str], str]] = [("Privilege", {}, each) for each in group.privileges]
        for name, values in group.constraints.items():
            apart = random.random() < 0.5
            said += [
                ("Constraint", {"Name": name}, each)
                for each in (sorted(values) if apart else [", ".join(sorted(values))])
            ]
        random.shuffle(said)
        for name, attributes, text in said:
            etree.SubElement(element, tag(name), attributes).text = f" {text}\n"
            element.append(etree.Comment("x"))
    return etree.tostring(root, encoding="utf-8")


def privileges_are_read_back(parts: tuple[list[Group], str, bool, Any]) -> None:
    groups = parts[0]
    written_down = document(*parts)
    assert privileges.parse(base64.b64encode(written_down).decode()) == tuple(groups)
    assert privileges.parse(written_down.decode()) == tuple(groups)


def a_group_gives_what_its_own_organisation_and_limits_allow(parts: tuple[list[Group], str]) -> None:
    groups, cvr = parts
    known = {"http://example.dk/a/1", "http://example.dk/b/1"}
    found = privileges.granted(groups, cvr=cvr, known_constraints=known, known_privileges=known)
    assert found.grants == tuple(
        Grant(each, group.constraints)
        for group in groups
        if group.scope == f"urn:dk:gov:saml:cvrNumberIdentifier:{cvr}" and set(group.constraints) <= known
        for each in sorted(group.privileges & known)
    )


OWN = made_up.tuples(
    made_up.lists(
        made_up.builds(
            lambda group, own: Group(own or group.scope, group.privileges, group.constraints),
            GROUPS,
            made_up.sampled_from(["", "urn:dk:gov:saml:cvrNumberIdentifier:55133018"]),
        ),
        max_size=4,
    ),
    made_up.just("55133018"),
)


def privileges_are_groups_or_refused(said: bytes) -> None:
    for value in (base64.b64encode(said).decode(), said.decode("utf-8", "replace")):
        found = refused(lambda value=value: privileges.parse(value))  # type: ignore[misc]
        assert found is None or (isinstance(found, tuple) and all(each.privileges for each in found))


# Times.


def a_time_is_read_back(parts: tuple[datetime, int, str]) -> None:
    when, digits, zone = parts
    fraction = f"{when.microsecond:06d}000"[:digits]
    value = f"{when:%m-%dT%H:%M:%S}" + (f".{fraction}" if digits else "") + zone
    read = instant(f"{when.year:04}-{value}", step="x")
    assert read == when.replace(microsecond=int(fraction[:6].ljust(6, "0") if digits else 0), tzinfo=UTC)


def a_text_is_a_time_or_refused(text: str) -> None:
    found = refused(lambda: instant(text, step="x"))
    assert found is None or (isinstance(found, datetime) and found.tzinfo is UTC)


TIMES = made_up.tuples(made_up.datetimes(), made_up.integers(0, 9), made_up.sampled_from(["Z", "+00:00"]))
NEARLY_TIMES = (
    made_up.from_regex(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*)?(Z|[+-]\d\d:\d\d)?\s?\Z") | made_up.text()
)

# The redirect binding.

RELAYS = made_up.none() | made_up.text(made_up.characters(codec="utf-8"), min_size=1, max_size=20)
MESSAGES = made_up.tuples(made_up.sampled_from(["SAMLRequest", "SAMLResponse"]), XML_TEXT, RELAYS)


def sent(kind: redirect.Kind, text: str, relay: str | None) -> str:
    root = etree.Element("a")
    root.text = text
    return urlsplit(
        redirect.address(f"{IDP}/slo", kind, etree.tostring(root, encoding="unicode"), relay, KEY)
    ).query


def received(query: str) -> redirect.Message:
    return redirect.verified(query, [IDP_KEYS.pem], CONTEXT_HANDLER_2)


def a_message_is_read_back(parts: tuple[redirect.Kind, str, str | None]) -> None:
    found = received(sent(*parts))
    assert (found.kind, found.root.text or "", found.relay_state) == parts


def a_changed_query_says_the_same_or_is_refused(
    parts: tuple[tuple[redirect.Kind, str, str | None], int, str],
) -> None:
    """Where it is still read, the change is in what nobody signs, such as the signature's own spelling."""
    message, at, piece = parts
    query = sent(*message)
    at %= len(query)
    for changed in (query[:at] + piece + query[at + 1 :], query[:at] + piece + query[at:]):
        found = refused(lambda changed=changed: received(changed))  # type: ignore[misc]
        if found is not None:
            assert isinstance(found, redirect.Message)
            assert (found.kind, found.root.text or "", found.relay_state) == message


def a_query_is_a_message_or_refused(query: str) -> None:
    assert refused(lambda: received(query)) is None, "nobody has signed it"
    issuer = refused(lambda: redirect.claimed_issuer(query))
    assert issuer is None or isinstance(issuer, str)


def what_is_signed_is_a_message_or_refused(said: bytes) -> None:
    for data in (said, zlib.compress(said, wbits=-15)):
        value = quote(base64.b64encode(data), safe="")
        signed = f"SAMLRequest={value}&SigAlg={quote(algorithms.RSA_SHA256, safe='')}"
        signature = KEY.sign(signed.encode(), PKCS1v15(), hashes.SHA256())
        query = f"{signed}&Signature={quote(base64.b64encode(signature), safe='')}"
        found = refused(lambda query=query: received(query))  # type: ignore[misc]
        assert found is None or isinstance(found, redirect.Message)


QUERY_PIECES = made_up.sampled_from(
    [
        *("SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "%ff", "%00", "fZE="),
        *"=&%+;æ\ud800",
        quote(algorithms.RSA_SHA256, safe=""),
        quote(base64.b64encode(zlib.compress(b"<a/>", wbits=-15))),
    ]
)
QUERIES = made_up.lists(QUERY_PIECES | made_up.text(max_size=5), max_size=14).map("".join)
CHANGES = made_up.tuples(MESSAGES, made_up.integers(0, 10_000), QUERY_PIECES | made_up.characters())

# Attributes.

ATTRIBUTES = made_up.lists(
    made_up.tuples(
        made_up.sampled_from([name for names in claims.NAMES.values() for name in names] + ["cprNumber", ""]),
        made_up.lists(CVRS | made_up.sampled_from(["55133018", " 55133018 ", ""]) | XML_TEXT, max_size=2).map(
            tuple
        ),
    ),
    max_size=12,
)


def a_claim_is_what_was_sent_under_its_name(sent_attributes: list[tuple[str, tuple[str, ...]]]) -> None:
    found = refused(lambda: claims.read(sent_attributes))
    if found is None:
        return
    assert isinstance(found, Claims)
    assert re.fullmatch("[0-9]{8}", found.cvr)
    for claim, names in claims.NAMES.items():
        values = {each.strip() for name, all_ in sent_attributes if name in names for each in all_} - {""}
        taken = getattr(found, claim)
        assert taken in values if values else taken is None
        assert claim == "email" or len(values) <= 1, "several truths"


# Whole documents.


def a_field_is_refused(text: str) -> None:
    assert refused(lambda: response.accept(text, REQUEST, PROVIDER, [KEY], lambda _id, _until: True)) is None


def bytes_are_a_document_or_refused(said: bytes) -> None:
    a_field_is_refused(base64.b64encode(said).decode())
    for read in (
        lambda: documents.parse(said, step="x", limit=100),
        lambda: provider_metadata.read(said, now=NOW, pinned=(), allowed=CONTEXT_HANDLER_2),
        lambda: provider_metadata.read(said, now=NOW, pinned=[IDP_KEYS.pem], allowed=CONTEXT_HANDLER_2),
    ):
        found = refused(read)
        assert found is None or len(said) <= 100


TAGS = made_up.sampled_from(
    [
        *'<>a:&" \0\ufeffæ',
        *(
            "/>",
            "</",
            "x:a",
            '="',
            "ID",
            "xmlns",
            "xmlns:x",
            "&amp;",
            "&#0;",
            "&e;",
            "<!--",
            "-->",
            "<?",
            "?>",
        ),
        *("<![CDATA[", "]]>", "<!DOCTYPE a>", "PrivilegeList", "PrivilegeGroup", "Scope", "Privilege"),
        *("urn:oasis:names:tc:SAML:2.0:protocol", "http://digst.dk/oiosaml/basic_privilege_profile"),
    ]
)
BYTES = made_up.binary(max_size=200) | made_up.lists(TAGS, max_size=30).map("".join).map(str.encode)

PROPERTIES = [
    (a_subject_has_one_reading, PARTS),
    (a_plain_name_is_read_back, PLAIN_PARTS),
    (a_text_is_a_subject_or_refused, made_up.text() | NAMES),
    (privileges_are_read_back, LISTS),
    (a_group_gives_what_its_own_organisation_and_limits_allow, OWN),
    (privileges_are_groups_or_refused, BYTES),
    (a_time_is_read_back, TIMES),
    (a_text_is_a_time_or_refused, NEARLY_TIMES),
    (a_message_is_read_back, MESSAGES),
    (a_changed_query_says_the_same_or_is_refused, CHANGES),
    (a_query_is_a_message_or_refused, QUERIES),
    (what_is_signed_is_a_message_or_refused, BYTES),
    (a_claim_is_what_was_sent_under_its_name, ATTRIBUTES),
    (a_field_is_refused, made_up.text()),
    (bytes_are_a_document_or_refused, BYTES),
]


@pytest.mark.parametrize(("rule", "values"), PROPERTIES, ids=name_of)
def test_property(rule: Callable[[Any], None], values: made_up.SearchStrategy[Any]) -> None:
    hold(rule, values, BRIEFLY)


@pytest.mark.long
@pytest.mark.parametrize(("rule", "values"), PROPERTIES, ids=name_of)
def test_property_at_length(rule: Callable[[Any], None], values: made_up.SearchStrategy[Any]) -> None:
    # Each is about a document or a signature, which takes longer to make than a name.
    hold(rule, values, AT_LENGTH // 5)
