"""What is written for Synapse, Caddy and the portal."""

from pathlib import Path

import pytest
import yaml

from samtale import config
from samtale import portal_configuration as configuration
from samtale.stack import folders, portal, privilege, proxy, secrets, synapse
from samtale.stack.secrets import Secrets

KNOWN = Secrets(*(f"secret-{number}" for number in range(9)))


def _place(settings: config.Config) -> folders.Folders:
    return folders.place(settings, privilege.Accounts(None, None))


def test_portal_reads_back_what_was_written(tmp_path: Path) -> None:
    settings = config.load(environment={"SAMTALE_DATA": str(tmp_path), "SAMTALE_DEMO": "true"})
    made = portal.configuration(settings, _place(settings), KNOWN)
    assert configuration.parse(made.to_json()) == made
    assert made.mail.kind == "files"


def test_the_portal_is_told_how_long_a_device_lives(tmp_path: Path) -> None:
    settings = config.load(environment={"SAMTALE_DATA": str(tmp_path), "SAMTALE_PORTAL_DEVICE_DAYS": "14"})
    assert portal.configuration(settings, _place(settings), KNOWN).device_days == 14


def test_the_demo_never_sends_mail_even_with_a_mail_server(tmp_path: Path) -> None:
    environment = {
        "SAMTALE_DATA": str(tmp_path),
        "SAMTALE_MAIL_HOST": "smtp.example.dk",
        "SAMTALE_MAIL_SENDER": "a@b.dk",
    }
    real = config.load(environment=environment)
    assert portal.configuration(real, _place(real), KNOWN).mail.kind == "smtp"
    demo = config.load(environment=environment | {"SAMTALE_DEMO": "true"})
    assert portal.configuration(demo, _place(demo), KNOWN).mail.kind == "files"


def test_the_demo_is_told_how_it_begins_anew(tmp_path: Path) -> None:
    def told(environment: dict[str, str], file: Path | None = None) -> list[str]:
        settings = config.load(file, environment=environment | {"SAMTALE_DEMO": "true"})
        return portal.configuration(settings, _place(settings), KNOWN).start_over.splitlines()

    enter = f"cd {config.CHECKOUT}"
    assert told({}) == [enter, ".venv/bin/samtale down --erase", "make up"]
    data = str(tmp_path / "my demo")
    assert told({"SAMTALE_DATA": data}) == [
        enter,
        f".venv/bin/samtale down --erase --data '{data}'",
        f".venv/bin/samtale up --demo --data '{data}'",
    ]
    file = tmp_path / "own.toml"
    file.write_text("[proxy]\nport = 9000\n", encoding="utf-8")
    assert told({}, file)[2] == f".venv/bin/samtale up --demo --config {file} --data {tmp_path / '.samtale'}"
    real = config.load(environment={})
    assert portal.configuration(real, _place(real), KNOWN).start_over == ""


