"""What may be imported where, beyond what import-linter can say."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[3] / "src"


def imported(package: str) -> set[str]:
    found: set[str] = set()
    for file in sorted((SRC / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
    return found


def test_of_synapse_the_module_knows_the_module_api() -> None:
    of_synapse = {name for name in imported("samtale_synapse") if name.split(".")[0] == "synapse"}
    assert of_synapse == {"synapse.module_api", "synapse.module_api.errors"}


@pytest.mark.parametrize("package", ["samtale_synapse", "samtale/homeserver"])
def test_neither_knows_django(package: str) -> None:
    assert not {name for name in imported(package) if name.split(".")[0] == "django"}


def test_one_place_acts_as_a_person() -> None:
    """The parameter of the application service API that names whom one acts as."""
    naming = {
        file.name
        for file in (SRC / "samtale").rglob("*.py")
        if any(
            isinstance(node, ast.Call)
            and any(
                keyword.arg == "query" and "user_id" in ast.dump(keyword.value) for keyword in node.keywords
            )
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        )
    }
    assert naming == {"acting_as.py"}
