"""`samtale fka`, as one types it."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from federation import make_keys, write_key
from lxml import etree
from right_answer import ACS, ANNA, IDP, NOW, SP
from typer.testing import CliRunner

from samtale.cli.application import app
from samtale.config import load
from samtale.oiosaml import keys
from samtale.stack import federation_keys, federation_selftest, platform, privilege
from samtale.stack.folders import Folders
from samtale.stack.privilege import Accounts
from samtale_testidp.answers import Answer, encrypted, form_value, signed

MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"


class Site:
    """A data folder in which nothing runs, and its operator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "samtale.toml"
        self.write('[portal]\nhostname = "chat.os2.example"\n[proxy]\nexternal = true\n')

    def write(self, toml: str) -> None:
        self.file.write_text(f'data = "{self.folder / "data"}"\n{toml}')

    @property
    def folders(self) -> Folders:
        return platform.locate(load(self.file, environment={}))

    def types(self, *arguments: str, answers: str = "") -> Result:
        return CliRunner().invoke(
            app, ["fka", *arguments, "--config", str(self.file)], input=answers, env={"COLUMNS": "200"}
        )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(federation_keys, "BITS", 2048)
    # Root's data would lie in a folder for all installations of this machine.
    monkeypatch.setattr(privilege, "choose", lambda: Accounts(None, None))
    return Site(tmp_path)


def test_keys_from_the_first_to_the_last(site: Site) -> None:
    made = site.types("keys", "new")
    assert made.exit_code == 0, made.output
    assert "signing.pem" in made.output
    begun = site.types("keys", "rollover")
    assert "both are published" in begun.output.lower()
    assert "samtale fka keys rollover --switch" in begun.output
    assert "KOMBIT must read our metadata again" in begun.output
    switched = site.types("keys", "rollover", "--switch")
    assert "samtale fka keys retire" in switched.output
    assert site.types("keys", "retire").exit_code == 0
    log = (site.folders.logs / "fka.log").read_text().splitlines()
    assert [line.split()[3] for line in log] == ["made:", "rollover_begun:", "switched:", "retired:"]
    for said in (made.output, begun.output, switched.output, "\n".join(log)):
        assert "PRIVATE KEY" not in said


def test_an_act_out_of_turn_says_what_comes_first(site: Site) -> None:
    answer = site.types("keys", "rollover")
    assert answer.exit_code == 1
    assert "`samtale fka keys new` makes them" in answer.output


def test_keys_of_the_operators_own_are_left_alone(site: Site, tmp_path: Path) -> None:
    for name in ("s.pem", "e.pem"):
        write_key(tmp_path / name, make_keys(name))
    site.write('[fka]\nsigning_keys = ["s.pem"]\nencryption_keys = ["e.pem"]\n')
    for act in (["new"], ["rollover"], ["rollover", "--switch"], ["retire"]):
        answer = site.types("keys", *act)
        assert answer.exit_code == 1
        assert "signing: samtale.toml names s.pem, which are yours to change." in answer.output
        assert "name files of your own" in answer.output


def test_metadata_without_a_running_platform(site: Site, tmp_path: Path) -> None:
    assert "`samtale fka keys new` makes our keys" in site.types("metadata").output
    site.types("keys", "new")
    site.types("keys", "rollover")
    answer = site.types("metadata", "--out", str(tmp_path / "sp.xml"))
    assert answer.exit_code == 0, answer.output
    written = etree.parse(tmp_path / "sp.xml").getroot()
    assert written.get("entityID") == "https://chat.os2.example"
    assert [one.get("use") for one in written.iter(f"{MD}KeyDescriptor")] == [
        "signing",
        "signing",
        "encryption",
        "encryption",
    ]
    printed = etree.fromstring(site.types("metadata").output.strip().encode())
    # The id and with it the signature are new each time.
    assert [one.text for one in printed.iterfind(f"{MD}SPSSODescriptor//{DS}X509Certificate")] == [
        one.text for one in written.iterfind(f"{MD}SPSSODescriptor//{DS}X509Certificate")
    ]
    assert site.types("metadata", "--out", "/nowhere/sp.xml").exit_code == 1


