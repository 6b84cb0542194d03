"""What signatures need of the libxmlsec that is loaded."""

import pytest

from samtale.oiosaml import signatures


def test_the_wheel_is_new_enough() -> None:
    signatures.check_library()


def test_an_older_one_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures.xmlsec, "get_libxmlsec_version", lambda: (1, 2, 37))
    with pytest.raises(RuntimeError, match=r"libxmlsec 1\.2\.37 is too old: install the wheel"):
        signatures.check_library()
