"""Every wrong value gets its sentence: where, which key, what is allowed, what was given."""

# ruff: noqa: E501 - a row of the table is easier to read than six lines

from pathlib import Path

import pytest

from samtale import config
from samtale.config_rules import CONTEXT_HANDLER

IDP = '[oiosaml.a]\nname = "A"\n'
ADDRESS = "such as https://service.example.dk/callback (http on this machine only)"
OIDC = '[oidc.a]\nname = "A"\nissuer = "https://a.dk"\nclient_id = "c"\nsecret_file = "samtale.toml"\n'
SAML = '[saml.a]\nname = "A"\nmetadata = "https://a.dk/m"\nname_attribute = "cn"\n'
BROKER = '[broker.a]\nname = "A"\nissuer = "https://a.dk"\nclient_id = "c"\nsecret_file = "samtale.toml"\n'
TWO = 'cvr = ["12345678", "12345679"]\n'
SERVICE = '[sso.a]\nname = "A"\nredirect_uris = ["https://a.dk/cb"]\n'
WRONG = [
    ('[portal]\nhostname = "http://x"', "portal.hostname: must be a host name in small letters, such as samtale.example.dk, got 'http://x'"),
    ('[portal]\nhostname = "Samtale.dk"', "portal.hostname: must be a host name in small letters, such as samtale.example.dk, got 'Samtale.dk'"),
    ('[portal]\nhostname = ""', "portal.hostname: must be a host name in small letters, such as samtale.example.dk, got ''"),
    ('[portal]\nlanguage = "sv"', "portal.language: must be one of da, en, got 'sv'"),
    ('[portal]\nhostnam = "x"', "portal.hostnam: unknown key; known are device_days, hostname, language"),
    ("[portal]\ndevice_days = 0", "portal.device_days: must be a whole number from 1 to 365, got 0"),
    ("portal = 3", "portal: must be a table [portal], got 3"),
    ("[proxy]\nport = 0", "proxy.port: must be a whole number from 1 to 65535, got 0"),
    ("[proxy]\nport = 70000", "proxy.port: must be a whole number from 1 to 65535, got 70000"),
    ('[proxy]\nport = "8400"', "proxy.port: must be a whole number from 1 to 65535, got '8400'"),
    ("[proxy]\nport = true", "proxy.port: must be a whole number from 1 to 65535, got True"),
    ('[proxy]\nexternal = "yes"', "proxy.external: must be true or false, got 'yes'"),
    ('[proxy]\ntls = "on"', "proxy.tls: must be one of off, acme, files, got 'on'"),
    ('[proxy]\ntls = "acme"', "proxy.tls: must be off or files with the host name localhost, got 'acme'"),
    ('[proxy]\ntls = "files"', "proxy.certificate: must be a file that exists when proxy.tls is files, got ''"),
    ('[proxy]\nexternal = true\ntls = "acme"', "proxy.tls: must be off when proxy.external is true, got 'acme'"),
    ('[portal]\nhostname = "a.dk"', "proxy.tls: must be acme or files with a host name, unless proxy.external is true, got 'off'"),
    ('[matrix]\nserver_name = "@anna:a.dk"', "matrix.server_name: must be a Matrix server name in small letters, such as example.dk, or empty for the host name, got '@anna:a.dk'"),
    ("[matrix]\nmessages_per_second = 0", "matrix.messages_per_second: must be a number above 0 and at most 1000, got 0"),
    ('[matrix]\nmax_upload_size = "50 millions"', "matrix.max_upload_size: must be a size such as 50M, 512K or 1G, got '50 millions'"),
    ('[matrix]\npresence = true', "matrix.presence: must be one of on, off, untracked, got True"),
    ("[ports]\nportal = 8400", "ports.portal: must be a port that no other part uses, got 8400, which is proxy.port too"),
    ('[mail]\nhost = "smtp.dk"', "mail.sender: must be the address mails come from when mail.host is set, got ''"),
    ('[mail]\nsender = "OS2samtale"', "mail.sender: must be a mail address such as samtale@example.dk, or empty, got 'OS2samtale'"),
    ('[mail]\nsecurity = "ssl"', "mail.security: must be one of starttls, tls, none, got 'ssl'"),
    ('demo = true\n[portal]\nhostname = "a.dk"\n[proxy]\ntls = "acme"', "portal.hostname: must be localhost with --demo, got 'a.dk'"),
    ('demo = true\n[proxy]\nexternal = true', "proxy.external: must be false with --demo, which listens on this machine only, got true"),
    ('demo = true\n[database]\nportal_dsn = "postgresql://u:p@h/d"', "database.portal_dsn: must be empty with --demo, which uses its own PostgreSQL, got one"),
    ('[database]\nportal_dsn = "postgresql://u:p@h/d"\nsynapse_dsn = "postgresql://s:q@h/d"', "database.synapse_dsn: must be another database than that of database.portal_dsn, got the same"),
    ('[programs]\ncaddy = "/no/such/caddy"', "programs.caddy: must be a program that exists, or empty for the bundled one, got '/no/such/caddy'"),
    ('[fka]\nadministrator_cvr = ["123"]', "fka.administrator_cvr: must be a list of CVR numbers of eight digits, got ['123']"),
    ('[fka]\nadministrator_cvr = "12345678"', "fka.administrator_cvr: must be a list of CVR numbers of eight digits, got '12345678'"),
    ('[fka]\nentity_id = "samtale"', "fka.entity_id: must be an address or a urn such as https://saml.example.dk, or empty for the public address, got 'samtale'"),
    ('[fka]\nsigning_keys = [""]', "fka.signing_keys: must be a list of paths, got ['']"),
    ('[fka]\nsigning_keys = ["/no/such.p12"]', "fka.signing_keys: must name files that exist, got '/no/such.p12'"),
    ("oiosaml = 3", "oiosaml: must be tables [oiosaml.NAME], got 3"),
    ("[oiosaml]\nkombit = 3", "oiosaml.kombit: must be a table [oiosaml.kombit], got 3"),
    ("[oiosaml.Kombit_1]", "oiosaml.Kombit_1: its name must be 2 to 40 small letters, digits and hyphens that begins with a letter or digit"),
    ("[oiosaml.kombit]", "oiosaml.kombit.metadata: must be a text on one line that is not empty, but is missing"),
    ('[oiosaml.kombit]\nlevl = "low"', "oiosaml.kombit.levl: unknown key; known are accept_assurance_level, algorithms, cvr, level, metadata, name, pinned"),
    (f'{IDP}metadata = "https://idp.dk/m"\ncvr = []', "oiosaml.a.cvr: must be any, or a list of CVR numbers of eight digits, got []"),
    (f'{IDP}metadata = "https://idp.dk/m"\ncvr = "any"', f"oiosaml.a.cvr: must be a list of CVR numbers: any is for {CONTEXT_HANDLER} alone, got 'any'"),
    (f'{IDP}metadata = "{CONTEXT_HANDLER}"\ncvr = "any"\n{IDP}metadata = "{CONTEXT_HANDLER}"\ncvr = ["12345678"]'.replace("oiosaml.a", "oiosaml.b", 1), "oiosaml.b.cvr: must be a list of CVR numbers as long as there is another identity provider beside it, got 'any'"),
    (f'{IDP}metadata = "http://idp.dk/m"\ncvr = ["12345678"]', "oiosaml.a.metadata: must be an address that begins with https://, or a file, got 'http://idp.dk/m'"),
    (f'{IDP}metadata = "no-such.xml"\ncvr = ["12345678"]', "oiosaml.a.metadata: must be a file that exists, or an address, got 'no-such.xml'"),
    (f'{IDP}metadata = "https://idp.dk/m"\ncvr = ["12345678"]\npinned = "no.pem"', "oiosaml.a.pinned: must be a file that exists, or empty, got 'no.pem'"),
    ("[oidc.a]", "oidc.a.cvr: must be a list of at least one CVR number of eight digits, but is missing"),
    (f"{OIDC}cvr = []", "oidc.a.cvr: must be a list of at least one CVR number of eight digits, got []"),
    (f'{OIDC}cvr = "any"', "oidc.a.cvr: must be a list of at least one CVR number of eight digits, got 'any'"),
    (f'{OIDC}{TWO}', "oidc.a.cvr_claim: must say where the person's CVR number stands when cvr names several, got ''"),
    (f'{OIDC}{TWO}subject = "email"', "oidc.a.subject: must be one of sub, oid, got 'email'"),
    (f'{OIDC}cvr = ["12345678"]\nrole_claim = "roles"', "oidc.a.member_role: must be set together with role_claim, got ''"),
    (f'{OIDC}cvr = ["12345678"]\nmember_role = "x"', "oidc.a.role_claim: must be set together with member_role, got ''"),
    (f'{OIDC}{TWO}'.replace("samtale.toml", "no.secret"), "oidc.a.secret_file: must be a file that exists, got 'no.secret'"),
    (f'{OIDC}{TWO}'.replace("https://a.dk", "http://a.dk"), "oidc.a.issuer: must be an address such as https://login.example.dk/realms/ansatte, as its own discovery document writes it, got 'http://a.dk'"),
    (f'{OIDC}{TWO}scopes = ["a b"]', "oidc.a.scopes: must be a list of scopes of letters, digits and . : / _ -, got ['a b']"),
    ("[saml.a]", "saml.a.name_attribute: must be the name of a claim, but is missing"),
    (f'{SAML}{TWO}', "saml.a.cvr_attribute: must say where the person's CVR number stands when cvr names several, got ''"),
    (f'{SAML}{TWO}role_attribute = "r"', "saml.a.member_role: must be set together with role_attribute, got ''"),
    (f'{SAML}{TWO}'.replace("https:", "http:"), "saml.a.metadata: must be an address that begins with https://, or a file, got 'http://a.dk/m'"),
    (f'{BROKER}cvr = []', "broker.a.cvr: must be any, or a list of CVR numbers of eight digits, got []"),
    (f'{BROKER}cvr = "any"\n{IDP.replace(".a", ".b")}metadata = "{CONTEXT_HANDLER}"\n{TWO}', "broker.a.cvr: must be a list of CVR numbers as long as there is another identity provider beside it, got 'any'"),
    (f'{BROKER}{TWO}{IDP.replace(".a", ".b")}metadata = "{CONTEXT_HANDLER}"\ncvr = "any"', "oiosaml.b.cvr: must be a list of CVR numbers as long as there is another identity provider beside it, got 'any'"),
    (f'{OIDC}{TWO}{SAML}{TWO}', "saml.a: must have a name that no other way in has, got a, which is oidc.a too"),
    (f'{BROKER}{TWO}{IDP}metadata = "https://a.dk/m"\n{TWO}', "broker.a: must have a name that no other way in has, got a, which is oiosaml.a too"),
    ("demo = true\n" + OIDC.replace(".a]", ".region]") + TWO, "oidc.region: must have a name that no other way in has, got region, which is the demo's region too"),
    ("[sso.a]", "sso.a.redirect_uris: must be a list of at least one address " + ADDRESS + ", but is missing"),
    (f'[sso.a]\nname = "{"A" * 101}"', f"sso.a.name: must be a text on one line of 1 to 100 characters, got {'A' * 101!r}"),
    ('[sso.a]\nredirect_uris = []', f"sso.a.redirect_uris: must be a list of at least one address {ADDRESS}, got []"),
    ('[sso.a]\nredirect_uris = ["http://a.dk/cb"]', f"sso.a.redirect_uris: must be a list of at least one address {ADDRESS}, got ['http://a.dk/cb']"),
    ('[sso.a]\nredirect_uris = ["https://a.dk/cb#x"]', f"sso.a.redirect_uris: must be a list of at least one address {ADDRESS}, got ['https://a.dk/cb#x']"),
    ('[sso.a]\nredirect_uris = ["javascript:alert(1)"]', f"sso.a.redirect_uris: must be a list of at least one address {ADDRESS}, got ['javascript:alert(1)']"),
    (f'{SERVICE}backchannel_logout_uri = "http://10.0.0.1/"', f"sso.a.backchannel_logout_uri: must be an address {ADDRESS}, or empty, got 'http://10.0.0.1/'"),
    (f'{SERVICE}scopes = ["cpr"]', "sso.a.scopes: must be a list of profile, email, organisation, role, groups, got ['cpr']"),
    (f'{SERVICE}roles = []', "sso.a.roles: must be a list of member, guest, administrator, owner, got []"),
    (f'{SERVICE}organisations = ["company"]', "sso.a.organisations: must be a list of municipality, region, state, supplier, os2, got ['company']"),
    (SERVICE, "sso.a.secret_file: must be a file that exists, unless public is true, got ''"),
    (f'{SERVICE}secret_file = "no.secret"', "sso.a.secret_file: must be a file that exists, unless public is true, got 'no.secret'"),
    (f'{SERVICE}secret_file = "no.secret"\npublic = true', "sso.a.secret_file: must be empty when public is true, got 'no.secret'"),
    ('colour = "red"', "colour: unknown key; known are [broker.NAME], [database], [fka], [mail], [matrix], [oidc.NAME], [oiosaml.NAME], [portal], [ports], [programs], [proxy], [saml.NAME], [sso.NAME], allow_bundled, data, demo"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_wrong_value_is_told_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "samtale.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(config.ConfigError) as caught:
        config.load(file, environment={})
    assert f"{file}: {sentence}" in caught.value.problems


def test_several_ways_in_beside_each_other(tmp_path: Path) -> None:
    file = tmp_path / "samtale.toml"
    file.write_text(
        f'{IDP}metadata = "{CONTEXT_HANDLER}"\ncvr = "any"\n'
        + OIDC.replace(".a]", ".b]")
        + f'{TWO}cvr_claim = "cvr"\n'
        + SAML.replace(".a]", ".c]")
        + 'cvr = ["12345678"]\n',
        encoding="utf-8",
    )
    found = config.load(file, environment={})
    assert (set(found.oiosaml), set(found.oidc), set(found.saml)) == ({"a"}, {"b"}, {"c"})
    assert found.oidc["b"].cvr == ("12345678", "12345679")


def test_all_wrong_values_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "samtale.toml"
    file.write_text('[portal]\nlanguage = "sv"\n[proxy]\nport = 0\n', encoding="utf-8")
    with pytest.raises(config.ConfigError) as caught:
        config.load(file, environment={"SAMTALE_PORTS_PORTAL": "many"})
    assert [problem.split(": must")[0] for problem in caught.value.problems] == [
        f"{file}: portal.language",
        f"{file}: proxy.port",
        "environment: SAMTALE_PORTS_PORTAL",
    ]


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("SAMTALE_PROXY_PORT", "abc", "must be a whole number from 1 to 65535, got 'abc'"),
        ("SAMTALE_DEMO", "maybe", "must be true or false, got 'maybe'"),
        ("SAMTALE_MATRIX_INVITES_PER_SECOND", "-1", "must be a number above 0 and at most 1000, got -1"),
    ],
)
def test_wrong_variable_is_named(variable: str, value: str, sentence: str) -> None:
    with pytest.raises(config.ConfigError) as caught:
        config.load(environment={variable: value})
    assert caught.value.problems == (f"environment: {variable}: {sentence}",)


