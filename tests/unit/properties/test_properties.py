"""What must hold for whatever anybody types, with made-up input: a little here, much in `make test-long`."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import strategies as made_up
from properties import AT_LENGTH, BRIEFLY, hold, name_of

from samtale.communities.file import Desired, FileRefused, parse
from samtale.identity import names
from samtale_synapse.topics import check_change, is_name

TEXT = made_up.text(max_size=140)
JSON = made_up.recursive(
    made_up.none() | made_up.booleans() | made_up.integers() | made_up.text(max_size=70),
    lambda inner: made_up.lists(inner, max_size=4) | made_up.dictionaries(made_up.text(max_size=12), inner),
    max_leaves=12,
)
WORDS = made_up.sampled_from(
    ["communities", "templates", "rules", "slug", "name", "kind", "open", "channels", "os2x", "æ", "", "true"]
)
YAML = made_up.recursive(
    WORDS | made_up.none() | made_up.integers(),
    lambda inner: made_up.lists(inner, max_size=4) | made_up.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)


def a_name_is_kept_once_cleaned(text: str) -> None:
    try:
        kept = names.cleaned(text)
    except names.NameRefused:
        return
    assert names.cleaned(kept) == kept
    assert 0 < len(kept) <= names.MAX_LENGTH
    assert kept == unicodedata.normalize("NFC", kept).strip()
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(character) for character in kept}


def it_does_not_matter_how_accents_are_typed(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert names.query_words(text) == names.query_words(apart)


def a_file_is_read_or_refused_with_a_line(content: Any) -> None:
    text = yaml.safe_dump(content, allow_unicode=True)
    try:
        outcome: Desired | FileRefused = parse(text, "file.yaml")
    except FileRefused as refused:
        outcome = refused
    assert isinstance(outcome, Desired) or str(outcome).startswith("file.yaml")


def a_topic_change_is_judged_and_never_breaks_the_judge(content: Any) -> None:
    if isinstance(content, dict) and check_change(content) is None:
        assert set(content) <= {"name", "resolved"}
        assert "name" not in content or is_name(content["name"])


PROPERTIES = [
    (a_name_is_kept_once_cleaned, TEXT),
    (it_does_not_matter_how_accents_are_typed, TEXT),
    (a_file_is_read_or_refused_with_a_line, YAML),
    (a_topic_change_is_judged_and_never_breaks_the_judge, JSON),
]


@pytest.mark.parametrize(("rule", "values"), PROPERTIES, ids=name_of)
def test_property(rule: Callable[[Any], None], values: made_up.SearchStrategy[Any]) -> None:
    hold(rule, values, BRIEFLY)


@pytest.mark.long
@pytest.mark.parametrize(("rule", "values"), PROPERTIES, ids=name_of)
def test_property_at_length(rule: Callable[[Any], None], values: made_up.SearchStrategy[Any]) -> None:
    hold(rule, values, AT_LENGTH)
