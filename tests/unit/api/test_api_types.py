"""The client's types are made from the shapes."""

import pytest

from samtale.portal.api import typescript


def test_the_clients_file_is_what_the_shapes_say() -> None:
    """When this fails: ``python -m samtale.portal.api.typescript``."""
    assert typescript.FILE.read_text(encoding="utf-8") == typescript.text()


@pytest.mark.parametrize("hint", [dict[str, str], bytes, tuple[str, ...]])
def test_what_has_no_type_there_is_refused(hint: object) -> None:
    with pytest.raises(TypeError):
        typescript._type(hint)


def test_null_is_said() -> None:
    assert "  organisation: Organisation | null\n" in typescript.text()
    assert "  moderates: string[]\n" in typescript.text()
