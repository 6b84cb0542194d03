import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtale_synapse.limits import TOPIC_NAME_CHARACTERS, TOPIC_STATE_BYTES
from samtale_synapse.topics import check_change, is_name

BLANK = "\u115f\u1160\u2800\u3164\uffa0"
LINE = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], exclude_characters=BLANK),
    min_size=1,
    max_size=60,
)


@given(LINE)
def test_every_trimmed_line_of_sixty_is_a_name(text: str) -> None:
    name = text.strip()
    assert is_name(name) == bool(name)


@given(st.text())
def test_a_name_is_one_trimmed_line_of_at_most_sixty(text: str) -> None:
    if is_name(text):
        assert 1 <= len(text) <= TOPIC_NAME_CHARACTERS
        assert len(text.splitlines()) == 1
        assert text == text.strip()


@given(LINE.map(str.strip).filter(bool), st.booleans())
def test_the_largest_state_fits(name: str, resolved: bool) -> None:
    content: dict[str, object] = {"name": name} | ({"resolved": True} if resolved else {})
    assert check_change(content) is None
    assert len(json.dumps(content, ensure_ascii=False).encode()) <= TOPIC_STATE_BYTES


@pytest.mark.parametrize("value", [None, 7, True, ["x"], {"x": 1}])
def test_only_text_is_a_name(value: object) -> None:
    assert not is_name(value)


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u200d", "\u00ad", *BLANK, "\u200b \u2800"])
def test_a_name_that_shows_nothing_is_none(name: str) -> None:
    assert not is_name(name)
    assert is_name(f"{name}Drift")


@pytest.mark.parametrize("name", ["\u200fFrist", "Fri\u200est", "Frist\u061c"])
def test_a_name_turns_no_direction(name: str) -> None:
    assert not is_name(name)
