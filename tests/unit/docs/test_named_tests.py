"""What the documents say is shown by a test is shown by one that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r"`((?:unit|integration|e2e)/[\w/]+\.py)::(\w+)`")
CLAIMS = sorted(
    {
        (page.relative_to(ROOT).as_posix(), *found)
        for page in (ROOT / "docs").rglob("*.md")
        for found in NAMED.findall(page.read_text(encoding="utf-8"))
    }
)


def test_there_are_such_claims() -> None:
    assert CLAIMS


@pytest.mark.parametrize(("page", "file", "name"), CLAIMS)
def test_a_named_test_exists(page: str, file: str, name: str) -> None:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, page
