"""A region and a broker that the site knows, each a provider of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from federation import make_keys
from openid import CLIENT_ID, SECRET, Authority, provider_at_work

from samtale.config_sections import BrokerSection, OidcSection
from samtale.oidc import discovery
from samtale.oidc.conf import ClientSettings, ProviderSettings
from samtale_testidp.answers import Keys

REGION = "29190925"


@pytest.fixture(scope="session")
def openid_keys() -> Keys:
    return make_keys("openid")


@pytest.fixture
def region(db: None, settings: Any, tmp_path: Path, openid_keys: Keys) -> Iterator[Authority]:
    with provider_at_work("region", openid_keys) as authority:
        secret = tmp_path / "secret"
        secret.write_text(f"{SECRET}\n", encoding="utf-8")
        section = OidcSection(
            name="Region Midtjylland",
            issuer=authority.provider.issuer,
            client_id=CLIENT_ID,
            secret_file=str(secret),
            cvr=(REGION,),
        )
        _know(settings, "region", section, secret)
        settings.CONFIG = replace(settings.CONFIG, oidc={"region": section}, oiosaml={})
        yield authority


@pytest.fixture
def broker(db: None, settings: Any, tmp_path: Path, openid_keys: Keys) -> Iterator[Authority]:
    with provider_at_work("os2", openid_keys) as authority:
        secret = tmp_path / "secret"
        secret.write_text(SECRET, encoding="utf-8")
        section = BrokerSection(
            name="din kommune",
            issuer=authority.provider.issuer,
            client_id=CLIENT_ID,
            secret_file=str(secret),
            cvr=("55133018", "41849983"),
        )
        _know(settings, "os2", section, secret)
        fka = replace(settings.CONFIG.fka, entity_id=settings.CONFIG.public_url)
        settings.CONFIG = replace(settings.CONFIG, broker={"os2": section}, oidc={}, oiosaml={}, fka=fka)
        yield authority


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "da"})


def _know(settings: Any, slug: str, section: OidcSection | BrokerSection, secret: Path) -> None:
    discovery.forget()
    provider = ProviderSettings(section.issuer, section.client_id, secret, section.scopes)
    settings.OIDC = ClientSettings(settings.CONFIG.public_url, {slug: provider})
