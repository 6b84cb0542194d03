"""Names shown, typed and found: the hard cases, row by row."""

import unicodedata

import pytest

from samtale.identity import names

ROSENSTJERNE = "Anne-Margrethe Christine Elisabeth Vibeke von Rosenstjerne-Løvenskjold-Brockenhuus"

KEPT_AS_WRITTEN = [
    "Søren Ærø Åkjær",
    "Bjørn Ø. Müller-Ås",
    "Liam O'Connor",
    "Liam O’Connor",
    "Peter Jensen",
    "Ida Nguyễn",
    "Egon",
    "Bo",
    ROSENSTJERNE,
    "Aa Å",
    "Jens Åge Jensen",
    "Jens Aage Jensen",
    "Åse Villadsen",
    "Þórunn Jónsdóttir",
    "Yusuf Yılmaz",
    "Łukasz Żak",
    "Zofia Wójcik",
    "王小明",
    "Мария Петрова",
    "محمد علي",
    "ANNA JENSEN",
    "Anna Jensen, Serial=1234",
    "Anna <b>Jensen</b>",
    "Anna Jensen 🌻",
    "Anna 👩‍👩‍👧 Jensen",
    "Ann (Anna) Jensen",
]

CLEANED = [
    ("  Anna   Jensen ", "Anna Jensen"),
    ("Anna\tJensen\n", "Anna Jensen"),
    ("Anna\u00a0Jensen", "Anna Jensen"),
    (unicodedata.normalize("NFD", "Ida Nguyễn"), "Ida Nguyễn"),
    ("Anna\u202eJensen", "AnnaJensen"),
    ("Anna\u200b Jensen", "Anna Jensen"),
    ("Anna\u200d Jensen", "Anna Jensen"),
    ("\ufeffAnna Jensen\x00", "Anna Jensen"),
    ("Anna\u2066 Jensen\u2069", "Anna Jensen"),
    ("Anna\u3164Jensen", "AnnaJensen"),
    ("A" + "\u0335" * 40 + "nna", "A" + "\u0335" * 4 + "nna"),
]

REFUSED = [
    ("", "empty"),
    ("   ", "empty"),
    ("\u200b", "empty"),
    ("🌻", "empty"),
    ("1234", "empty"),
    ("a" * 121, "too_long"),
    ("Anna Jensen (gæst, OS2)", "mark"),
    ("Dorthe Holm (medlem)", "mark"),
    ("Anna Jensen （gæst）", "mark"),
    ("Anna Jensen [gæst]", "mark"),
    ("Anna Jensen (gæst, OS2)\u200b", "mark"),
    ("@samtale", "reserved"),
    ("Samtale", "reserved"),
    ("SAMTALE", "reserved"),
    ("sam\u200btale", "reserved"),
    ("Ｓamtale", "reserved"),
    ("moderatorer", "reserved"),
    ("kanal", "reserved"),
    ("@Kanal!", "reserved"),
]


@pytest.mark.parametrize("name", KEPT_AS_WRITTEN)
def test_a_name_is_kept_as_it_is_written(name: str) -> None:
    assert names.cleaned(name) == name


@pytest.mark.parametrize(("written", "kept"), CLEANED)
def test_what_one_cannot_see_is_taken_out(written: str, kept: str) -> None:
    assert names.cleaned(written) == kept


@pytest.mark.parametrize(("name", "reason"), REFUSED)
def test_a_name_that_misleads_is_refused(name: str, reason: str) -> None:
    with pytest.raises(names.NameRefused) as refused:
        names.cleaned(name)
    assert refused.value.reason == reason


def test_the_longest_name_has_120_characters() -> None:
    assert len(names.cleaned("å" * 120)) == 120


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Anna Jensen (AAK)", "Anna Jensen"),
        ("Anna Jensen （gæst）", "Anna Jensen"),
        ("Ann (Anna) Jensen", "Ann (Anna) Jensen"),
    ],
)
def test_an_authoritys_mark_can_be_taken_off(written: str, kept: str) -> None:
    assert names.without_mark(written) == kept
    assert names.cleaned(names.without_mark(written)) == kept


IN_DANISH_ORDER = [
    "anders And",
    "ANNA Jensen",
    "Anna Jensen 🌻",
    "Anna-Lise Dam",
    "Bjørn Ø. Müller-Ås",
    "Egon",
    "Łukasz Żak",
    "Müge Ak",
    "Mylle Ak",
    "Zofia Wójcik",
    "Ægir Thorsen",
    "Ærlig Bo",
    "Øjvind Hald",
    "Aase Bøgh",
    "Åse Villadsen",
    "Мария Петрова",
    "王小明",
]


def test_names_sort_as_in_a_danish_register() -> None:
    shuffled = sorted(IN_DANISH_ORDER, key=hash)
    assert sorted(shuffled, key=names.sort_key) == IN_DANISH_ORDER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Åse Villadsen", "Aase Villadsen"),
        ("ANNA JENSEN", "Anna Jensen"),
        ("Liam O'Connor", "Liam O’Connor"),
        ("José Ruiz", "Jose Ruiz"),
    ],
)
def test_two_spellings_sort_alike(one: str, other: str) -> None:
    assert names.sort_key(one).partition("\x1f")[0] == names.sort_key(other).partition("\x1f")[0]


def test_a_sort_key_always_fits_its_column() -> None:
    assert len(names.sort_key("\ufdfa" * 120)) <= 400
