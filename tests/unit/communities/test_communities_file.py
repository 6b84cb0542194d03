"""The file that says what should be: what is taken, and what each mistake is told as."""

from pathlib import Path

import pytest

from samtale.communities.file import FileRefused, parse, read
from samtale.communities.hue import HUES, hue_of

GOOD = """\
templates:
  product:
    channels:
      - {slug: generelt, name: Generelt, kind: open, default: true}
communities:
  - slug: os2display
    name: OS2display
    template: product
    channels: [{slug: koordination, name: Koordinationsgruppe, kind: closed}]
    moderators: [Bo.Ek@aarhus.dk]
rules:
  - when: {organisation.kind: [municipality]}
    join: [os2display]
  - when: {privilege: moderator}
    role: {moderator: constraint.produkt}
"""


def test_a_community_has_its_templates_channels_first() -> None:
    [community] = parse(GOOD, "f").communities
    assert [(c.slug, c.kind, c.default) for c in community.channels] == [
        ("generelt", "open", True),
        ("koordination", "closed", False),
    ]
    assert [pointer.email for pointer in community.moderators] == ["bo.ek@aarhus.dk"]
    assert community.hue == hue_of("os2display")


def test_rules_are_read() -> None:
    joins, privilege = parse(GOOD, "f").rules
    assert joins.when() == {"organisation.kind": ["municipality"]}
    assert joins.give() == {"join": ["os2display"]}
    assert privilege.when() == {"privilege": "moderator"}
    assert privilege.give() == {"role": {"moderator": "constraint.produkt"}}


def test_the_demos_file_is_good() -> None:
    from samtale.demo.material import COMMUNITIES

    desired = read(COMMUNITIES)
    assert len(desired.communities) == 36
    assert sum(len(community.channels) for community in desired.communities) == 186


@pytest.mark.parametrize(
    ("was", "becomes", "line", "said"),
    [
        ("slug: os2display", "slog: os2display", 6, "unknown key 'slog'; known are slug, name"),
        ("slug: os2display", "slug: OS2display", 6, "must be of a-z, 0-9 and single hyphens"),
        ("slug: os2display", "slug: os2--display", 6, "single hyphens"),
        ("    name: OS2display\n", "", 6, "name is missing"),
        ("    name: OS2display\n", "    name: [a, b]\n", 7, "must be one line of 1 to 80 characters"),
        ("name: OS2display", f"name: {'x' * 81}", 7, "1 to 80"),
        ("template: product", "template: produkt", 8, "no template 'produkt'; there are product"),
        ("kind: closed", "kind: secret", 9, "kind must be one of open, closed, announcement, got 'secret'"),
        ("kind: closed", "kind: closed, default: maybe", 9, "default must be true or false"),
        ("kind: closed", "kind: closed, default: true", 9, "a closed channel cannot be default"),
        ("kind: closed", "kind: closed, topic_level: 20", 9, "topic_level must be one of 0, 50"),
        ("slug: koordination", "slug: generelt", 9, "its template has it already"),
        ("[Bo.Ek@aarhus.dk]", "[bo]", 10, "must hold e-mail addresses, got 'bo'"),
        ("[Bo.Ek@aarhus.dk]", "[bo@x.dk, BO@x.dk]", 10, "bo@x.dk: is in the file twice"),
        ("[Bo.Ek@aarhus.dk]", "{a: b}", 10, "moderators must be a list"),
        ("template: product", "template: product\n    hue: pink", 9, "hue must be one of rav"),
        ("template: product", "template: product\n    homepage: http://x.dk", 9, "must begin with https://"),
        ("template: product", "template: product\n    name: To", 9, "name is given twice"),
        ("[municipality]", "[by]", 12, "organisation.kind must be of municipality"),
        ("join: [os2display]", "join: [os2mo]", 13, "names the community 'os2mo'"),
        ("    join: [os2display]\n", "", 12, "goes with join"),
        ("privilege: moderator", "privilege: king", 14, "privilege must be one of moderator"),
        ("constraint.produkt", "produkt", 15, "must be constraint.NAME"),
        ("rules:", "rulez:", 11, "unknown key 'rulez'"),
        ("communities:\n", "communities: []\nold:\n", 1, "communities is missing or empty"),
        ("  - slug: os2display", "  - os2display\n  - slug: os2display", 6, "must be a mapping"),
        ("templates:", "templates: [", 1, "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_what_is_allowed(
    was: str, becomes: str, line: int, said: str
) -> None:
    assert was in GOOD
    with pytest.raises(FileRefused) as refused:
        parse(GOOD.replace(was, becomes, 1), "communities.yaml")
    told = [text for text in str(refused.value).splitlines() if said in text]
    assert told, str(refused.value)
    if said != "is not YAML":
        assert told[0].startswith(f"communities.yaml:{line}: ")


def test_the_same_slug_twice_names_both_lines() -> None:
    twice = GOOD.replace("rules:", "  - {slug: os2display, name: Igen}\nrules:")
    with pytest.raises(
        FileRefused, match=r"f:11: community os2display: is in the file twice, first in line 6"
    ):
        parse(twice, "f")


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    bad = GOOD.replace("kind: open", "kind: x").replace("[os2display]", "[nowhere]")
    with pytest.raises(FileRefused) as refused:
        parse(bad, "f")
    lines = [complaint.line for complaint in refused.value.complaints]
    assert lines == sorted(lines)
    assert len(lines) == 2


@pytest.mark.parametrize("content", [b"", b"- a\n", b"\xff\xfe"])
def test_a_file_that_is_no_such_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "c.yaml"
    file.write_bytes(content)
    with pytest.raises(FileRefused, match=r"c\.yaml:1: "):
        read(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="cannot be read"):
        read(tmp_path / "none.yaml")


def test_a_hue_is_always_the_same_for_a_slug() -> None:
    assert hue_of("os2display") == hue_of("os2display")
    assert {hue_of(f"os2-{n}") for n in range(200)} == set(HUES)
