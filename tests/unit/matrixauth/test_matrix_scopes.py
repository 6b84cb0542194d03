"""Exactly one device, the API, and nothing that is not for everybody."""

import pytest

from samtale.matrixauth.scopes import PORTAL_API, ScopeRefused, parse

API = "urn:matrix:client:api:*"
DEVICE = "urn:matrix:client:device:ABCDEFGHIJ"


@pytest.mark.parametrize(
    "asked",
    [
        f"{API} {DEVICE}",
        "urn:matrix:org.matrix.msc2967.client:api:* urn:matrix:org.matrix.msc2967.client:device:ABCDEFGHIJ",
        f"{DEVICE} {API} {DEVICE}",
        # Both spellings of one device are still one device.
        f"{API} {DEVICE} urn:matrix:org.matrix.msc2967.client:device:ABCDEFGHIJ",
    ],
)
def test_both_spellings_are_read_and_the_stable_one_is_told_to_synapse(asked: str) -> None:
    parsed = parse(asked.split())
    assert parsed.device_id == "ABCDEFGHIJ"
    assert parsed.stable == f"{API} {DEVICE}"


def test_the_portals_api_is_kept() -> None:
    assert parse([API, DEVICE, PORTAL_API]).stable == f"{API} {DEVICE} {PORTAL_API}"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("", "api"),
        (API, "exactly one"),
        (DEVICE, "api"),
        (f"{API} {DEVICE} urn:matrix:client:device:KLMNOPQRST", "exactly one"),
        (f"{API} urn:matrix:client:device:SHORT", "10 to 255"),
        (f"{API} urn:matrix:client:device:{'A' * 256}", "10 to 255"),
        (f"{API} urn:matrix:client:device:ABCDE/FGHIJ", "10 to 255"),
        (f"{API} urn:matrix:client:device:ABCDEFGHIÆ", "10 to 255"),
        (f"{API} {DEVICE} openid", "unknown"),
        (f"{API} {DEVICE} urn:synapse:admin:*", "unknown"),
        (f"{API} {DEVICE} urn:matrix:client:API:*", "unknown"),
    ],
)
def test_anything_else_is_refused(asked: str, why: str) -> None:
    with pytest.raises(ScopeRefused, match=why):
        parse(asked.split())