def test_rules_between_keys_name_the_variable_that_was_set(tmp_path: Path) -> None:
    file = tmp_path / "samtale.toml"
    file.write_text("[ports]\nportal = 9000\n", encoding="utf-8")
    environment = {"SAMTALE_PORTAL_HOSTNAME": "a.dk", "SAMTALE_PORTS_SYNAPSE": "9000"}
    with pytest.raises(config.ConfigError) as caught:
        config.load(file, environment=environment, overrides={"demo": True})
    assert caught.value.problems == (
        "environment: SAMTALE_PORTS_SYNAPSE: must be a port that no other part uses, got 9000, "
        "which is ports.portal too",
        "environment: SAMTALE_PORTAL_HOSTNAME: must be localhost with --demo, got 'a.dk'",
        f"{file}: proxy.tls: must be acme or files with a host name, unless proxy.external is true, got 'off'",
    )


def test_unknown_variable_is_refused_and_the_known_are_listed() -> None:
    with pytest.raises(
        config.ConfigError, match=r"SAMTALE_PROXY_PROT: unknown key; known are .*SAMTALE_PROXY_PORT"
    ):
        config.load(environment={"SAMTALE_PROXY_PROT": "80"})


@pytest.mark.parametrize(
    "dsn",
    [
        "mysql://u:hunter2@h/d",
        "host=h dbname=d user=u password=hunter2",
        "postgresql://:hunter2@h/d",
        "postgresql://u:hunter2@h",
        "postgresql://u:hunter2@h/",
        "postgresql://u:hunter2@h:0/d",
        "postgresql://u:hunter2@h:65536/d",
        "postgresql://u:hunter2@h:five/d",
        "postgresql://u:hunter2@h/d?sslmod=require",
        # Passwords that were not written as an address wants it.
        "postgresql://u:p%hunter2@h/d",
        "postgresql://u:p@hunter2@h/d",
        "postgresql://u:p/hunter2@h/d",
        "postgresql://u:p@s/hunter2@h/d",
    ],
)
def test_a_wrong_dsn_is_told_without_its_password(dsn: str) -> None:
    with pytest.raises(config.ConfigError) as caught:
        config.load(environment={"SAMTALE_DATABASE_PORTAL_DSN": dsn})
    assert caught.value.problems == (
        "environment: SAMTALE_DATABASE_PORTAL_DSN: must be empty for the bundled PostgreSQL, or like "
        "postgresql://user:password@host:5432/database, where a password has %40 for @, %2F for / and %25 for %, "
        "got ********",
    )


