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
    # A skin tone stands between two that are joined.
    "Anna 👩🏽\u200d💻 Jensen",
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
    ("An\ud800na", "Anna"),
    ("An\ue000na", "Anna"),
    # Only what is joined to an emoji is joined.
    ("👩X\u200d💻 Anna", "👩X💻 Anna"),
    ("\u0335" * 6 + "Anna", "\u0335" * 4 + "Anna"),
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
    ("Anna Jensen {gæst}", "mark"),
    ("Anna Jensen ⟨gæst⟩", "mark"),
    ("Anna Jensen ❨gæst❩", "mark"),
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
    assert refused.value.reason == str(refused.value) == reason


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
        ("Liam O'Connor", "Liam OConnor"),
        ("İnci Ak", "Inci Ak"),
    ],
)
def test_two_spellings_sort_alike(one: str, other: str) -> None:
    assert names.sort_key(one).partition("\x1f")[0] == names.sort_key(other).partition("\x1f")[0]


def test_what_a_sort_key_is() -> None:
    assert names.sort_key("Åse Bo") == "}se bo \x1fÅse Bo"
    # Korean syllables come apart into letters, which are no accents.
    assert names.sort_key("김") == unicodedata.normalize("NFD", "김") + " \x1f김"


@pytest.mark.parametrize(
    ("name", "email", "key"),
    [
        ("Anna", "", " anna ~ana "),
        ("Anna", "anna", " anna ~ana "),
        (
            "Søren Ærø Åkjær",
            "soeren.aakjaer@Aarhus.Kommune.dk",
            " soeren soren aeroe aero aakjaer akjaer aarhus arhus kommune ~soren ~aro ~akjar ~arhus ~komune ",
        ),
        ("Liam O'Connor", "", " liam oconnor o connor ~liam ~okonor ~o ~konor "),
        ("Jens Aage Ruß", "x@y@os2.eu", " jens aage age russ os2 ~jens ~age ~rus ~os2 "),
        ("İnci", "", " inci ~inki "),
    ],
)
def test_what_a_name_is_found_by(name: str, email: str, key: str) -> None:
    assert names.search_key(name, email=email) == key


def test_a_query_is_words_in_their_spellings() -> None:
    assert names.query_words("søren O’Connor, Aage") == [["soeren", "soren"], ["oconnor"], ["aage"]]
    assert names.query_words(" ") == []


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Aage", [["~age"]]),
        ("Åge", [["~age"]]),
        ("Bær Müller", [["~bar"], ["~muler"]]),
        ("Jørg", [["~jorg"]]),
        ("Philip", [["~filip"]]),
        ("Christian", [["~khristian"]]),
        ("Wilhelm Zofia", [["~vilhelm"], ["~sofia"]]),
    ],
)
def test_a_second_try_takes_what_sounds_alike(typed: str, near: list[list[str]]) -> None:
    assert names.near_query_words(typed) == near
    assert f" {near[0][0]} " in names.search_key(typed)


def test_a_sort_key_always_fits_its_column() -> None:
    assert len(names.sort_key("\ufdfa" * 120)) <= 400
