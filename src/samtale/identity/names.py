"""Names of people: what is allowed, how they are found and sorted. Plain Python, no locale of a machine.

PostgreSQL's wheel has no ICU, unaccent or pg_trgm, and Synapse's directory finds neither "soren" nor
"oconnor", so people are found by stored keys made here (docs/en/decisions, "People are found by the portal").
"""

import re
import unicodedata
from collections.abc import Iterator

MAX_LENGTH = 120
#: What names nobody: the platform itself, and what one mentions a whole group by.
RESERVED = {
    "samtale",
    "os2samtale",
    "moderator",
    "moderatorer",
    "moderators",
    "kanal",
    "kanalen",
    "channel",
    "alle",
    "all",
    "everyone",
    "here",
    "room",
    "administrator",
    "system",
}
#: Written as nothing or as a space, though Unicode calls them letters, marks or symbols.
_INVISIBLE = set("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_ZERO_WIDTH_JOINER = "\u200d"
_MARKS_IN_A_ROW = 4
_APOSTROPHES = re.compile("['’‘ʼ´`′]")
_WORD = re.compile(r"[^\W_]+")

#: Letters that no decomposition takes apart, as they are written without them: in words, and bare.
_WRITTEN_OUT = str.maketrans(
    {"å": "aa", "æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "ü": "ue", "œ": "oe", "ß": "ss", "ł": "l"}
    | {"ı": "i", "þ": "th", "ð": "d", "đ": "d", "ħ": "h", "ŋ": "ng"}
)
_BARE = _WRITTEN_OUT | str.maketrans({"å": "a", "ä": "a", "ø": "o", "ö": "o", "ü": "u"})
#: What somebody writes who does not know which of the two it was.
_NEARLY = (
    ("aa", "a"),
    ("ae", "a"),
    ("oe", "o"),
    ("ue", "u"),
    ("ph", "f"),
    ("c", "k"),
    ("w", "v"),
    ("z", "s"),
)
_DOUBLE = re.compile(r"(.)\1")
#: Danish order: aa counts as å, ü as y; æ, ø and å come after z, as the three after it in ASCII do.
_ORDER = str.maketrans(
    {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "œ": "|", "å": "}", "ü": "y", "ß": "ss", "ł": "l"}
    | {"ı": "i", "þ": "th", "ð": "d", "đ": "d", "ħ": "h", "ŋ": "ng"}
)


class NameRefused(ValueError):
    """The name may not be used; ``reason`` is a code: empty, too_long, reserved, mark."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def cleaned(name: str) -> str:
    """The name as it is kept: NFC, spaces trimmed and folded, nothing in it that one cannot see.

    Raises:
        NameRefused: ``empty`` (no letter is left), ``too_long``, ``reserved`` (the platform's own account or
            a group mention), ``mark`` (ends in parentheses, which is how a guest is told from a member).
    """
    text = " ".join("".join(_visible(unicodedata.normalize("NFC", name))).split())
    if not any(unicodedata.category(ch).startswith("L") for ch in text):
        raise NameRefused("empty")
    if len(text) > MAX_LENGTH:
        raise NameRefused("too_long")
    if unicodedata.normalize("NFKC", text).endswith((")", "]", "}", "⟩", "❩")):
        raise NameRefused("mark")
    if " ".join(_WORD.findall(_folded(text))) in RESERVED:
        raise NameRefused("reserved")
    return text


def without_mark(name: str) -> str:
    """The name without what stands in parentheses at its end, for names that come from an authority."""
    return re.sub(r"\s*[(\[{（［｛][^()\[\]{}（）［］｛｝]*[)\]}）］｝]\s*$", "", name)


def search_key(name: str, *, email: str = "") -> str:
    """What a name is found by: each word in several spellings, and the words of the mail domain.

    Every word stands after a space, so ``LIKE '% jens%'`` finds words that begin so. Words after ``~`` are
    near spellings, looked at only when nothing else is found.
    """
    domain = email.rpartition("@")[2].rpartition(".")[0]
    exact: list[str] = []
    near: list[str] = []
    for word in [*_words(name), *_words(domain)]:
        for spelling in _spellings(word):
            exact.append(spelling)
            near.append(f"~{_near(spelling)}")
    return f" {' '.join(dict.fromkeys(exact + near))} "


def query_words(query: str) -> list[list[str]]:
    """The words of a query, each in the spellings that may stand in a search key."""
    return [_spellings(word, found=False) for word in _query_words(query)]


def near_query_words(query: str) -> list[list[str]]:
    """As `query_words`, for a second try with near spellings."""
    return [list(dict.fromkeys(f"~{_near(one)}" for one in _spellings(word))) for word in _query_words(query)]


def sort_key(name: str) -> str:
    """What names are sorted by, compared byte by byte: Danish order, whatever the case and the accents.

    The name itself comes last, so that two that sort alike keep one order.
    """
    words = _WORD.findall(_APOSTROPHES.sub("", _folded(name)).replace("aa", "å"))
    ordered = " ".join(_without_accents(word).translate(_ORDER) for word in words)
    return f"{ordered} \x1f{name}"[:400]


def _visible(text: str) -> Iterator[str]:
    marks = 0
    for position, ch in enumerate(text):
        kind = unicodedata.category(ch)
        marks = marks + 1 if kind == "Mn" else 0
        if ch.isspace():
            yield " "
        elif ch in _INVISIBLE or kind in ("Cc", "Cs", "Co") or marks > _MARKS_IN_A_ROW:
            continue
        elif kind == "Cf":
            if ch == _ZERO_WIDTH_JOINER and _joins_emoji(text, position):
                yield ch
        else:
            yield ch


def _joins_emoji(text: str, position: int) -> bool:
    before = text[:position].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")[-1:]
    after = text[position + 1 : position + 2]
    return all(ch and unicodedata.category(ch) == "So" for ch in (before, after))


def _folded(text: str) -> str:
    """Lower case; İ, which lower case takes apart, becomes a plain i."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).replace("İ", "i").casefold())


def _without_accents(text: str) -> str:
    """Accents taken off, save from what is a letter of its own in Danish, Swedish or German."""
    return "".join(
        ch
        if ch in "åäöü"
        else "".join(c for c in unicodedata.normalize("NFD", ch) if unicodedata.category(c) != "Mn")
        for ch in text
    )


def _words(text: str) -> list[str]:
    """The words as one may look for them: O'Connor is oconnor, and also connor."""
    folded = _folded(text)
    joined = _WORD.findall(_APOSTROPHES.sub("", folded))
    return list(dict.fromkeys([*joined, *_WORD.findall(folded)]))


def _query_words(query: str) -> list[str]:
    return _WORD.findall(_APOSTROPHES.sub("", _folded(query)))


def _spellings(word: str, *, found: bool = True) -> list[str]:
    """One word in its spellings: Åkjær is aakjaer and akjaer. A name with aa is also found by one a."""
    written_out = _without_accents(word).translate(_WRITTEN_OUT)
    bare = _without_accents(word).translate(_BARE)
    spellings = [written_out, bare]
    if found:
        spellings.append(bare.replace("aa", "a"))
    return list(dict.fromkeys(spellings))


def _near(word: str) -> str:
    for written, heard in _NEARLY:
        word = word.replace(written, heard)
    return _DOUBLE.sub(r"\1", word)
