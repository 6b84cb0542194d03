"""Danish is what the sources say; English must be complete, and compiled as it is written."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

import samtale

SOURCE = Path(samtale.__file__).parent
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
CATALOGUES = sorted(SOURCE.glob("*/locale/en/LC_MESSAGES/django.po"))


def said_in(path: Path) -> Iterator[str]:
    """Every text of a source file that is to be translated."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text if path.suffix == ".py" else _calls_only(text))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def _calls_only(template: str) -> str:
    calls = re.findall(
        r"""(?:gettext|ngettext|_)\((?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"|[^()])*\)""",
        templatize(template),
    )
    return "\n".join(calls)


def entries(po: Path) -> dict[str | tuple[str, int], str]:
    """The catalogue as gettext keeps it in memory: plural forms under (text, number)."""
    found: dict[str | tuple[str, int], str] = {}
    for block in po.read_text(encoding="utf-8").split("\n\n"):
        fields = {
            name: "".join(ast.literal_eval(line) for line in lines.strip().splitlines())
            for name, lines in re.findall(r'^(msg\w+(?:\[\d\])?) ((?:".*"\s*)+)', block, re.MULTILINE)
        }
        if "msgid_plural" in fields:
            found |= {(fields["msgid"], n): fields[f"msgstr[{n}]"] for n in (0, 1)}
        elif "msgid" in fields:
            found[fields["msgid"]] = fields["msgstr"]
    return found


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parents[3].name)
def test_the_compiled_catalogue_is_the_written_one(po: Path) -> None:
    assert "fuzzy" not in po.read_text(encoding="utf-8")
    with po.with_suffix(".mo").open("rb") as compiled:
        in_memory = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    assert in_memory == entries(po)


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parents[3].name)
def test_every_danish_sentence_has_its_english(po: Path) -> None:
    known = {key if isinstance(key, str) else key[0] for key, english in entries(po).items() if english}
    app = po.parents[3]
    sources = [*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt"), *app.rglob("*.svg")]
    said = {(path.name, text) for path in sources for text in said_in(path)}
    assert said
    assert {(name, text) for name, text in said if text not in known} == set()


def test_no_part_that_speaks_is_without_a_catalogue() -> None:
    speaking = {path.relative_to(SOURCE).parts[0] for path in SOURCE.rglob("*.py") for _ in said_in(path)}
    assert speaking <= {po.parents[3].name for po in CATALOGUES}
