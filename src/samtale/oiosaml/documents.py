"""XML and base64 that came from outside, read so that they can do nothing."""

import base64
import binascii

from lxml import etree

from samtale.oiosaml.refusal import Refused


def parse(data: bytes, *, step: str, limit: int) -> etree._Element:
    """The root element.

    Comments and processing instructions are left out, so that the text of an element is whole (a comment
    inside it would cut it short for who reads only the first piece) and what is read is what canonicalisation
    without comments has signed. ``limit``: bytes. Raises :class:`Refused` for what is larger, no XML, or has
    a document type declaration.
    """
    if len(data) > limit:
        raise Refused(step, f"{len(data)} bytes, at most {limit} are read")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # The parser's own words may quote the document.
        raise Refused(step, "it is not well-formed XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused(step, "it has a document type declaration")
    return root


def text_of(element: etree._Element) -> str:
    """What an element without children says, without the space around it."""
    return (element.text or "").strip()


def unbase64(text: str, refusal: Refused) -> bytes:
    """What it stands for; the space that XML lets lines be broken with is left out. Raises ``refusal``."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise refusal from error
