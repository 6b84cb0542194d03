"""A right signature over something else than what is read.

XSW1 to XSW8 as in Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012):
the first two on the Response, the others on the Assertion. Each also inside what is encrypted, where a
service could believe that nobody but the provider has been.
"""

from collections.abc import Callable

from lxml import etree

from samtale_testidp.answers import PLACE, form_value, signed
from samtale_testidp.evil.attack import Attack, Scene, sub
from samtale_testidp.names import DS, SAML, SAMLP

Build = Callable[[etree._Element, etree._Element], etree._Element]


def _response(scene: Scene, content: str) -> etree._Element:
    return etree.fromstring(scene.answer.response(content))


def _sent(root: etree._Element) -> str:
    return form_value(etree.tostring(root).decode())


def _signature_of(element: etree._Element) -> etree._Element:
    found = element.find(f"{{{DS}}}Signature")
    if found is None:
        raise ValueError("it is not signed")
    return found


def _object(content: etree._Element) -> etree._Element:
    made = etree.Element(f"{{{DS}}}Object")
    made.append(content)
    return made


def _signed_response(scene: Scene) -> etree._Element:
    text = scene.answer.response(scene.sealed(scene.signed_assertion()))
    return etree.fromstring(signed(sub("</saml:Issuer>", f"</saml:Issuer>{PLACE}")(text), scene.keys))


def _forged_response(scene: Scene) -> etree._Element:
    return _response(scene, scene.sealed(scene.forged_assertion()))


def _xsw1(scene: Scene) -> str:
    """The forged response has the signature, which has the original response in it."""
    original, forged = _signed_response(scene), _forged_response(scene)
    signature = _signature_of(original)
    original.remove(signature)
    signature.append(_object(original))
    forged.insert(1, signature)
    return _sent(forged)


def _xsw2(scene: Scene) -> str:
    """The original response stands before a signature that no longer lies in it."""
    original, forged = _signed_response(scene), _forged_response(scene)
    signature = _signature_of(original)
    original.remove(signature)
    forged.insert(1, original)
    forged.insert(2, signature)
    return _sent(forged)


def _pair(scene: Scene) -> tuple[etree._Element, etree._Element]:
    return etree.fromstring(scene.signed_assertion()), etree.fromstring(scene.forged_assertion())


def _xsw4(original: etree._Element, forged: etree._Element) -> etree._Element:
    """The forged assertion has the original in it."""
    forged.append(original)
    return forged


def _xsw6(original: etree._Element, forged: etree._Element) -> etree._Element:
    """The forged assertion has the signature, which has the original in it."""
    signature = _signature_of(original)
    original.remove(signature)
    signature.append(original)
    forged.insert(1, signature)
    return forged


def _xsw8(original: etree._Element, forged: etree._Element) -> etree._Element:
    """As XSW6, with the original in an Object of the signature."""
    signature = _signature_of(original)
    original.remove(signature)
    signature.append(_object(original))
    forged.insert(1, signature)
    return forged


def _in_advice(original: etree._Element, forged: etree._Element) -> etree._Element:
    etree.SubElement(forged, f"{{{SAML}}}Advice").append(original)
    return forged


def _same_id(original: etree._Element, forged: etree._Element) -> etree._Element:
    forged.set("ID", original.get("ID", ""))
    return _in_advice(original, forged)


def _in_key_info(original: etree._Element, forged: etree._Element) -> etree._Element:
    signature = _signature_of(original)
    original.remove(signature)
    info = signature.find(f"{{{DS}}}KeyInfo")
    if info is None:
        raise ValueError("the signature has no KeyInfo")
    info.append(original)
    forged.insert(1, signature)
    return forged


def _in_wrapper(original: etree._Element, forged: etree._Element) -> etree._Element:
    """Both in an element that is none of SAML's."""
    wrapper = etree.Element("wrapper")
    wrapper.append(forged)
    wrapper.append(original)
    return wrapper


def _signed_statement(original: etree._Element, forged: etree._Element) -> etree._Element:
    """Signature and id stay with the original, the forged statements are put before its own."""
    for number, name in enumerate(("Subject", "AttributeStatement")):
        statement = forged.find(f"{{{SAML}}}{name}")
        if statement is None:
            raise ValueError(f"there is no {name}")
        original.insert(2 + number, statement)
    return original


