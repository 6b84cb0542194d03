"""`samtale fka` on a platform that runs, and its self-test beside it."""

import json
from typing import Any

import httpx
import pytest
from lxml import etree
from platform_under_test import Platform

from samtale.oiosaml import metadata_rules
from samtale.stack import federation_keys
from samtale_testidp import evil
from samtale_testidp.people import EMPLOYEES


def published(platform: Platform) -> dict[str, list[str]]:
    """SHA-256 of the certificates that the world sees."""
    root = etree.fromstring(httpx.get(f"{platform.url}/adgang/saml/metadata").content)
    return {
        use: [federation_keys.fingerprint(one) for one in metadata_rules.certificates(root, use)]
        for use in federation_keys.USES
    }


def is_shown(platform: Platform, wanted: dict[str, list[str]]) -> bool:
    """By each of the portal's processes, which take turns at random."""
    return all(published(platform) == wanted for _ in range(20))


def types(platform: Platform, *arguments: str) -> str:
    done = platform.samtale("fka", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fingerprints(said: str) -> list[str]:
    return [line.rpartition(" ")[2] for line in said.splitlines() if ", certificate " in line]


@pytest.fixture(scope="module")
def selftest(platform: Platform) -> list[dict[str, Any]]:
    """While the platform runs: neither disturbs the other."""
    done = platform.samtale("fka", "selftest", "--json")
    assert done.stdout, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert done.returncode == (0 if all(each["good"] for each in found) else 1)
    return found


def test_every_answer_comes_as_it_must(selftest: list[dict[str, Any]]) -> None:
    assert [each for each in selftest if not each["good"]] == []
    names = [each["name"] for each in selftest]
    assert names == [
        *(employee.slug for employee in EMPLOYEES),
        "AuthnFailed",
        "RequestDenied",
        "NoPassive",
        *(attack.slug for attack in evil.ATTACKS),
    ]


def test_who_comes_in_gets_what_they_may(selftest: list[dict[str, Any]]) -> None:
    got = {each["name"]: each["got"] for each in selftest}
    assert got["anna"] == got["line"] == "signed in"
    assert got["bo"] == "signed in, moderates os2display"
    assert got["bo-uden-rollen"] == "signed in"
    assert got["freja"] == "signed in, administrator"
    assert got["inger"] == "kept out"
    assert got["AuthnFailed"] == "nobody signed in"


def test_each_refusal_names_its_step(selftest: list[dict[str, Any]]) -> None:
    steps = {each["name"]: each["step"] for each in selftest if each["expected"] == "refused"}
    assert all(steps.values())
    assert (steps["mallory"], steps["lars"]) == ("NameID", "level of assurance")
    assert steps["used-assertion"] == "replay"


def test_the_selftest_left_nobody_in_the_real_database(
    platform: Platform, selftest: list[dict[str, Any]]
) -> None:
    approvals = json.loads(types(platform, "approvals", "--json"))
    assert {each["by"] for each in approvals} <= {
        "the operator",
        None,
        *(one.name for one in platform.people),
    }
    assert "selvtest" not in platform.portal("oiosaml_metadata")


def test_a_rollover_while_people_sign_in(platform: Platform) -> None:
    before = published(platform)
    begun = types(platform, "keys", "rollover")
    assert "The portal uses this from now on." in begun
    new = dict(zip(federation_keys.USES, fingerprints(begun), strict=True))
    assert is_shown(platform, {use: [*before[use], new[use]] for use in before})
    types(platform, "keys", "rollover", "--switch")
    assert is_shown(platform, {use: [new[use], *before[use]] for use in before})
    types(platform, "keys", "retire")
    assert is_shown(platform, {use: [new[use]] for use in before})


def test_check_sees_the_same_keys_at_the_public_address(platform: Platform) -> None:
    done = platform.samtale("fka", "check", "--json")
    found = {each["what"]: each["verdict"] for each in json.loads(done.stdout)}
    assert found["published"] == found["our metadata"] == found["provider proeve"] == "good"


def test_an_approval_at_the_command_line(platform: Platform) -> None:
    """(Ballerup, os2display) is approved for nobody in the demo."""
    assert "approved for Ballerup Kommune" in types(platform, "approve", "58271713", "os2display")
    wrong = platform.samtale("fka", "approve", "58271713", "os2diplay")
    assert wrong.returncode == 1
    assert "there is no community 'os2diplay'" in wrong.stderr
    assert "withdrawn" in types(platform, "approve", "58271713", "os2display", "--withdraw")
