"""Times as identity providers write them."""

from datetime import UTC, datetime

import pytest

from samtale.oiosaml.instants import instant
from samtale.oiosaml.refusal import Refused

BASE = datetime(2023, 9, 13, 7, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "microseconds"),
    [
        ("2023-09-13T07:10:02Z", 0),
        ("2023-09-13T07:10:02+00:00", 0),
        ("2023-09-13T07:10:02.5Z", 500_000),
        ("2023-09-13T07:10:02.589Z", 589_000),
        ("2023-09-13T07:10:02.5891436Z", 589_143),
        ("2023-09-13T07:10:02.000000999Z", 0),
    ],
)
def test_fractions_of_any_length(value: str, microseconds: int) -> None:
    assert instant(value, step="x") == BASE.replace(microsecond=microseconds)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2023-09-13",
        "2023-09-13 07:10:02Z",
        "2023-09-13T07:10:02",
        "2023-09-13T07:10:02+02:00",
        "2023-13-13T07:10:02Z",
        "2023-02-30T07:10:02Z",
        "2023-09-13T07:10:02.Z",
        "2023-09-13T07:10:02Z\n",
        "\u0662\u0660\u0662\u0663-09-13T07:10:02Z",
    ],
)
def test_anything_else_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        instant(value, step="x")
