"""Rules between keys: what may stand together does, and each pair that may not is told by its key."""

# ruff: noqa: E501 - a row of the table is easier to read than six lines

from pathlib import Path

import pytest

from samtale import config
from samtale.config_rules import CONTEXT_HANDLER, DEMO_AUTHORITY, DEMO_PROVIDER

TOWN = '[oiosaml.town]\nname = "Town"\n'
CITY = '[oiosaml.city]\nname = "City"\n'
AT_HTTPS = 'metadata = "https://idp.dk/m"\n'
ONE = 'cvr = ["12345678"]\n'
TWO = 'cvr = ["12345678", "12345679"]\n'
CLIENT = 'issuer = "https://idp.dk"\nclient_id = "samtale"\nsecret_file = "password"\n'
BROKER = f'[broker.keycloak]\nname = "Keycloak"\n{CLIENT}'
OIDC = f'[oidc.region]\nname = "Region"\n{CLIENT}'
SAML = f'[saml.state]\nname = "State"\n{AT_HTTPS}name_attribute = "cn"\n'
REDIRECT = 'redirect_uris = ["https://a.dk/cb"]\n'
WIKI = f'[sso.wiki]\nname = "Wiki"\n{REDIRECT}'
FORUM = f'[sso.forum]\nname = "Forum"\n{REDIRECT}'


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
    f"{TOWN}{AT_HTTPS}{ONE}{BROKER}{ONE}{OIDC}{ONE}{SAML}{ONE}",
    f'{BROKER}cvr = "any"',
    f'{OIDC}{TWO}cvr_claim = "cvr"\nrole_claim = "roles"\nmember_role = "samtale"',
    f'{SAML}{TWO}cvr_attribute = "cvr"\nrole_attribute = "roles"\nmember_role = "samtale"\npinned = "key.pem"',
    f'{WIKI}secret_file = "password"\n{FORUM}public = true',
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
    (f"{BROKER}{ONE}".replace('"password"', '"no.txt"'), "broker.keycloak.secret_file: must be a file that exists, got 'no.txt'"),
    (f'{BROKER}cvr = "any"\n{TOWN}{AT_HTTPS}{ONE}', "broker.keycloak.cvr: must be a list of CVR numbers as long as there is another identity provider beside it, got 'any'"),
    (f"{OIDC}{ONE}".replace('"password"', '"no.txt"'), "oidc.region.secret_file: must be a file that exists, got 'no.txt'"),
    (f"{OIDC}{TWO}", "oidc.region.cvr_claim: must say where the person's CVR number stands when cvr names several, got ''"),
    (f'{OIDC}{ONE}role_claim = "roles"', "oidc.region.member_role: must be set together with role_claim, got ''"),
    (f'{OIDC}{ONE}member_role = "a"', "oidc.region.role_claim: must be set together with member_role, got ''"),
    (f'{SAML}{ONE}pinned = "no.pem"', "saml.state.pinned: must be a file that exists, or empty, got 'no.pem'"),
    (f"{SAML}{ONE}".replace(AT_HTTPS, 'metadata = "no.xml"\n'), "saml.state.metadata: must be a file that exists, or an address, got 'no.xml'"),
    (f"{SAML}{TWO}", "saml.state.cvr_attribute: must say where the person's CVR number stands when cvr names several, got ''"),
    (f'{SAML}{ONE}role_attribute = "roles"', "saml.state.member_role: must be set together with role_attribute, got ''"),
    (f"demo = true\n{OIDC}{ONE}".replace("region", DEMO_PROVIDER), f"oidc.{DEMO_PROVIDER}: must have a name that no other way in has, got {DEMO_PROVIDER}, which is the demo's municipality too"),
    (f"demo = true\n{OIDC}{ONE}".replace("region", DEMO_AUTHORITY), f"oidc.{DEMO_AUTHORITY}: must have a name that no other way in has, got {DEMO_AUTHORITY}, which is the demo's region too"),
    (f"{OIDC}{ONE}{SAML}{ONE}".replace("region", "state"), "saml.state: must have a name that no other way in has, got state, which is oidc.state too"),
    (WIKI, "sso.wiki.secret_file: must be a file that exists, unless public is true, got ''"),
    (f'{WIKI}secret_file = "no.txt"\n{FORUM}public = true', "sso.wiki.secret_file: must be a file that exists, unless public is true, got 'no.txt'"),
    (f'{WIKI}public = true\nsecret_file = "password"', "sso.wiki.secret_file: must be empty when public is true, got 'password'"),
    (f'demo = true\n{TOWN}metadata = "no.xml"\n{ONE}', "oiosaml.town.metadata: must be a file that exists, or an address, got 'no.xml'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BROKEN)
def test_what_may_not_is_told_alone(folder: Path, text: str, sentence: str) -> None:
    assert problems(folder, text.replace("FOLDER", str(folder))) == [sentence.replace("FOLDER", str(folder))]


def test_every_kind_of_mistake_is_told_at_once(folder: Path) -> None:
    without = f"{BROKER}{ONE}{OIDC}{ONE}".replace('"password"', '"no.txt"')
    told = problems(folder, f'{TOWN}metadata = "no.xml"\n{ONE}{without}{SAML}{TWO}')
    assert [each.partition(":")[0] for each in told] == [
        "oiosaml.town.metadata",
        "broker.keycloak.secret_file",
        "oidc.region.secret_file",
        "saml.state.cvr_attribute",
    ]
