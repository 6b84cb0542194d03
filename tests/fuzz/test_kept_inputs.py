"""The inputs that fuzzing found worth keeping, and some changes of each: the same ones in every run."""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from fuzz.changes import changed
from fuzz.targets import KEYS, RIGHT, TARGETS, accept, kept, only_who_was_signed, sealed

from samtale.oiosaml.assurance import Level
from samtale_testidp.answers import signed

CHANGES = 15
#: How the input of a target becomes a form field.
FIELDS: dict[str, Callable[[bytes], str]] = {
    "field": bytes.decode,
    "envelope": lambda data: base64.b64encode(data).decode(),
    "inside": sealed,
    "assertion": lambda data: sealed(signed(data.decode(), KEYS).encode()),
}
INPUTS = [(name, path) for name in TARGETS for path in kept(name)]


def called(each: object) -> str:
    return each.name if isinstance(each, Path) else str(each)


@pytest.mark.parametrize(("target", "path"), INPUTS, ids=called)
def test_nothing_breaks(target: str, path: Path) -> None:
    data = path.read_bytes()
    TARGETS[target](data)
    random = Random(0)
    for _ in range(CHANGES):
        made = changed(data, random)
        if made is not None:
            TARGETS[target](made)


def test_the_right_inputs_are_accepted() -> None:
    right = {name: next(each for each in kept(name) if each.stem == "right").read_bytes() for name in FIELDS}
    assert [accept(FIELDS[name](data)) for name, data in right.items()] == [RIGHT, RIGHT, RIGHT, RIGHT]


def test_an_answer_about_somebody_else_would_be_noticed() -> None:
    """The targets' own judgement, of which a run without findings says nothing."""
    assert RIGHT is not None
    only_who_was_signed(RIGHT)
    only_who_was_signed(None)
    with pytest.raises(AssertionError, match="somebody else"):
        only_who_was_signed(replace(RIGHT, level=Level.HIGH))
