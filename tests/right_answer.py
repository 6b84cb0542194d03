"""Who asks whom, and about whom, in the tests of SAML answers."""

from datetime import UTC, datetime

from samtale_testidp.answers import Person

IDP = "https://saml.n2adgangsstyring.example/runtime"
SP = "https://saml.os2samtale.example"
ACS = "https://os2samtale.example/adgang/fka/acs/"
NOW = datetime(2026, 11, 24, 9, 30, 0, 589143, tzinfo=UTC)
EID = "https://data.gov.dk/model/core/eid/"
ANNA = Person(
    name_id="C = DK, O = 55133018, CN = Anna Jensen, Serial = 555ed208-2ed1-4739-8d79-119908219311",
    attributes={
        f"{EID}professional/cvr": "55133018",
        f"{EID}professional/orgName": "Aarhus Kommune",
        f"{EID}email": "anna@aarhus.example",
        f"{EID}cprNumber": "0101010101",
        "https://data.gov.dk/model/core/specVersion": "OIO-SAML-3.0",
        "dk:gov:saml:attribute:KombitSpecVer": "2.0",
    },
)
