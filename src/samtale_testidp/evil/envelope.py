"""The Response around the assertion is wrong, or holds something else than one encrypted assertion."""

from collections.abc import Callable
from datetime import timedelta

from samtale_testidp.answers import PLACE, form_value, instant, signed
from samtale_testidp.evil.attack import Attack, Earlier, Scene, changed, sub, twice

_ENCRYPTED = "<saml:EncryptedAssertion.*</saml:EncryptedAssertion>"


def _made(minutes: int) -> Callable[[Scene], str]:
    """IssueInstant that many minutes later; the first one is the Response's own."""

    def make(scene: Scene) -> str:
        then = instant(scene.answer.now + timedelta(minutes=minutes), digits=7)
        return scene.send(envelope=sub('IssueInstant="[^"]*"', f'IssueInstant="{then}"'))

    return make


def _plain(scene: Scene) -> str:
    return form_value(scene.answer.response(scene.signed_assertion()))


def _only_response_signed(scene: Scene) -> str:
    response = scene.answer.response(scene.sealed(scene.answer.assertion().replace(PLACE, "")))
    return form_value(signed(sub("</saml:Issuer>", f"</saml:Issuer>{PLACE}")(response), scene.keys))


def _in_status(scene: Scene) -> str:
    detail = f"<samlp:StatusDetail>{scene.forged_assertion()}</samlp:StatusDetail></samlp:Status>"
    return scene.send(envelope=lambda text: text.replace("</samlp:Status>", detail))


def _two_people(scene: Scene) -> str:
    return scene.send(envelope=sub(f"({_ENCRYPTED})", scene.sealed(scene.forged_assertion()) + r"\1"))


def _encrypted_twice(scene: Scene) -> str:
    return form_value(scene.answer.response(scene.sealed(scene.sealed(scene.signed_assertion()))))


def _earlier(scene: Scene) -> Earlier:
    if scene.earlier is None:
        raise ValueError("nobody has signed in yet")
    return scene.earlier


def _used_again(scene: Scene) -> str:
    return scene.send(scene.answer.but(assertion_id=_earlier(scene).assertion_id))


ATTACKS = (
    changed(
        "other-destination",
        "Destination er en anden tjeneste",
        "Destination is another service",
        envelope=sub('Destination="[^"]*"', 'Destination="https://evil.example/acs"'),
    ),
    changed(
        "similar-destination",
        "Destination begynder som tjenestens adresse",
        "Destination begins as the service's address",
        envelope=sub('(Destination="[^"]*)"', r'\1/"'),
    ),
    changed(
        "no-destination",
        "Destination mangler",
        "Destination is missing",
        envelope=sub(' Destination="[^"]*"', ""),
    ),
    changed(
        "other-issuer",
        "Issuer er en anden udbyder",
        "Issuer is another provider",
        envelope=sub("<saml:Issuer>[^<]*<", "<saml:Issuer>https://evil.example<"),
    ),
    changed(
        "no-issuer",
        "Issuer mangler",
        "Issuer is missing",
        envelope=sub("<saml:Issuer>[^<]*</saml:Issuer>", ""),
    ),
    changed(
        "issuer-format",
        "Issuer er skrevet som en e-mailadresse",
        "Issuer is written as an e-mail address",
        envelope=sub(
            "<saml:Issuer>",
            '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">',
        ),
    ),
    changed(
        "other-request",
        "InResponseTo er en andens anmodning",
        "InResponseTo is somebody else's request",
        envelope=sub('InResponseTo="[^"]*"', 'InResponseTo="_somebody_elses"'),
    ),
    changed(
        "no-request",
        "InResponseTo mangler: ingen har spurgt",
        "InResponseTo is missing: nobody has asked",
        envelope=sub(' InResponseTo="[^"]*"', ""),
    ),
    Attack("response-too-old", "Svaret er 6 minutter gammelt", "The response is 6 minutes old", _made(-6)),
    Attack(
        "response-from-future", "Svaret er fra om 6 minutter", "The response is from in 6 minutes", _made(6)
    ),
    changed(
        "response-without-time",
        "Svaret siger ikke, hvornår det er lavet",
        "The response does not say when it was made",
        envelope=sub(' IssueInstant="[^"]*"', ""),
    ),
    changed(
        "response-version",
        "Svaret er SAML 1.1",
        "The response is SAML 1.1",
        envelope=sub('Version="2.0"', 'Version="1.1"'),
    ),
    changed(
        "other-message",
        "Et svar om at logge ud i stedet",
        "An answer about logging out instead",
        envelope=lambda text: text.replace("samlp:Response", "samlp:LogoutResponse"),
    ),
    changed(
        "no-status",
        "Status mangler",
        "Status is missing",
        envelope=sub("<samlp:Status>.*</samlp:Status>", ""),
    ),
    changed(
        "two-statuses",
        "Status står der to gange",
        "Status is there twice",
        envelope=twice("<samlp:Status>.*</samlp:Status>"),
    ),
    changed(
        "status-without-code",
        "Status uden kode",
        "Status without a code",
        envelope=sub("<samlp:StatusCode[^>]*>", ""),
    ),
    changed("no-assertion", "Intet udsagn", "No assertion", envelope=sub(_ENCRYPTED, "")),
    Attack("plain", "Udsagnet er ikke krypteret", "The assertion is not encrypted", _plain),
    changed(
        "plain-beside",
        "Et ukrypteret udsagn ved siden af det krypterede",
        "A plain assertion beside the encrypted one",
        envelope=sub("</samlp:Response>", "<saml:Assertion/></samlp:Response>"),
    ),
    changed(
        "plain-in-extensions",
        "Et ukrypteret udsagn i Extensions",
        "A plain assertion in Extensions",
        envelope=sub(
            "<samlp:Status>", "<samlp:Extensions><saml:Assertion/></samlp:Extensions><samlp:Status>"
        ),
    ),
    Attack(
        "plain-in-status",
        "Et ukrypteret udsagn i StatusDetail",
        "A plain assertion in StatusDetail",
        _in_status,
    ),
    changed(
        "same-assertion-twice",
        "Det samme krypterede udsagn to gange",
        "The same encrypted assertion twice",
        envelope=twice(_ENCRYPTED),
    ),
    Attack(
        "two-assertions",
        "Et falsk krypteret udsagn foran det rigtige",
        "A forged encrypted assertion before the right one",
        _two_people,
    ),
    changed(
        "encrypted-in-extensions",
        "Det krypterede udsagn ligger i Extensions",
        "The encrypted assertion lies in Extensions",
        envelope=sub(f"({_ENCRYPTED})", r"<samlp:Extensions>\1</samlp:Extensions>"),
    ),
    Attack(
        "encrypted-in-encrypted",
        "Et krypteret udsagn inde i et krypteret",
        "An encrypted assertion inside an encrypted one",
        _encrypted_twice,
    ),
    Attack(
        "only-response-signed",
        "Kun svaret er underskrevet, ikke udsagnet",
        "Only the response is signed, not the assertion",
        _only_response_signed,
    ),
    Attack(
        "replay",
        "Det forrige svar sendt igen",
        "The previous answer sent again",
        lambda scene: _earlier(scene).saml_response,
        needs_earlier=True,
    ),
    Attack(
        "used-assertion",
        "Et nyt svar med et udsagn, der er brugt før",
        "A new response with an assertion that was used before",
        _used_again,
        needs_earlier=True,
    ),
)