def _in_attribute(original: etree._Element, forged: etree._Element) -> etree._Element:
    value = next(forged.iter(f"{{{SAML}}}AttributeValue"))
    value.append(original)
    return forged


def _in_confirmation(original: etree._Element, forged: etree._Element) -> etree._Element:
    next(forged.iter(f"{{{SAML}}}SubjectConfirmationData")).append(original)
    return forged


def _forged_in_object(original: etree._Element, forged: etree._Element) -> etree._Element:
    """What lies in the signature is not signed, since the signature leaves itself out."""
    _signature_of(original).append(_object(forged))
    return original


def _other_spelling(original: etree._Element, forged: etree._Element) -> etree._Element:
    """The forged assertion has the signature, and the original's id in an attribute of another spelling."""
    signature = _signature_of(original)
    original.remove(signature)
    forged.insert(1, signature)
    del forged.attrib["ID"]
    forged.set("Id", original.get("ID", ""))
    return _in_advice(original, forged)


def _plain(build: Build) -> Callable[[Scene], str]:
    """In a response, not encrypted."""

    def make(scene: Scene) -> str:
        response = _response(scene, "")
        response.append(build(*_pair(scene)))
        return _sent(response)

    return make


def _sealed(build: Build) -> Callable[[Scene], str]:
    """Inside what is encrypted."""

    def make(scene: Scene) -> str:
        inside = etree.tostring(build(*_pair(scene))).decode()
        return form_value(scene.answer.response(scene.sealed(inside)))

    return make


def _xsw3(scene: Scene) -> str:
    """The forged assertion stands before the original."""
    response = _response(scene, "")
    original, forged = _pair(scene)
    response.extend([forged, original])
    return _sent(response)


def _xsw5(scene: Scene) -> str:
    """The forged assertion has the signature; the original stands after it, without."""
    response = _response(scene, "")
    original, forged = _pair(scene)
    signature = _signature_of(original)
    original.remove(signature)
    forged.insert(1, signature)
    response.extend([forged, original])
    return _sent(response)


def _xsw7(scene: Scene) -> str:
    """The forged assertion stands in Extensions, with the original's id."""
    response = _response(scene, "")
    original, forged = _pair(scene)
    forged.set("ID", original.get("ID", ""))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(forged)
    response.insert(1, extensions)
    response.append(original)
    return _sent(response)


def _forged_sealed_in_extensions(scene: Scene) -> str:
    response = _response(scene, scene.sealed(scene.signed_assertion()))
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(etree.fromstring(scene.sealed(scene.forged_assertion())))
    response.insert(1, extensions)
    return _sent(response)


def _encrypted_in_advice(scene: Scene) -> str:
    """Forged outside; the right one lies inside, encrypted once more."""
    forged = etree.fromstring(scene.forged_assertion())
    sealed = etree.fromstring(scene.sealed(scene.signed_assertion()))
    inside = etree.tostring(_in_advice(sealed, forged)).decode()
    return form_value(scene.answer.response(scene.sealed(inside)))


def _signed_in_advice(scene: Scene) -> str:
    """Both are signed rightly, and each could be meant."""
    inner = scene.signed_assertion()
    outer = scene.answer.but(assertion_id="_outer").assertion()
    both = sub("</saml:Assertion>", f"<saml:Advice>{inner}</saml:Advice></saml:Assertion>")(outer)
    return form_value(scene.answer.response(scene.sealed(signed(both, scene.keys))))


def _response_in_extensions(scene: Scene) -> str:
    response = _forged_response(scene)
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(_signed_response(scene))
    response.insert(1, extensions)
    return _sent(response)


def _renamed(original: etree._Element, forged: etree._Element) -> etree._Element:
    """The forged assertion's names belong to another namespace that looks alike, the original lies inside."""
    text = etree.tostring(forged).decode().replace(SAML, f"{SAML}#")
    return _xsw4(original, etree.fromstring(text))


