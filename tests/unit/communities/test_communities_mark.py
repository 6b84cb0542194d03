"""How a community's name is set, as the web client does it."""

import pytest

from samtale.communities.mark import letters, name_parts


@pytest.mark.parametrize(
    ("name", "parts", "mark"),
    [
        ("OS2display", ("OS2", "display"), "di"),
        ("OS2borgerPC", ("OS2", "borgerPC"), "bo"),
        ("OS2 fælles", ("OS2", " fælles"), "os"),
        ("OS2", ("", "OS2"), "os"),
        ("Ærø", ("", "Ærø"), "ær"),
        ("K", ("", "K"), "k"),
    ],
)
def test_the_part_that_differs_and_the_two_letters(name: str, parts: tuple[str, str], mark: str) -> None:
    assert name_parts(name) == parts
    assert letters(name) == mark