TLS = {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/db.pem"}


@pytest.mark.parametrize(
    ("dsn", "host", "port", "options"),
    [
        (
            "postgresql://u:p%40ss@db.dk:5433/samtale?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem",
            "db.dk",
            5433,
            TLS,
        ),
        ("postgresql://u:p%40ss@/samtale?host=/run/postgresql&port=5433", "/run/postgresql", 5433, {}),
        ("postgresql://u:p%40ss@/samtale", "localhost", 5432, {}),
    ],
)
def test_what_a_dsn_says_reaches_portal_and_synapse(
    tmp_path: Path, dsn: str, host: str, port: int, options: dict[str, str]
) -> None:
    other = dsn.replace("/samtale", "/synapse")
    settings = config.load(
        environment={
            "SAMTALE_DATA": str(tmp_path),
            "SAMTALE_DATABASE_PORTAL_DSN": dsn,
            "SAMTALE_DATABASE_SYNAPSE_DSN": other,
        }
    )
    database = portal.configuration(settings, _place(settings), KNOWN).database
    assert database == configuration.DatabaseConfig("samtale", "u", "p@ss", host, port, options)
    arguments = synapse.homeserver(settings, _place(settings), KNOWN)["database"]["args"]
    named = {"user": "u", "password": "p@ss", "dbname": "synapse", "host": host, "port": str(port)}
    pool = {"cp_min": 1, "cp_max": 5, "cp_reconnect": True}
    assert arguments == named | options | pool


def test_synapse_listens_on_loopback_without_federation(tmp_path: Path) -> None:
    settings = config.load(environment={"SAMTALE_DATA": str(tmp_path)})
    made = synapse.homeserver(settings, _place(settings), KNOWN)
    (listener,) = made["listeners"]
    assert listener["bind_addresses"] == ["127.0.0.1"]
    assert [name for resource in listener["resources"] for name in resource["names"]] == ["client", "openid"]
    assert made["federation_domain_whitelist"] == []
    assert made["federation_sender_instances"] == []


def test_registration_names_people_freely_and_aliases_alone(tmp_path: Path) -> None:
    settings = config.load(
        environment={"SAMTALE_DATA": str(tmp_path), "SAMTALE_MATRIX_SERVER_NAME": "os2.eu"}
    )
    made = synapse.registration(settings, KNOWN)
    assert made["namespaces"] == {
        "users": [{"regex": r"@.*:os2\.eu", "exclusive": False}],
        "aliases": [{"regex": r"#.*:os2\.eu", "exclusive": True}],
        "rooms": [],
    }
    assert made["url"] is None


def test_files_are_private(tmp_path: Path) -> None:
    settings = config.load(environment={"SAMTALE_DATA": str(tmp_path)})
    place = _place(settings)
    place.make()
    synapse.prepare(settings, place, KNOWN)
    portal.prepare(settings, place, KNOWN)
    proxy.prepare(settings, place)
    written = [path for folder in (place.synapse, place.portal, place.proxy) for path in folder.iterdir()]
    files = [path for path in written if path.is_file()]
    assert {path.name for path in files} >= {"homeserver.yaml", "signing.key", "portal.json", "Caddyfile"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    key = (place.synapse / "signing.key").read_text()
    synapse.prepare(settings, place, KNOWN)
    assert (place.synapse / "signing.key").read_text() == key
    assert yaml.safe_load((place.synapse / "homeserver.yaml").read_text())["server_name"] == "localhost"


def test_policy_names_paths_and_no_inline_script() -> None:
    policy = proxy.content_security_policy("https://samtale.dk")
    assert "script-src https://samtale.dk/assets/ https://samtale.dk/sw.js;" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_only_a_host_name_opens_to_others() -> None:
    local = config.load(environment={})
    assert set(proxy.addresses(local)) <= {"127.0.0.1", "[::1]"}
    assert "127.0.0.1" in proxy.addresses(local)
    real = config.load(environment={"SAMTALE_PORTAL_HOSTNAME": "samtale.dk", "SAMTALE_PROXY_TLS": "acme"})
    assert proxy.addresses(real) == ()


def test_strict_transport_only_with_tls(tmp_path: Path) -> None:
    local = config.load(environment={"SAMTALE_DATA": str(tmp_path)})
    real = config.load(
        environment={
            "SAMTALE_DATA": str(tmp_path),
            "SAMTALE_PORTAL_HOSTNAME": "samtale.dk",
            "SAMTALE_PROXY_TLS": "acme",
        }
    )
    texts = [
        proxy.caddyfile(each, _place(each), tmp_path, bind=proxy.addresses(each)) for each in (local, real)
    ]
    assert ["Strict-Transport-Security" in text for text in texts] == [False, True]


def test_signing_key_is_one_that_synapse_reads(tmp_path: Path) -> None:
    from signedjson.key import read_signing_keys

    settings = config.load(environment={"SAMTALE_DATA": str(tmp_path)})
    place = _place(settings)
    place.make()
    synapse.prepare(settings, place, secrets.load_or_create(place.secrets))
    (key,) = read_signing_keys((place.synapse / "signing.key").read_text().splitlines())
    assert key.alg == "ed25519"
