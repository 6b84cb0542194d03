"""The assertion is rightly signed, and is not for this service, this request or this time."""

from collections.abc import Callable
from datetime import timedelta

from samtale_testidp.answers import instant
from samtale_testidp.evil.attack import Attack, Scene, changed, sub, twice

_CONFIRMATION = "<saml:SubjectConfirmation .*</saml:SubjectConfirmation>"
_AUDIENCE = "<saml:AudienceRestriction>.*</saml:AudienceRestriction>"
_NAME = "<saml:NameID .*</saml:NameID>"
_STATEMENT = "<saml:AuthnStatement .*</saml:AuthnStatement>"


def _at(pattern: str, minutes: int) -> Callable[[Scene], str]:
    """With the time that many minutes later instead of the one after the pattern."""

    def make(scene: Scene) -> str:
        return scene.send(before_signing=sub(f'({pattern})[^"]*', rf"\g<1>{_time(scene, minutes)}"))

    return make


def _adding(element: str, attribute: str, minutes: int) -> Callable[[Scene], str]:
    """With an attribute that is that time."""

    def make(scene: Scene) -> str:
        more = f'<saml:{element} {attribute}="{_time(scene, minutes)}" '
        return scene.send(before_signing=sub(f"<saml:{element} ", more))

    return make


def _time(scene: Scene, minutes: int) -> str:
    return instant(scene.answer.now + timedelta(minutes=minutes), digits=3)


