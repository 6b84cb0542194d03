"""Our keys for the federation: made once, changed in steps, and at no moment missing."""

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from samtale.config import Config, load
from samtale.config_sections import OiosamlSection
from samtale.oiosaml import keys
from samtale.stack import federation, federation_keys
from samtale.stack.federation_keys import KeysError
from samtale.stack.folders import Folders, place
from samtale.stack.privilege import Account, Accounts


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of the real size take a second each."""
    monkeypatch.setattr(federation_keys, "BITS", 2048)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(environment={"SAMTALE_DATA": str(tmp_path / "data")})


@pytest.fixture
def folders(config: Config) -> Folders:
    made = place(config, Accounts(None, None))
    made.make()
    return made


def published(config: Config, folders: Folders) -> dict[str, list[str]]:
    """What the portal is told, by file name."""
    section = federation.with_keys_of_now(federation.fka(config, folders))
    return {
        "signing": [Path(path).name for path in section.signing_keys],
        "encryption": [Path(path).name for path in section.encryption_keys],
    }


def certificate(path: Path) -> str:
    return federation_keys.fingerprint(keys.load(path, None).certificate)


def test_the_first_ones(config: Config, folders: Folders) -> None:
    made = federation_keys.new(config, folders)
    assert [each.path.name for each in made] == ["signing.pem", "encryption.pem"]
    for each in made:
        assert stat.S_IMODE(each.path.stat().st_mode) == 0o600
        assert each.fingerprint == certificate(each.path)
    assert len({each.fingerprint for each in made}) == 2
    assert published(config, folders) == {"signing": ["signing.pem"], "encryption": ["encryption.pem"]}


def test_they_belong_to_the_portals_account(
    config: Config, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only root can do is noted instead of done."""
    given: list[tuple[str, Account | None]] = []
    monkeypatch.setattr(federation_keys, "give", lambda path, account: given.append((path.name, account)))
    portal = Account("portal", 12345, 12345)
    federation_keys.new(config, replace(folders, accounts=Accounts(None, portal)))
    assert set(given) == {("fka", portal), ("signing.pem", portal), ("encryption.pem", portal)}


def test_they_are_never_overwritten(config: Config, folders: Folders) -> None:
    made = federation_keys.new(config, folders)
    before = [each.path.read_bytes() for each in made]
    with pytest.raises(KeysError, match="there are keys already"):
        federation_keys.new(config, folders)
    assert [each.path.read_bytes() for each in made] == before


def test_only_the_one_that_is_missing_is_made(config: Config, folders: Folders) -> None:
    signing, encryption = federation_keys.new(config, folders)
    encryption.path.unlink()
    assert [each.path for each in federation_keys.new(config, folders)] == [encryption.path]
    assert certificate(signing.path) == signing.fingerprint


def test_a_rollover_from_beginning_to_end(config: Config, folders: Folders) -> None:
    old = federation_keys.new(config, folders)
    new = federation_keys.begin_rollover(config, folders)
    assert published(config, folders)["signing"] == ["signing.pem", "signing.next.pem"]
    assert published(config, folders)["encryption"] == ["encryption.pem", "encryption.next.pem"]
    assert [certificate(each.path) for each in old] == [each.fingerprint for each in old]

    switched = federation_keys.switch(config, folders)
    assert [each.fingerprint for each in switched] == [each.fingerprint for each in new]
    assert published(config, folders)["encryption"] == ["encryption.pem", "encryption.previous.pem"]
    for use, before, after in zip(federation_keys.USES, old, new, strict=True):
        files = federation_keys.files(folders, use)
        assert certificate(files.current) == after.fingerprint
        assert certificate(files.previous) == before.fingerprint
        assert stat.S_IMODE(files.current.stat().st_mode) == 0o600

    retired = federation_keys.retire(config, folders)
    assert [each.fingerprint for each in retired] == [each.fingerprint for each in old]
    assert published(config, folders) == {"signing": ["signing.pem"], "encryption": ["encryption.pem"]}


