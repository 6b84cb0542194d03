"""Each sentence of the app exists in English, and the compiled catalogue is that of its source."""

import ast
import gettext
import re
from pathlib import Path

import samtale.matrixauth

APP = Path(samtale.matrixauth.__file__).parent
FOLDER = APP / "locale" / "en" / "LC_MESSAGES"


def source() -> dict[str, str]:
    """msgid to msgstr, as written in django.po."""
    found: dict[str, str] = {}
    for block in FOLDER.joinpath("django.po").read_text(encoding="utf-8").split("\n\n"):
        match = re.search(r'^msgid ((?:".*"\n?)+)msgstr ((?:".*"\n?)+)', block, flags=re.M)
        assert match, block
        msgid, msgstr = (
            "".join(ast.literal_eval(line) for line in part.strip().splitlines()) for part in match.groups()
        )
        found[msgid] = msgstr
    return found


def sentences() -> set[str]:
    """What templates and views say, as Django looks it up."""
    found: set[str] = set()
    for module in APP.rglob("*.py"):
        found |= set(re.findall(r'\b_\("([^"]+)"\)', module.read_text(encoding="utf-8")))
    for template in APP.rglob("templates/**/*.*"):
        text = template.read_text(encoding="utf-8")
        found |= set(re.findall(r'{% translate "([^"]+)" %}', text))
        for said in re.findall(r"{% blocktranslate [^%]*?%}(.*?){% endblocktranslate %}", text):
            found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", said))
    return found


def test_each_sentence_exists_in_english_and_none_too_many() -> None:
    assert set(source()) - {""} == sentences()
    assert all(source().values())


def test_the_compiled_catalogue_is_up_to_date() -> None:
    with FOLDER.joinpath("django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    for msgid, msgstr in source().items():
        assert catalogue.gettext(msgid) == msgstr


def test_a_translation_names_the_same_values() -> None:
    for msgid, msgstr in source().items():
        assert set(re.findall(r"%\(\w+\)s", msgid)) == set(re.findall(r"%\(\w+\)s", msgstr)), msgid