def test_check_says_what_is_wrong_and_what_to_do(site: Site) -> None:
    answer = site.types("check", "--json")
    assert answer.exit_code == 1
    found = {each["what"]: each for each in json.loads(answer.output)}
    assert found["signing key"]["verdict"] == "bad"
    assert "samtale fka keys new" in found["signing key"]["advice"]
    assert found["our metadata"]["verdict"] == "bad"
    site.types("keys", "new")
    answer = site.types("check", "--json")
    found = {each["what"]: each for each in json.loads(answer.output)}
    assert found["our metadata"]["verdict"] == "good"
    assert found["signing key, kind"]["verdict"] == "warning"
    assert found["published"]["verdict"] == "warning", "nothing runs"
    assert found["providers"]["verdict"] == "warning"
    assert answer.exit_code == (1 if found["clock"]["verdict"] == "bad" else 0)
    assert "KOMBIT will refuse it" in site.types("check").output


@pytest.mark.parametrize("command", [["approve", "55133018", "os2display"], ["approvals"]])
def test_what_asks_the_database_needs_the_platform(site: Site, command: list[str]) -> None:
    answer = site.types(*command)
    assert answer.exit_code == 1
    assert "nothing runs" in answer.output


def test_the_selftest_says_what_is_missing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation_selftest, "_NEEDED", ("samtale_testidp", "nothing_of_this_name"))
    answer = site.types("selftest")
    assert answer.exit_code == 1
    assert "has installed the extra demo" in answer.output


@pytest.fixture
def answer_file(site: Site, tmp_path: Path, answer: Answer) -> Path:
    """What a browser carried to us."""
    site.types("keys", "new")
    own = keys.load(federation_keys.files(site.folders, "encryption").current, None)
    box = encrypted(signed(answer.assertion(), make_keys("idp")), own.private.public_key())
    file = tmp_path / "answer.txt"
    file.write_text(form_value(answer.response(box)))
    return file


@pytest.fixture
def answer() -> Answer:
    return Answer(issuer=IDP, recipient=ACS, audience=SP, request_id="_r", person=ANNA, now=NOW)


def test_a_real_answer_is_shown_before_it_is_kept(site: Site, answer_file: Path, tmp_path: Path) -> None:
    command = ("record", str(answer_file), "--name", "aarhus-1", "--to", str(tmp_path))
    refused = site.types(*command, answers="n\n")
    assert refused.exit_code == 1
    assert not (tmp_path / "aarhus-1.xml").exists()
    for said in ("NameID CN", "https://data.gov.dk/model/core/eid/cprNumber", "Aarhus Kommune"):
        assert said in refused.output
    kept = site.types(*command, answers="y\n")
    assert kept.exit_code == 0, kept.output
    written = (tmp_path / "aarhus-1.xml").read_text()
    for personal in ("Anna Jensen", "0101010101", "anna@aarhus.example", "555ed208"):
        assert personal not in written
        assert personal not in kept.output
    again = site.types(*command)
    assert again.exit_code == 1
    assert "is there already" in again.output


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("../evil", None, "must be small letters, digits and hyphens"),
        ("x", "æ", "which is base64"),
        ("x", "aGVsbG8=", "not well-formed XML"),
    ],
)
def test_what_cannot_be_recorded(
    site: Site, answer_file: Path, name: str, content: str | None, said: str
) -> None:
    if content is not None:
        answer_file.write_text(content)
    answer = site.types("record", str(answer_file), "--name", name, "--to", str(site.folder), "--yes")
    assert answer.exit_code == 1
    assert said in answer.output.replace("\n", " ")


def test_nothing_is_recorded_in_a_folder_that_is_not_there(site: Site, answer_file: Path) -> None:
    answer = site.types("record", str(answer_file), "--name", "x", "--to", "/nowhere", "--yes")
    assert "/nowhere is no folder" in answer.output
