"""What comes in the form field is no answer at all, or no XML that one should read."""

import base64
import zlib

from samtale_testidp.answers import form_value
from samtale_testidp.evil.attack import Attack, Change, Scene, changed, sub


def _declared(declarations: str, use: Change) -> Change:
    def change(text: str) -> str:
        return f"<!DOCTYPE samlp:Response [{declarations}]>{use(text)}"

    return change


def _padded(scene: Scene) -> str:
    return scene.send(envelope=sub("<samlp:Status>", f"<!-- {'x' * 768 * 1024} --><samlp:Status>"))


def _truncated(scene: Scene) -> str:
    return form_value(base64.b64decode(scene.send()).decode()[:-1])


def _compressed(scene: Scene) -> str:
    return base64.b64encode(zlib.compress(base64.b64decode(scene.send()), wbits=-15)).decode()


_LAUGHS = '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
)
ATTACKS = (
    Attack("empty", "Feltet er tomt", "The field is empty", lambda _: ""),
    Attack("not-base64", "Det er ikke base64", "It is not base64", lambda scene: f"%{scene.send()}"),
    Attack(
        "not-xml", "Det er ikke XML", "It is not XML", lambda _: form_value("Anna Jensen, Aarhus Kommune")
    ),
    Attack(
        "compressed",
        "Svaret er pakket, som det kun er i en adresse",
        "The answer is compressed, as it is in an address only",
        _compressed,
    ),
    changed(
        "nul-character",
        "Et NUL-tegn i XML'en",
        "A NUL character in the XML",
        envelope=sub("</saml:Issuer>", "\0</saml:Issuer>"),
    ),
    changed(
        "deep",
        "30.000 elementer inde i hinanden",
        "30,000 elements inside each other",
        envelope=sub("<samlp:Status>", f"{'<a>' * 30_000}{'</a>' * 30_000}<samlp:Status>"),
    ),
    Attack("cut-off", "XML'en er skåret af", "The XML is cut off", _truncated),
    Attack("oversized", "Svaret er på over 1 MB", "The answer has more than 1 MB", _padded),
    changed(
        "doctype",
        "En dokumenttype (DTD) foran",
        "A document type (DTD) before it",
        envelope=lambda text: f"<!DOCTYPE x>{text}",
    ),
    changed(
        "entity",
        "Afsenderen skrevet som en entitet",
        "The issuer written as an entity",
        envelope=_declared('<!ENTITY x "">', sub("</saml:Issuer>", "&x;</saml:Issuer>")),
    ),
    changed(
        "external-entity",
        "En entitet, der vil læse en fil på serveren",
        "An entity that wants to read a file of the server",
        envelope=_declared(
            '<!ENTITY x SYSTEM "file:///etc/passwd">', sub("</saml:Issuer>", "&x;</saml:Issuer>")
        ),
    ),
    changed(
        "billion-laughs",
        "Entiteter, der bliver til gigabyte",
        "Entities that grow to gigabytes",
        envelope=_declared(_LAUGHS, sub("</saml:Issuer>", "&a9;</saml:Issuer>")),
    ),
)