ATTACKS = (
    Attack(
        "xsw1",
        "XSW1: det rigtige svar inde i underskriften på et falsk",
        "XSW1: the right response inside the signature of a forged one",
        _xsw1,
    ),
    Attack(
        "xsw2",
        "XSW2: det rigtige svar foran underskriften i et falsk",
        "XSW2: the right response before the signature in a forged one",
        _xsw2,
    ),
    Attack(
        "xsw3",
        "XSW3: et falsk udsagn foran det rigtige",
        "XSW3: a forged assertion before the right one",
        _xsw3,
    ),
    Attack(
        "xsw4",
        "XSW4: det rigtige udsagn inde i et falsk",
        "XSW4: the right assertion inside a forged one",
        _plain(_xsw4),
    ),
    Attack(
        "xsw5",
        "XSW5: underskriften flyttet til et falsk udsagn",
        "XSW5: the signature moved to a forged assertion",
        _xsw5,
    ),
    Attack(
        "xsw6",
        "XSW6: det rigtige udsagn inde i underskriften på et falsk",
        "XSW6: the right assertion inside the signature of a forged one",
        _plain(_xsw6),
    ),
    Attack("xsw7", "XSW7: et falsk udsagn i Extensions", "XSW7: a forged assertion in Extensions", _xsw7),
    Attack(
        "xsw8",
        "XSW8: det rigtige udsagn i et Object i underskriften",
        "XSW8: the right assertion in an Object of the signature",
        _plain(_xsw8),
    ),
    Attack("sealed-xsw4", "XSW4 inde i det krypterede", "XSW4 inside what is encrypted", _sealed(_xsw4)),
    Attack("sealed-xsw6", "XSW6 inde i det krypterede", "XSW6 inside what is encrypted", _sealed(_xsw6)),
    Attack("sealed-xsw8", "XSW8 inde i det krypterede", "XSW8 inside what is encrypted", _sealed(_xsw8)),
    Attack(
        "sealed-advice",
        "Det rigtige udsagn i Advice i et falsk",
        "The right assertion in Advice of a forged one",
        _sealed(_in_advice),
    ),
    Attack(
        "sealed-key-info",
        "Det rigtige udsagn i KeyInfo i underskriften",
        "The right assertion in KeyInfo of the signature",
        _sealed(_in_key_info),
    ),
    Attack(
        "sealed-same-id",
        "Falsk og rigtigt udsagn med samme id",
        "A forged and the right assertion with the same id",
        _sealed(_same_id),
    ),
    Attack(
        "sealed-wrapper",
        "Falsk og rigtigt udsagn i en fælles pakke",
        "A forged and the right assertion in one wrapper",
        _sealed(_in_wrapper),
    ),
    Attack(
        "sealed-statements",
        "Falske oplysninger foran de underskrevne i samme udsagn",
        "Forged statements before the signed ones in one assertion",
        _sealed(_signed_statement),
    ),
    Attack(
        "sealed-namespace",
        "Et falsk udsagn i et navnerum, der ligner",
        "A forged assertion in a namespace that looks alike",
        _sealed(_renamed),
    ),
    Attack(
        "sealed-attribute",
        "Det rigtige udsagn i en oplysning i et falsk",
        "The right assertion in an attribute of a forged one",
        _sealed(_in_attribute),
    ),
    Attack(
        "sealed-confirmation",
        "Det rigtige udsagn i SubjectConfirmationData i et falsk",
        "The right assertion in SubjectConfirmationData of a forged one",
        _sealed(_in_confirmation),
    ),
    Attack(
        "sealed-object",
        "Et falsk udsagn i et Object i underskriften på det rigtige",
        "A forged assertion in an Object of the right one's signature",
        _sealed(_forged_in_object),
    ),
    Attack(
        "sealed-spelling",
        "Et falsk udsagn med det rigtiges id, stavet Id",
        "A forged assertion with the right one's id, spelled Id",
        _sealed(_other_spelling),
    ),
    Attack(
        "sealed-encrypted-advice",
        "Det rigtige udsagn krypteret i Advice i et falsk",
        "The right assertion encrypted in Advice of a forged one",
        _encrypted_in_advice,
    ),
    Attack(
        "sealed-signed-advice",
        "Et underskrevet udsagn i Advice i et underskrevet",
        "A signed assertion in Advice of a signed one",
        _signed_in_advice,
    ),
    Attack(
        "response-in-extensions",
        "Det rigtige svar i Extensions i et falsk",
        "The right response in Extensions of a forged one",
        _response_in_extensions,
    ),
    Attack(
        "sealed-in-extensions",
        "Et falsk krypteret udsagn i Extensions",
        "A forged encrypted assertion in Extensions",
        _forged_sealed_in_extensions,
    ),
)