ATTACKS = (
    changed(
        "assertion-other-issuer",
        "Udsagnets Issuer er en anden udbyder",
        "The assertion's Issuer is another provider",
        before_signing=sub("<saml:Issuer>[^<]*<", "<saml:Issuer>https://evil.example<"),
    ),
    changed(
        "assertion-no-issuer",
        "Udsagnet har ingen Issuer",
        "The assertion has no Issuer",
        before_signing=sub("<saml:Issuer>[^<]*</saml:Issuer>", ""),
    ),
    changed(
        "assertion-no-id",
        "Udsagnet har intet id, som underskriften kan pege på",
        "The assertion has no id that the signature could refer to",
        after_signing=sub(' ID="[^"]*"', ""),
    ),
    changed(
        "assertion-version",
        "Udsagnet er SAML 1.1",
        "The assertion is SAML 1.1",
        before_signing=sub('Version="2.0"', 'Version="1.1"'),
    ),
    Attack(
        "assertion-too-old",
        "Udsagnet er lavet for 6 minutter siden",
        "The assertion was made 6 minutes ago",
        _at('IssueInstant="', -6),
    ),
    Attack(
        "assertion-from-future",
        "Udsagnet er lavet om 6 minutter",
        "The assertion is made in 6 minutes",
        _at('IssueInstant="', 6),
    ),
    changed(
        "other-audience",
        "Audience er en anden tjeneste",
        "Audience is another service",
        before_signing=sub("<saml:Audience>[^<]*<", "<saml:Audience>https://evil.example<"),
    ),
    changed(
        "similar-audience",
        "Audience begynder som tjenestens navn",
        "Audience begins as the service's name",
        before_signing=sub("</saml:Audience>", ".evil.example</saml:Audience>"),
    ),
    changed("no-audience", "Audience mangler", "Audience is missing", before_signing=sub(_AUDIENCE, "")),
    changed(
        "second-audience",
        "To AudienceRestriction, hvoraf den ene er en andens",
        "Two AudienceRestrictions of which one is somebody else's",
        before_signing=sub(
            "<saml:AudienceRestriction>",
            "<saml:AudienceRestriction><saml:Audience>https://evil.example</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction>",
        ),
    ),
    changed(
        "no-conditions",
        "Conditions mangler",
        "Conditions are missing",
        before_signing=sub("<saml:Conditions .*</saml:Conditions>", ""),
    ),
    changed(
        "unknown-condition",
        "En betingelse, ingen kender",
        "A condition that nobody knows",
        before_signing=sub("<saml:AudienceRestriction>", "<saml:Condition/><saml:AudienceRestriction>"),
    ),
    Attack(
        "conditions-not-yet",
        "Gælder først om 6 minutter",
        "Holds only in 6 minutes",
        _at('<saml:Conditions NotBefore="', 6),
    ),
    Attack(
        "conditions-over",
        "Gjaldt indtil for 6 minutter siden",
        "Held until 6 minutes ago",
        _at('<saml:Conditions [^>]*NotOnOrAfter="', -6),
    ),
    changed(
        "conditions-without-end",
        "Gælder for altid",
        "Holds for ever",
        before_signing=sub('(<saml:Conditions [^>]*) NotOnOrAfter="[^"]*"', r"\1"),
    ),
    changed(
        "no-confirmation",
        "SubjectConfirmation mangler",
        "SubjectConfirmation is missing",
        before_signing=sub(_CONFIRMATION, ""),
    ),
    changed(
        "holder-of-key",
        "SubjectConfirmation er ikke bearer",
        "SubjectConfirmation is not bearer",
        before_signing=sub("cm:bearer", "cm:holder-of-key"),
    ),
    changed(
        "other-recipient",
        "Recipient er en anden tjeneste",
        "Recipient is another service",
        before_signing=sub('Recipient="[^"]*"', 'Recipient="https://evil.example/acs"'),
    ),
    changed(
        "similar-recipient",
        "Recipient begynder som tjenestens adresse",
        "Recipient begins as the service's address",
        before_signing=sub('(Recipient="[^"]*)"', r'\1/"'),
    ),
    changed(
        "no-recipient",
        "Recipient mangler",
        "Recipient is missing",
        before_signing=sub(' Recipient="[^"]*"', ""),
    ),
    changed(
        "confirmed-for-other-request",
        "Bekræftet for en andens anmodning",
        "Confirmed for somebody else's request",
        before_signing=sub('InResponseTo="[^"]*"', 'InResponseTo="_somebody_elses"'),
    ),
    changed(
        "confirmed-for-no-request",
        "Bekræftet for ingen anmodning",
        "Confirmed for no request",
        before_signing=sub(' InResponseTo="[^"]*"', ""),
    ),
    Attack(
        "confirmation-over",
        "Bekræftet indtil for 6 minutter siden",
        "Confirmed until 6 minutes ago",
        _at('<saml:SubjectConfirmationData [^>]*NotOnOrAfter="', -6),
    ),
    Attack(
        "confirmation-not-before",
        "Bekræftet fra et tidspunkt af",
        "Confirmed from a time on",
        _adding("SubjectConfirmationData", "NotBefore", 0),
    ),
    changed(
        "confirmation-without-end",
        "Bekræftet for altid",
        "Confirmed for ever",
        before_signing=sub('(<saml:SubjectConfirmationData [^>]*) NotOnOrAfter="[^"]*"', r"\1"),
    ),
    changed(
        "two-subjects", "To personer", "Two subjects", before_signing=twice("<saml:Subject>.*</saml:Subject>")
    ),
    changed("two-names", "To NameID", "Two NameIDs", before_signing=twice(_NAME)),
    changed("no-name", "NameID mangler", "NameID is missing", before_signing=sub(_NAME, "")),
    changed(
        "encrypted-name",
        "NameID er krypteret for sig",
        "NameID is encrypted by itself",
        before_signing=sub(_NAME, "<saml:EncryptedID/>"),
    ),
    changed(
        "no-attributes",
        "Ingen oplysninger",
        "No attributes",
        before_signing=sub("<saml:AttributeStatement>.*</saml:AttributeStatement>", ""),
    ),
    changed(
        "no-statement",
        "Siger ikke, at nogen er logget ind",
        "Does not say that anybody has signed in",
        before_signing=sub(_STATEMENT, ""),
    ),
    changed(
        "two-statements",
        "Siger to gange, at nogen er logget ind",
        "Says twice that somebody has signed in",
        before_signing=twice(_STATEMENT),
    ),
    changed(
        "two-attribute-statements",
        "To lister med oplysninger",
        "Two lists of attributes",
        before_signing=twice("<saml:AttributeStatement>.*</saml:AttributeStatement>"),
    ),
    Attack(
        "session-over",
        "Sessionen hos udbyderen sluttede for 6 minutter siden",
        "The session at the provider ended 6 minutes ago",
        _adding("AuthnStatement", "SessionNotOnOrAfter", -6),
    ),
    changed(
        "entity-inside",
        "En entitet inde i det krypterede",
        "An entity inside what is encrypted",
        after_signing=lambda text: f'<!DOCTYPE x [<!ENTITY e "Anna">]>{text}',
    ),
)