@pytest.mark.parametrize(
    "other",
    [
        "postgresql://u:p@h/synapse",
        "postgresql://u:p@other/d",
        "postgresql://u:p@h:5433/d",
        "postgres://u:p%40%2F%25@h:1/d",
        "postgresql://u@/d?host=/run/postgresql&port=65535",
        "postgresql://u:p@[::1]/d?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem",
    ],
)
def test_databases_by_dsn(other: str) -> None:
    dsns = {
        "SAMTALE_DATABASE_PORTAL_DSN": "postgresql://u:p@h/d",
        "SAMTALE_DATABASE_SYNAPSE_DSN": other,
    }
    loaded = config.load(environment=dsns)
    assert (loaded.database.portal_dsn, loaded.database.synapse_dsn) == tuple(dsns.values())
    assert loaded.bundled_database is False


def test_missing_and_broken_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match=r"nowhere\.toml: there is no such file"):
        config.load(tmp_path / "nowhere.toml", environment={})
    broken = tmp_path / "broken.toml"
    broken.write_text("[portal\n", encoding="utf-8")
    with pytest.raises(config.ConfigError, match=r"broken\.toml: not TOML"):
        config.load(broken, environment={})


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "samtale.toml"
    file.write_text("[proxy]\nport = 9000\n[ports]\nportal = 9002\n", encoding="utf-8")
    loaded = config.load(file, environment={"SAMTALE_PROXY_PORT": "9100"})
    assert (loaded.proxy.port, loaded.ports.portal) == (9100, 9002)


