"""What the portal is told of other services, and that it is told no secret."""

import hashlib
from pathlib import Path

import pytest

from samtale import config, portal_configuration
from samtale.identity.models import Organisation, Person
from samtale.stack import folders, portal, privilege, secrets, services

SECRET = "0123456789abcdef0123456789abcdef"
FILE = """
[sso.zulip]
name = "Zulip"
redirect_uris = ["https://zulip.example.dk/complete/oidc/"]
secret_file = "zulip.secret"

[sso.app]
name = "En app"
redirect_uris = ["http://127.0.0.1:7000/callback"]
public = true
roles = ["member", "guest"]
organisations = ["municipality"]
"""


def read(folder: Path, secret: str = f"{SECRET}\n") -> config.Config:
    (folder / "zulip.secret").write_text(secret)
    (folder / "samtale.toml").write_text(FILE)
    return config.load(folder / "samtale.toml", environment={"SAMTALE_DATA": str(folder / "data")})


def test_the_portal_is_told_all_but_the_secret(tmp_path: Path) -> None:
    found = read(tmp_path)
    place = folders.place(found, privilege.choose())
    place.make()
    told = portal.configuration(found, place, secrets.load_or_create(place.secrets))
    zulip, app = told.sso["zulip"], told.sso["app"]
    assert zulip.secret_sha256 == hashlib.sha256(SECRET.encode()).hexdigest()
    assert (zulip.trusted, zulip.scopes, zulip.organisations) == (False, ("profile", "email"), ())
    assert zulip.roles == ("member", "administrator", "owner"), "guests by default not"
    assert (app.secret_sha256, app.roles, app.organisations) == ("", ("member", "guest"), ("municipality",))
    assert SECRET not in told.to_json()
    assert portal_configuration.parse(told.to_json()) == told


@pytest.mark.parametrize(
    "secret", ["", "too short", SECRET[:31], f"{SECRET} {SECRET}", f"{SECRET}+/=", "æ" * 40]
)
def test_what_is_no_secret_is_refused_and_not_shown(tmp_path: Path, secret: str) -> None:
    with pytest.raises(services.ServiceError) as refused:
        services.services(read(tmp_path, secret))
    assert "sso.zulip.secret_file: zulip.secret must hold one line of 32 to 200" in str(refused.value)
    assert not secret or secret not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    found = read(tmp_path)
    (tmp_path / "zulip.secret").write_bytes(b"\xff\xfe")
    with pytest.raises(services.ServiceError, match="cannot be read: UnicodeDecodeError"):
        services.services(found)


def test_the_file_names_roles_and_kinds_as_the_portal_does() -> None:
    from samtale.config_values import ORGANISATIONS, ROLES

    assert ROLES.accept(list(Person.Role.values)) == tuple(Person.Role.values)
    assert ORGANISATIONS.accept(list(Organisation.Kind.values)) == tuple(Organisation.Kind.values)
