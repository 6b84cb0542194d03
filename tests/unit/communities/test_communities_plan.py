"""What would change, and what may not be done."""

from dataclasses import replace

from samtale.communities.file import Desired, parse
from samtale.communities.plan import Change, ChannelNow, CommunityNow, Now, plan, refusals

FILE = """\
communities:
  - slug: os2mo
    name: OS2mo
    hue: hav
    channels:
      - {slug: generelt, name: Generelt, kind: open, default: true}
      - {slug: lukket, name: Lukket, kind: closed}
    moderators: [bo@x.dk]
"""


def desired(text: str = FILE) -> Desired:
    return parse(text, "f")


def now() -> Now:
    return Now(
        communities=(
            CommunityNow(
                slug="os2mo",
                name="OS2mo",
                summary="",
                homepage="",
                hue="hav",
                archived=False,
                order=0,
                channels=(
                    ChannelNow("generelt", "Generelt", "open", True, 0, False, 0),
                    ChannelNow("lukket", "Lukket", "closed", False, 0, False, 1),
                ),
                pointers=frozenset({"bo@x.dk"}),
            ),
        )
    )


def test_nothing_to_do_is_an_empty_plan() -> None:
    assert plan(desired(), now()) == ()


def test_an_empty_database_gets_all() -> None:
    assert plan(desired(), Now()) == (
        Change("add", "os2mo", "OS2mo"),
        Change("add", "os2mo/generelt", "Generelt"),
        Change("add", "os2mo/lukket", "Lukket"),
        Change("add", "os2mo", "moderator bo@x.dk"),
    )


def test_a_new_name_is_a_change() -> None:
    assert plan(desired(FILE.replace("name: Generelt", "name: Alment")), now()) == (
        Change("change", "os2mo/generelt", "name: Generelt → Alment"),
    )


def test_who_leaves_the_file_is_no_longer_moderator() -> None:
    assert plan(desired(FILE.replace("bo@x.dk", "anna@x.dk")), now()) == (
        Change("add", "os2mo", "moderator anna@x.dk"),
        Change("change", "os2mo", "no longer moderator: bo@x.dk"),
    )


def test_a_channel_that_leaves_the_file_is_archived_and_refused_without_being_asked_for() -> None:
    file = desired(FILE.replace("      - {slug: lukket, name: Lukket, kind: closed}\n", ""))
    assert plan(file, now()) == (Change("archive", "os2mo/lukket", "Lukket"),)
    [complaint] = refusals(file, now(), archive=False)
    assert (complaint.line, "os2mo/lukket is not in the file any more" in complaint.what) == (2, True)
    assert refusals(file, now(), archive=True) == []


def test_a_closed_channel_is_not_opened() -> None:
    [complaint] = refusals(desired(FILE.replace("kind: closed", "kind: open")), now(), archive=True)
    assert complaint.line == 7
    assert "cannot go from closed to open" in complaint.what


def test_an_open_channel_may_become_one_for_announcements() -> None:
    file = desired(FILE.replace("kind: open", "kind: announcement"))
    assert refusals(file, now(), archive=False) == []
    assert plan(file, now())[0].detail == "kind: open → announcement"


def test_what_was_archived_comes_back() -> None:
    [community] = now().communities
    gone = replace(community, archived=True)
    assert plan(desired(), Now((gone,))) == (Change("change", "os2mo", "out of the archive"),)


def test_what_is_archived_already_is_not_archived_again() -> None:
    [community] = now().communities
    old = replace(community, slug="os2old", archived=True)
    assert plan(desired(), Now((community, old))) == ()