def test_nothing_is_needed_to_begin() -> None:
    loaded = config.load(environment={})
    assert loaded.public_url == "http://localhost:8400"
    assert (loaded.server_name, loaded.local, loaded.bundled_database) == ("localhost", True, True)


def test_public_url_of_a_real_installation(tmp_path: Path) -> None:
    file = tmp_path / "samtale.toml"
    file.write_text(
        '[portal]\nhostname = "samtale.os2.eu"\n[proxy]\nport = 443\ntls = "acme"\n', encoding="utf-8"
    )
    loaded = config.load(file, environment={})
    assert loaded.public_url == "https://samtale.os2.eu"
    assert loaded.data_dir == tmp_path / ".samtale"


def test_secrets_are_masked_for_printing() -> None:
    loaded = config.load(environment={"SAMTALE_MAIL_PASSWORD": "hunter2"})
    assert "hunter2" not in repr(config.masked(loaded))
    assert config.masked(loaded)["mail"]["password"] == "********"


@pytest.mark.parametrize(
    ("given", "octets"), [("50M", 52428800), ("512k", 524288), ("1GB", 1073741824), ("7", 7)]
)
def test_sizes(given: str, octets: int) -> None:
    loaded = config.load(environment={"SAMTALE_MATRIX_MAX_UPLOAD_SIZE": given})
    assert loaded.matrix.max_upload_size == octets
