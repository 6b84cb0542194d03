"""XML that came from outside."""

from lxml import etree

from samtale_testidp.names import SAML
from samtale_testidp.rejected import Rejected


def parse(data: bytes) -> etree._Element:
    """The root element, comments left out. Raises :class:`Rejected` for what is no XML or has a DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Rejected("the message is not well-formed XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Rejected("the message has a document type declaration")
    return root


def issuer_of(root: etree._Element) -> str:
    """Who says that they sent a message; empty when nobody does."""
    return (root.findtext(f"{{{SAML}}}Issuer") or "").strip()
