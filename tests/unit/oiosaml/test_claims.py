"""Attributes, versions and levels of assurance: what is taken, what is dropped, what is refused."""

import pytest

from samtale.oiosaml import assurance, claims
from samtale.oiosaml.assurance import Level
from samtale.oiosaml.claims import Claims
from samtale.oiosaml.refusal import Refused

CVR = ("https://data.gov.dk/model/core/eid/professional/cvr", ("55133018",))
OLD_CVR = ("dk:gov:saml:attribute:CvrNumberIdentifier", ("55133018",))
CONTEXT = "https://data.gov.dk/concept/core/nsis/loa/"


def test_what_context_handler_sends_is_taken() -> None:
    sent = [
        CVR,
        ("https://data.gov.dk/concept/core/nsis/loa", ("Substantial",)),
        ("https://data.gov.dk/model/core/eid/email", (" anna@aarhus.dk ",)),
        ("https://data.gov.dk/model/core/specVersion", ("OIO-SAML-3.0",)),
        ("dk:gov:saml:attribute:KombitSpecVer", ("2.0",)),
        ("https://data.gov.dk/model/core/eid/professional/orgName", ("Aarhus Kommune",)),
        ("https://data.gov.dk/model/core/eid/privilegesIntermediate", ("PD94bWw+",)),
    ]
    assert claims.read(sent) == Claims(
        cvr="55133018",
        organisation="Aarhus Kommune",
        email="anna@aarhus.dk",
        nsis_level="Substantial",
        spec_version="OIO-SAML-3.0",
        kombit_version="2.0",
        privileges="PD94bWw+",
    )


def test_the_older_names_are_understood() -> None:
    sent = [
        OLD_CVR,
        ("dk:gov:saml:attribute:AssuranceLevel", ("3",)),
        ("dk:gov:saml:attribute:SpecVer", ("DK-SAML-2.0",)),
        ("dk:gov:saml:attribute:Privileges_intermediate", ("PD94bWw+",)),
        ("urn:oid:0.9.2342.19200300.100.1.3", ("anna@aarhus.dk",)),
    ]
    found = claims.read(sent)
    assert (found.assurance_level, found.spec_version, found.privileges) == ("3", "DK-SAML-2.0", "PD94bWw+")
    assert found.email == "anna@aarhus.dk"


def test_a_cpr_number_is_dropped() -> None:
    found = claims.read(
        [
            CVR,
            ("https://data.gov.dk/model/core/eid/cprNumber", ("0101010101",)),
            ("dk:gov:saml:attribute:CprNumberIdentifier", ("0101010101",)),
        ]
    )
    assert "0101010101" not in repr(found)


def test_both_vocabularies_that_agree_are_one() -> None:
    assert claims.read([CVR, OLD_CVR]).cvr == "55133018"


@pytest.mark.parametrize(
    "sent",
    [
        [],
        [(CVR[0], ())],
        [(CVR[0], ("  ",))],
        [(CVR[0], ("5513301",))],
        [(CVR[0], ("DK55133018",))],
        [CVR, (OLD_CVR[0], ("29190623",))],
        [(CVR[0], ("55133018", "29190623"))],
        [CVR, ("https://data.gov.dk/concept/core/nsis/loa", ("Low", "High"))],
    ],
)
def test_two_truths_or_none_are_refused(sent: list[tuple[str, tuple[str, ...]]]) -> None:
    with pytest.raises(Refused) as refused:
        claims.read(sent)
    assert refused.value.step == "attributes"


def test_of_several_addresses_the_first_holds() -> None:
    sent = [CVR, ("https://data.gov.dk/model/core/eid/email", ("a@aarhus.dk", "b@aarhus.dk"))]
    assert claims.read(sent).email == "a@aarhus.dk"


@pytest.mark.parametrize(
    ("spec", "kombits", "kombit", "step"),
    [
        ("OIO-SAML-3.0", "2.0", True, None),
        ("OIO-SAML-3.0", None, False, None),
        ("DK-SAML-2.0", "1.0", True, None),
        (None, "2.0", True, "specVersion"),
        ("OIO-SAML-4.0", "2.0", True, "specVersion"),
        ("OIO-SAML-3.0", None, True, "KombitSpecVer"),
        ("OIO-SAML-3.0", "3.0", True, "KombitSpecVer"),
    ],
)
def test_versions(spec: str | None, kombits: str | None, kombit: bool, step: str | None) -> None:
    sent = Claims(cvr="55133018", spec_version=spec, kombit_version=kombits)
    if step is None:
        claims.check_versions(sent, kombit=kombit)
        return
    with pytest.raises(Refused) as refused:
        claims.check_versions(sent, kombit=kombit)
    assert refused.value.step == step


@pytest.mark.parametrize(
    ("attribute", "context", "old", "accept_old", "found"),
    [
        ("Low", None, None, False, Level.LOW),
        ("Substantial", None, None, False, Level.SUBSTANTIAL),
        ("High", CONTEXT + "High", None, False, Level.HIGH),
        (None, CONTEXT + "Substantial", None, False, Level.SUBSTANTIAL),
        ("High", CONTEXT + "Low", None, False, Level.LOW),
        ("Low", CONTEXT + "High", None, False, Level.LOW),
        ("Low", None, "4", True, Level.LOW),
        (None, "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "1", True, Level.LOW),
        (None, None, "2", True, Level.LOW),
        (None, None, "3", True, Level.SUBSTANTIAL),
        (None, None, "4", True, Level.HIGH),
    ],
)
def test_the_level_that_is_stated(
    attribute: str | None, context: str | None, old: str | None, accept_old: bool, found: Level
) -> None:
    assert assurance.level(attribute=attribute, context=context, old=old, accept_old=accept_old) is found


@pytest.mark.parametrize(
    ("attribute", "context", "old", "accept_old"),
    [
        (None, None, None, True),
        (None, None, "4", False),
        (None, None, "5", True),
        (None, "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", None, True),
        ("high", None, None, False),
        (CONTEXT + "High", None, None, False),
        (None, CONTEXT + "Highest", None, False),
    ],
)
def test_a_level_that_nobody_stated_is_refused(
    attribute: str | None, context: str | None, old: str | None, accept_old: bool
) -> None:
    with pytest.raises(Refused):
        assurance.level(attribute=attribute, context=context, old=old, accept_old=accept_old)


@pytest.mark.parametrize("stated", Level)
@pytest.mark.parametrize("least", Level)
def test_a_level_is_enough_from_the_demanded_one_on(stated: Level, least: Level) -> None:
    if stated >= least:
        assurance.demand(stated, least)
        return
    with pytest.raises(Refused):
        assurance.demand(stated, least)