Act = Callable[[Config, Folders], object]
NEW, BEGIN, SWITCH, RETIRE = (
    federation_keys.new,
    federation_keys.begin_rollover,
    federation_keys.switch,
    federation_keys.retire,
)
OUT_OF_TURN: dict[str, tuple[list[Act], Act, str]] = {
    "a rollover of nothing": ([], BEGIN, "fka keys new"),
    "a rollover twice": ([NEW, BEGIN], BEGIN, "rollover --switch"),
    "a rollover before the last one is over": ([NEW, BEGIN, SWITCH], BEGIN, "fka keys retire"),
    "a switch to nothing": ([NEW], SWITCH, "fka keys rollover"),
    "a switch twice": ([NEW, BEGIN, SWITCH], SWITCH, "no next keys"),
    "retiring what is in use": ([NEW], RETIRE, "no old keys"),
    "retiring before the switch": ([NEW, BEGIN], RETIRE, "--switch` comes first"),
}


@pytest.mark.parametrize("name", OUT_OF_TURN)
def test_an_act_out_of_turn_changes_nothing(config: Config, folders: Folders, name: str) -> None:
    before, act, sentence = OUT_OF_TURN[name]
    for each in before:
        each(config, folders)
    kept = {path: path.read_bytes() for path in folders.portal.rglob("*.pem")}
    with pytest.raises(KeysError, match=sentence):
        act(config, folders)
    assert {path: path.read_bytes() for path in folders.portal.rglob("*.pem")} == kept


def test_a_rollover_that_was_cut_short_goes_on(config: Config, folders: Folders) -> None:
    federation_keys.new(config, folders)
    begun = federation_keys.begin_rollover(config, folders)
    begun[1].path.unlink()
    assert [each.path for each in federation_keys.begin_rollover(config, folders)] == [begun[1].path]


def test_keys_that_samtale_toml_names_are_the_operators(config: Config, folders: Folders) -> None:
    own = replace(config.fka, signing_keys=("/etc/os2samtale/signing.p12",))
    half = replace(config, fka=own)
    assert [each.path.name for each in federation_keys.new(half, folders)] == ["encryption.pem"]
    whole = replace(config, fka=replace(own, encryption_keys=("/etc/os2samtale/encryption.p12",)))
    for act in (NEW, BEGIN, SWITCH, RETIRE):
        with pytest.raises(KeysError, match="name files of your own"):
            act(whole, folders)
    assert federation.fka(whole, folders).signing_keys == ("/etc/os2samtale/signing.p12",)


def test_they_are_made_at_the_start_where_somebody_signs_in_with_them(
    config: Config, folders: Folders
) -> None:
    federation.make_keys(config, folders)
    assert federation_keys.missing(config, folders), "nobody signs in like this"
    kommune = OiosamlSection(name="Kommune", metadata="https://idp.example/metadata", cvr=("55133018",))
    named = replace(config, oiosaml={"kommune": kommune})
    federation.make_keys(named, folders)
    assert federation_keys.missing(config, folders) == []
    made = certificate(federation_keys.files(folders, "signing").current)
    federation.make_keys(named, folders)
    assert certificate(federation_keys.files(folders, "signing").current) == made


def test_a_line_in_the_log_for_each_act(folders: Folders) -> None:
    federation_keys.note(folders, "keys made: 12:34")
    federation_keys.note(folders, "keys retired: 12:34")
    lines = (folders.logs / "fka.log").read_text().splitlines()
    assert [line[20:] for line in lines] == ["keys made: 12:34", "keys retired: 12:34"]


def test_the_portal_knows_all_names_from_the_start(config: Config, folders: Folders) -> None:
    federation_keys.new(config, folders)
    named = federation.fka(config, folders)
    federation_keys.begin_rollover(config, folders)
    federation_keys.switch(config, folders)
    federation_keys.retire(config, folders)
    assert federation.fka(config, folders) == named
