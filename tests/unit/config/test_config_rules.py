"""Rules between keys: what may stand together does, and each pair that may not is told by its key."""

# ruff: noqa: E501 - a row of the table is easier to read than six lines

from pathlib import Path

import pytest

from samtale import config
from samtale.config_rules import CONTEXT_HANDLER

TOWN = '[oiosaml.town]\nname = "Town"\n'
CITY = '[oiosaml.city]\nname = "City"\n'
AT_HTTPS = 'metadata = "https://idp.dk/m"\n'
ONE = 'cvr = ["12345678"]\n'


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a file, without the file's name."""
    file = folder / "samtale.toml"
    file.write_text(text, encoding="utf-8")
    try:
        config.load(file, environment={})
    except config.ConfigError as error:
        return [each.removeprefix(f"{file}: ") for each in error.problems]
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With files that keys can name."""
    for name in ("key.pem", "other.pem", "password", "idp.xml", "caddy"):
        (tmp_path / name).touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "initdb").touch()
    (tmp_path / "empty").mkdir()
    return tmp_path


FITS = [
    "[proxy]\nexternal = true",
    '[portal]\nhostname = "a.dk"\n[proxy]\nexternal = true',
    '[portal]\nhostname = "a.dk"\n[proxy]\ntls = "acme"\nport = 443',
    '[proxy]\ntls = "files"\ncertificate = "FOLDER/key.pem"\ncertificate_key = "FOLDER/other.pem"',
    '[programs]\npostgresql = "FOLDER/bin"\ncaddy = "FOLDER/caddy"',
    '[mail]\nhost = "smtp.dk"\nsender = "a@b.dk"',
    '[database]\nportal_dsn = "postgresql://u:p@h/d"',
    '[database]\nsynapse_dsn = "postgresql://u:p@h/d"',
    '[fka]\nsigning_keys = ["key.pem"]\nencryption_keys = ["other.pem"]\npassword_file = "password"',
    f"{TOWN}{AT_HTTPS}{ONE}",
    f"{TOWN}{AT_HTTPS}{ONE}{CITY}{AT_HTTPS}{ONE}",
    f'{TOWN}metadata = "idp.xml"\npinned = "key.pem"\n{ONE}',
    f'demo = true\n{TOWN}metadata = "http://localhost:8406/m"\n{ONE}',
    f'{TOWN}metadata = "{CONTEXT_HANDLER}"\ncvr = "any"',
]


@pytest.mark.parametrize("text", FITS)
def test_what_may_stand_together(folder: Path, text: str) -> None:
    assert problems(folder, text.replace("FOLDER", str(folder))) == []


BROKEN = [
    ('demo = true\n[database]\nsynapse_dsn = "postgresql://u:p@h/d"', "database.synapse_dsn: must be empty with --demo, which uses its own PostgreSQL, got one"),
    ('[proxy]\nexternal = true\ntls = "files"\ncertificate = "FOLDER/key.pem"\ncertificate_key = "FOLDER/key.pem"', "proxy.tls: must be off when proxy.external is true, got 'files'"),
    ('[proxy]\ntls = "acme"', "proxy.tls: must be off or files with the host name localhost, got 'acme'"),
    ('[proxy]\ntls = "files"\ncertificate = "FOLDER/key.pem"\ncertificate_key = "FOLDER/no.pem"', "proxy.certificate_key: must be a file that exists when proxy.tls is files, got 'FOLDER/no.pem'"),
    ('[proxy]\ntls = "files"\ncertificate = "FOLDER/no.pem"\ncertificate_key = "FOLDER/key.pem"', "proxy.certificate: must be a file that exists when proxy.tls is files, got 'FOLDER/no.pem'"),
    ('[programs]\npostgresql = "FOLDER/empty"', "programs.postgresql: must be a folder with initdb and postgres that exists, or empty for the bundled one, got 'FOLDER/empty'"),
    ('[fka]\nencryption_keys = ["key.pem", "no.pem"]', "fka.encryption_keys: must name files that exist, got 'no.pem'"),
    ('[fka]\npassword_file = "no.txt"', "fka.password_file: must name files that exist, got 'no.txt'"),
    (f'{TOWN}metadata = "{CONTEXT_HANDLER}"\ncvr = "any"\n{CITY}{AT_HTTPS}{ONE}', "oiosaml.town.cvr: must be a list of CVR numbers as long as there is another identity provider beside it, got 'any'"),
    (f'demo = true\n{TOWN}metadata = "no.xml"\n{ONE}', "oiosaml.town.metadata: must be a file that exists, or an address, got 'no.xml'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_what_may_not_is_told_alone(folder: Path, text: str, sentence: str) -> None:
    assert problems(folder, text.replace("FOLDER", str(folder))) == [sentence.replace("FOLDER", str(folder))]
