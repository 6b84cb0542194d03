"""Which claims make somebody of whom: what is missing, empty or for a foreign organisation gives nothing."""

from dataclasses import replace

import pytest

from samtale.config_sections import BrokerSection, OidcSection
from samtale.lifecycle import authority, broker
from samtale.oiosaml.refusal import Refused

REGION, OTHER, FOREIGN = "29190925", "29190623", "55133018"
UUID = "c57a0d29-3e71-4b5c-9c07-5e2f0c1f6a01"
ONE = OidcSection(name="Region Midtjylland", issuer="x", client_id="c", secret_file="s", cvr=(REGION,))
SEVERAL = replace(ONE, cvr=(REGION, OTHER), cvr_claim="cvr")
SAID: dict[str, object] = {"sub": "carla", "name": "Carla Holt", "email": "carla.holt@rm.dk", "cvr": REGION}
BROKER = BrokerSection(name="OS2", issuer="x", client_id="c", secret_file="s", cvr=(FOREIGN,))
PASSED_ON: dict[str, object] = {
    "sub": "of-keycloak",
    "cvr": FOREIGN,
    "uuid": UUID,
    "loa": "Substantial",
    "name": "Anna Jensen",
    "email": "anna.jensen@aarhus.dk",
    "organisation": "Aarhus Kommune",
}


def test_one_organisation_needs_no_claim() -> None:
    found = authority.arrival("region", ONE, {"sub": "carla", "name": "Carla Holt"})
    assert found is not None
    assert (found.source, found.uid, found.organisation) == (
        "region",
        f"{REGION}:carla",
        "Region Midtjylland",
    )
    assert (found.name, found.email, found.member, found.administrator) == ("Carla Holt", None, True, False)
    assert found.products == frozenset()


def test_with_several_the_claim_says_which() -> None:
    found = authority.arrival("regions", SEVERAL, {**SAID, "cvr": OTHER})
    assert found is not None
    assert (found.cvr, found.organisation) == (OTHER, None)


@pytest.mark.parametrize(
    "cvr", [None, "", "  ", FOREIGN, int(REGION), [REGION], [REGION, OTHER], f"{REGION}0"]
)
def test_an_organisation_that_it_may_not_speak_for(cvr: object) -> None:
    with pytest.raises(Refused):
        authority.arrival("regions", SEVERAL, {**SAID, "cvr": cvr})


def test_the_claim_is_looked_at_also_when_there_is_one_organisation() -> None:
    with pytest.raises(Refused):
        authority.arrival("region", replace(ONE, cvr_claim="cvr"), {**SAID, "cvr": FOREIGN})


@pytest.mark.parametrize("subject", [None, "", " ", 7, ["carla"], "a" * 181, "car\nla", True])
def test_nobody_without_a_subject(subject: object) -> None:
    for claim in ("sub", "oid"):
        with pytest.raises(Refused):
            authority.arrival("region", replace(ONE, subject=claim), {**SAID, "sub": "x", claim: subject})


def test_subjects_are_compared_character_by_character() -> None:
    keys = set()
    for subject in ("carla", "Carla", " carla", "carla "):
        found = authority.arrival("region", ONE, {**SAID, "sub": subject})
        assert found is not None
        keys.add(found.uid)
    assert len(keys) == 4


def test_entra_names_people_by_oid() -> None:
    found = authority.arrival("region", replace(ONE, subject="oid"), {**SAID, "oid": UUID})
    assert found is not None
    assert found.subject == UUID


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_missing_name_is_no_name(name: object) -> None:
    found = authority.arrival("region", ONE, {**SAID, "name": name})
    assert found is not None
    assert found.name == ""


@pytest.mark.parametrize(
    ("changed", "email"),
    [
        ({}, "carla.holt@rm.dk"),
        ({"email": None}, None),
        ({"email": ""}, None),
        ({"email_verified": False}, None),
        ({"email_verified": "false"}, None),
        ({"email_verified": True}, "carla.holt@rm.dk"),
    ],
)
def test_an_address_counts_unless_its_provider_doubts_it(
    changed: dict[str, object], email: str | None
) -> None:
    found = authority.arrival("region", ONE, {**SAID, **changed})
    assert found is not None
    assert found.email == email


@pytest.mark.parametrize(
    ("roles", "comes_in"),
    [
        (["samtale", "x"], True),
        ("samtale", True),
        ([], False),
        (["samtale2"], False),
        ("samtale x", False),
    ],
)
def test_the_role_that_is_asked_for(roles: object, comes_in: bool) -> None:
    section = replace(ONE, role_claim="roles", member_role="samtale")
    assert (authority.arrival("region", section, {**SAID, "roles": roles}) is not None) is comes_in


@pytest.mark.parametrize("roles", [7, {"samtale": True}, [["samtale"]]])
def test_roles_that_are_none(roles: object) -> None:
    with pytest.raises(Refused):
        authority.arrival("region", replace(ONE, role_claim="r", member_role="samtale"), {**SAID, "r": roles})


def test_without_the_claim_nobody_has_the_role() -> None:
    section = replace(ONE, role_claim="roles", member_role="samtale")
    assert authority.arrival("region", section, SAID) is None


def test_what_a_broker_passes_on() -> None:
    found, given = broker.arrival("os2", BROKER, PASSED_ON)
    assert (found.source, found.uid) == ("os2", f"{FOREIGN}:{UUID}")
    assert (found.name, found.organisation) == ("Anna Jensen", "Aarhus Kommune")
    assert (found.member, found.administrator, found.products) == (False, False, frozenset())
    assert given.left_out == ()


def test_one_person_has_one_key_however_it_is_written() -> None:
    shouted, _ = broker.arrival("os2", BROKER, {**PASSED_ON, "uuid": f"{{{UUID.upper()}}}"})
    assert shouted.subject == UUID


@pytest.mark.parametrize("claim", ["cvr", "uuid", "loa"])
@pytest.mark.parametrize("value", [None, "", " ", 7, ["x"], {}])
def test_without_one_of_them_a_broker_says_nothing(claim: str, value: object) -> None:
    with pytest.raises(Refused):
        broker.arrival("os2", BROKER, {**PASSED_ON, claim: value})
    with pytest.raises(Refused):
        broker.arrival("os2", BROKER, {name: said for name, said in PASSED_ON.items() if name != claim})


@pytest.mark.parametrize(
    "changed",
    [
        {"cvr": REGION},
        {"cvr": "5513301"},
        {"cvr": "٥٥١٣٣٠١٨"},
        {"uuid": "anna"},
        {"loa": "Low"},
        {"loa": "substantial"},
        {"loa": "https://data.gov.dk/concept/core/nsis/loa/Low"},
        {"loa": "https://evil.example/Substantial"},
        {"privileges": "no base64"},
        {"privileges": ["administrator"]},
    ],
)
def test_what_a_broker_may_not_say(changed: dict[str, object]) -> None:
    with pytest.raises(Refused):
        broker.arrival("os2", BROKER, {**PASSED_ON, **changed})


@pytest.mark.parametrize("level", ["High", "https://data.gov.dk/concept/core/nsis/loa/Substantial"])
def test_levels_that_are_enough(level: str) -> None:
    broker.arrival("os2", BROKER, {**PASSED_ON, "loa": level})


def test_any_organisation_where_that_is_allowed_but_still_one() -> None:
    anybody = replace(BROKER, cvr="any")
    assert broker.arrival("os2", anybody, {**PASSED_ON, "cvr": REGION})[0].cvr == REGION
    with pytest.raises(Refused):
        broker.arrival("os2", anybody, {**PASSED_ON, "cvr": "any"})
