"""What `samtale fka check` and `samtale doctor` see of OpenID Connect."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from federation import make_keys
from openid import SECRET, Authority, provider_at_work

from samtale.config import Config, load
from samtale.config_sections import BrokerSection, OidcSection, SsoSection
from samtale.oidc import discovery
from samtale.stack import openid_diagnosis
from samtale.stack.finding import Finding
from samtale.stack.folders import Folders, place
from samtale.stack.privilege import Account, Accounts


@pytest.fixture
def authority() -> Iterator[Authority]:
    discovery.forget()
    with provider_at_work("region", make_keys("idp")) as made:
        yield made
    discovery.forget()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(environment={"SAMTALE_DATA": str(tmp_path / "data")})


@pytest.fixture
def folders(config: Config) -> Folders:
    """Everything runs as whoever runs the tests."""
    return place(config, Accounts(None, None))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text(SECRET, encoding="utf-8")
    file.chmod(0o600)
    return file


def with_region(config: Config, issuer: str, secret: Path) -> Config:
    section = OidcSection(
        name="Region", issuer=issuer, client_id="os2samtale", secret_file=str(secret), cvr=("29190925",)
    )
    return replace(config, oidc={"region": section})


def found(findings: Iterator[Finding]) -> dict[str, Finding]:
    return {each.what: each for each in findings}


def test_an_authority_that_is_well(
    config: Config, folders: Folders, authority: Authority, secret: Path
) -> None:
    seen = found(openid_diagnosis.providers(with_region(config, authority.provider.issuer, secret), folders))
    assert {what: each.verdict for what, each in seen.items()} == {
        "provider region": "good",
        "provider region, our secret": "good",
    }
    assert seen["provider region"].found == f"{authority.provider.issuer}: 1 keys"
    assert SECRET not in repr(seen)


def test_a_broker_is_looked_at_too(
    config: Config, folders: Folders, authority: Authority, secret: Path
) -> None:
    section = BrokerSection(
        name="Broker",
        issuer=authority.provider.issuer,
        client_id="os2samtale",
        secret_file=str(secret),
        cvr=("29190925",),
    )
    seen = found(openid_diagnosis.providers(replace(config, broker={"broker": section}), folders))
    assert {each.verdict for each in seen.values()} == {"good"}


def test_an_issuer_that_is_away(config: Config, folders: Folders, secret: Path) -> None:
    away = with_region(config, "http://127.0.0.1:9/oidc", secret)
    seen = found(openid_diagnosis.providers(away, folders))["provider region"]
    assert (seen.verdict, "ConnectError" in seen.found) == ("bad", True)
    assert seen.advice


def test_an_issuer_that_calls_itself_something_else(
    config: Config, folders: Folders, authority: Authority, secret: Path
) -> None:
    other = with_region(config, f"{authority.provider.issuer}/", secret)
    seen = found(openid_diagnosis.providers(other, folders))["provider region"]
    assert (seen.verdict, "is about the issuer" in seen.found) == ("bad", True)


def unkept(secret: Path) -> None:
    secret.chmod(0o644)


def empty(secret: Path) -> None:
    secret.write_text("", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"), [(unkept, "mode 0644"), (empty, "on one line"), (Path.unlink, "No such file")]
)
def test_a_secret_that_is_none_or_not_kept(
    config: Config, folders: Folders, secret: Path, spoil: Callable[[Path], None], said: str
) -> None:
    spoil(secret)
    wrong = with_region(config, "http://127.0.0.1:9/oidc", secret)
    seen = found(openid_diagnosis.providers(wrong, folders))["provider region, our secret"]
    assert (seen.verdict, said in seen.found) == ("bad", True)
    assert "chmod 600" in seen.advice


def test_a_secret_that_the_portal_cannot_read(
    config: Config, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Account("nobody", 65534, 65534)
    monkeypatch.setattr(Account, "may_read", lambda *_: False)
    folders = place(config, Accounts(nobody, nobody))
    seen = found(openid_diagnosis.providers(with_region(config, "http://127.0.0.1:9/oidc", secret), folders))
    assert "the portal's account nobody cannot read" in seen["provider region, our secret"].found


def test_the_secrets_of_services(config: Config, folders: Folders, secret: Path) -> None:
    redirect = ("https://zulip.example/complete/oidc/",)
    services = {
        "zulip": SsoSection(name="Zulip", redirect_uris=redirect, secret_file=str(secret)),
        "app": SsoSection(name="App", redirect_uris=redirect, public=True),
    }
    known = replace(config, sso=services)
    assert list(found(openid_diagnosis.services(known, folders))) == ["service zulip, its secret"]
    secret.chmod(0o640)
    assert found(openid_diagnosis.services(known, folders))["service zulip, its secret"].verdict == "good"
    secret.chmod(0o620)
    assert found(openid_diagnosis.services(known, folders))["service zulip, its secret"].verdict == "bad"
