"""XML from outside can do nothing while it is read, and what is read is what was signed."""

from pathlib import Path

import pytest

from samtale.oiosaml import documents
from samtale.oiosaml.refusal import Refused

DOCTYPE = "it has a document type declaration"


def refused(data: bytes, *, limit: int = 100_000) -> str:
    with pytest.raises(Refused) as told:
        documents.parse(data, step="x", limit=limit)
    assert told.value.step == "x"
    return told.value.reason


def test_entities_are_not_read(tmp_path: Path) -> None:
    assert refused(b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>') == DOCTYPE
    file = tmp_path / "secret"
    file.write_text("no < XML")
    assert refused(f'<!DOCTYPE a [<!ENTITY b SYSTEM "{file.as_uri()}">]><a>&b;</a>'.encode()) == DOCTYPE


def test_entities_that_would_fill_the_memory_are_refused() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    refused(f'<!DOCTYPE a [<!ENTITY e0 "{"x" * 10}">{layers}]><a>&e9;</a>'.encode())


def test_a_document_type_is_not_fetched(tmp_path: Path) -> None:
    dtd = tmp_path / "a.dtd"
    dtd.write_text("<!ELEMENT a")
    assert refused(f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a/>'.encode()) == DOCTYPE


def test_what_is_too_deep_is_refused() -> None:
    assert refused(b"<a>" * 2000 + b"</a>" * 2000) == "it is not well-formed XML"


def test_text_is_whole_and_comments_are_gone() -> None:
    root = documents.parse(b"<a> anna<?x y?>@aarhus.dk<!-- -->.evil.example </a>", step="x", limit=1000)
    assert documents.text_of(root) == "anna@aarhus.dk.evil.example"


def test_size_is_looked_at_first() -> None:
    assert documents.parse(b"<a/>", step="x", limit=4).tag == "a"
    assert refused(b"<a/>", limit=3) == "4 bytes, at most 3 are read"
    assert refused(b"<" * 1001, limit=1000) == "1001 bytes, at most 1000 are read"
