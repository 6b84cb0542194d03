import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtale_synapse.limits import TOPIC_NAME_CHARACTERS, TOPIC_STATE_BYTES
from samtale_synapse.topics import check_change, is_name

LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=60)


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
