"""Changes that know what XML is: elements moved, repeated, renamed, wrapped, and what readers trip over."""

from collections.abc import Callable
from random import Random

from lxml import etree

from samtale.oiosaml.names import DS, MD, SAML, SAMLP, XENC, XENC11

Change = Callable[[etree._Element, Random], None]
_NAMESPACES = (SAML, SAMLP, DS, XENC, XENC11, MD, f"{SAML}#", "", "urn:x")
_NAMES = (
    *(
        "Assertion",
        "EncryptedAssertion",
        "EncryptedData",
        "EncryptedKey",
        "CipherData",
        "CipherValue",
        "Response",
    ),
    *(
        "Signature",
        "SignedInfo",
        "Object",
        "KeyInfo",
        "Reference",
        "Transform",
        "Extensions",
        "Advice",
        "Status",
    ),
    *(
        "StatusCode",
        "Issuer",
        "Subject",
        "NameID",
        "SubjectConfirmation",
        "SubjectConfirmationData",
        "Conditions",
    ),
    *(
        "AudienceRestriction",
        "Audience",
        "AuthnStatement",
        "AttributeStatement",
        "Attribute",
        "AttributeValue",
    ),
    *(
        "EntityDescriptor",
        "IDPSSODescriptor",
        "KeyDescriptor",
        "SingleLogoutService",
        "PrivilegeGroup",
        "Constraint",
    ),
)
_VALUES = (
    *(
        "",
        " ",
        "_assertion",
        "_forged",
        "2.0",
        "1.1",
        "true",
        "#",
        "#_assertion",
        "55133018",
        "Low",
        "High",
        "*",
    ),
    *(
        "2026-11-24T09:30:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "2026-11-24T09:30:00.123456789Z",
    ),
    *(
        "urn:oasis:names:tc:SAML:2.0:status:NoPassive",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "AAAA",
        "%",
    ),
    *("C=DK,O=55133018,CN=Bob,Serial=a", "file:///etc/passwd", "\u0661\u0662", "\U0001f600", "x" * 600),
)
_ATTRIBUTES = (
    "ID",
    "Id",
    "id",
    "xml:id",
    "Algorithm",
    "Type",
    "URI",
    "Format",
    "Version",
    "Name",
    "Scope",
    "use",
)
_ENCODINGS = (b"UTF-8", b"UTF-16", b"ISO-8859-1", b"UTF-7", b"x")
_XML = "http://www.w3.org/XML/1998/namespace"


def changed(data: bytes, random: Random) -> bytes | None:
    """``data`` with one to three changes; None when it is no XML that could be changed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
        for _ in range(random.randint(1, 3)):
            random.choice(_CHANGES)(root, random)
        made = etree.tostring(root)
    except (etree.XMLSyntaxError, ValueError, TypeError):
        return None
    return random.choice(_AROUND)(made, random) if random.random() < 0.1 else made


def _elements(root: etree._Element) -> list[etree._Element]:
    return [each for each in root.iter() if isinstance(each.tag, str)]


def _some(root: etree._Element, random: Random) -> etree._Element:
    return random.choice(_elements(root))


def _below(root: etree._Element, random: Random) -> etree._Element:
    """One that is not the root, when there is one."""
    return random.choice(_elements(root)[1:] or [root])


def _copied(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _put(parent: etree._Element, child: etree._Element, random: Random) -> None:
    parent.insert(random.randint(0, len(parent)), child)


def _tag(random: Random) -> str:
    namespace, name = random.choice(_NAMESPACES), random.choice(_NAMES)
    return f"{{{namespace}}}{name}" if namespace else name


def _copy(root: etree._Element, random: Random) -> None:
    _put(_some(root, random), _copied(_some(root, random)), random)


def _move(root: etree._Element, random: Random) -> None:
    child = _below(root, random)
    targets = [each for each in _elements(root) if child not in (each, *each.iterancestors())]
    if targets:
        _put(random.choice(targets), child, random)


def _remove(root: etree._Element, random: Random) -> None:
    child = _below(root, random)
    parent = child.getparent()
    if parent is not None:
        parent.remove(child)


def _wrap(root: etree._Element, random: Random) -> None:
    child = _below(root, random)
    parent = child.getparent()
    if parent is not None:
        wrapper = etree.Element(_tag(random))
        parent.replace(child, wrapper)
        wrapper.append(child)


def _rename(root: etree._Element, random: Random) -> None:
    element = _some(root, random)
    name = etree.QName(element)
    namespace = random.choice(_NAMESPACES)
    same = f"{{{namespace}}}{name.localname}" if namespace else name.localname
    element.tag = random.choice([same, _tag(random)])


def _add(root: etree._Element, random: Random) -> None:
    _put(_some(root, random), etree.Element(_tag(random)), random)


def _value(root: etree._Element, random: Random) -> str:
    """One that somebody thought of, or one that stands somewhere else."""
    others = [value for each in _elements(root) for value in each.attrib.values()]
    return random.choice([random.choice(_VALUES), random.choice(others or [""])])


def _attribute(root: etree._Element, random: Random) -> None:
    element = _some(root, random)
    name = random.choice([*element.attrib, *_ATTRIBUTES])
    element.set(name.replace("xml:", f"{{{_XML}}}"), _value(root, random))


def _no_attribute(root: etree._Element, random: Random) -> None:
    element = _some(root, random)
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _text(root: etree._Element, random: Random) -> None:
    element = _some(root, random)
    text = element.text or ""
    element.text = random.choice(
        [_value(root, random), text[: len(text) // 2], text * 2, f" {text}\n", text.upper()]
    )


def _cut(root: etree._Element, random: Random) -> None:
    """A comment or an instruction in a text, which ends it there for who reads only its first piece."""
    element = _some(root, random)
    text = element.text or ""
    at = random.randint(0, len(text))
    piece = random.choice([etree.Comment("x"), etree.ProcessingInstruction("x", "y")])
    piece.tail = text[at:]
    element.text = text[:at]
    element.insert(0, piece)


_CHANGES: tuple[Change, ...] = (
    *(_copy, _move, _remove, _wrap, _rename, _add),
    *(_attribute, _no_attribute, _text, _cut),
)
_AROUND: tuple[Callable[[bytes, Random], bytes], ...] = (
    lambda made, _: b"<!DOCTYPE x>" + made,
    lambda made, _: b'<!DOCTYPE x [<!ENTITY e "y">]>' + made.replace(b"</", b"&e;</", 1),
    lambda made, random: b'<?xml version="1.0" encoding="%b"?>' % random.choice(_ENCODINGS) + made,
    lambda made, random: made.decode().encode(random.choice(["utf-16", "utf-8-sig", "utf-32"])),
    lambda made, _: made.replace(b">", b"><![CDATA[", 1).replace(b"</", b"]]></", 1),
    lambda made, random: made[: random.randint(0, len(made))],
    lambda made, _: made + b"\0",
)
